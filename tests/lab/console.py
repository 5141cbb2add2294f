"""The real watch on a home of its own; it prints once a second what it sees, as a line of JSON."""

import json
import sys
import time
from pathlib import Path

from rackside.watch.loop import Watch


def main(home: Path) -> None:
    """Watch until it is killed."""
    watch = Watch(home, lambda: None, lambda _topics: None)
    watch.start()
    while True:
        time.sleep(1)
        seen = watch.snapshot
        line = {
            "at_s": time.time(),
            "stands": {label: [each.state, each.said] for label, each in seen.stands.items()},
            "alerts": [[each.kind, each.component, each.severity] for each in seen.alerts],
            "ms": {each.component: each.value for each in seen.readings.values() if each.metric.endswith(".ms")},
        }
        print(json.dumps(line), flush=True)  # noqa: T201 - it speaks to the lab


if __name__ == "__main__":
    main(Path(sys.argv[1]))
