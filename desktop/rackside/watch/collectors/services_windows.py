"""Windows' services: which of those that start by themselves ended with an error.

Written by the documentation of `sc query` and of psutil, and never run on Windows: only the reading of what they say is
tested. What stops without an error, as services with a trigger do, is none of it.
"""

import os
from collections.abc import Iterator
from typing import Final

from rackside.watch import programs
from rackside.watch.model import Reading
from rackside.watch.proc import printable

NAME = "Windows services"
EVERY_S = 60.0
TIMEOUT_S: Final = 20.0
MOST_SERVICES: Final = 500
MOST_BYTES: Final = 1_000_000
COMMAND: Final = ["sc.exe", "query", "type=", "service", "state=", "inactive", "bufsize=", "262144"]
SERVICE, EXIT_CODE, OWN_EXIT_CODE = 0, 4, 5
"""Lines of a service: SERVICE_NAME, DISPLAY_NAME, TYPE, STATE with a line of its own below, then the exit codes. Their
names are in the language of Windows."""
NEVER_STARTED: Final = 1_077
"""ERROR_SERVICE_NEVER_STARTED; after 1066 the service's own code tells."""
AUTOMATIC: Final = "automatic"


class Collector:
    """A service is told while it is in trouble and, as 0, from then on, so that its alert can clear."""

    def __init__(self) -> None:
        self._troubled: dict[str, None] = {}

    def read(self, now_s: float) -> list[Reading]:
        """Look once."""
        del now_s
        if os.name != "nt":
            return []
        said = programs.ask(COMMAND, within_s=TIMEOUT_S, most_bytes=MOST_BYTES)
        if said is None or said.code:
            raise OSError("sc.exe does not tell which services run")
        return self.told({name for name in ended_badly(said.output.decode("oem", "replace")) if _is_automatic(name)})

    def told(self, failed: set[str]) -> list[Reading]:
        """Return the readings of the services that failed now, and of those that did before."""
        self._troubled |= dict.fromkeys(sorted(failed))
        for name in list(self._troubled)[:-MOST_SERVICES]:
            del self._troubled[name]
        return [
            Reading("service.failed", float(name in failed), "", printable(name), "service") for name in self._troubled
        ]


def ended_badly(said: str) -> Iterator[str]:
    """Yield the services that ended with an error, of what `sc query` prints of those that do not run."""
    for block in said.replace("\r\n", "\n").split("\n\n"):
        lines = [line for line in block.splitlines() if ":" in line]
        values = [line.partition(":")[2].strip() for line in lines]
        if len(values) > OWN_EXIT_CODE and _number(values[EXIT_CODE]) not in {0, NEVER_STARTED}:
            yield values[SERVICE]


def _number(value: str) -> int:
    """Return the number that a value begins with: `1067  (0x42b)`; 0 for what is none."""
    first = value.split(maxsplit=1)[0] if value else ""
    return int(first) if first.isascii() and first.isdigit() else 0


def _is_automatic(name: str) -> bool:
    import psutil

    try:
        return bool(psutil.win_service_get(name).start_type() == AUTOMATIC)  # type: ignore[attr-defined] # on Windows
    except psutil.Error:
        return False
