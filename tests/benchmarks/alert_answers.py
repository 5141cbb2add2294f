"""From the click on a stock alert in the sidebar to its answers on the page, in the demo community, the server stopped.

    python -m tests.benchmarks.alert_answers

Beside it, in the same run, the limit: 100 ms, within which what happens seems to be one's own doing (Nielsen, 1993,
"Usability Engineering", §5.5).
"""

import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from PySide6.QtWidgets import QApplication, QLabel, QWidget

from rackside import demo
from rackside.app import Desktop
from rackside.kit import signals
from rackside.kit.stream import Stream
from rackside.store import local
from rackside.store.ranked import index_some
from rackside.watch.model import Alert
from rackside_protocol.answers import ALERT_KINDS

LIMIT_MS = 100.0
WAIT_S = 10.0


def main() -> None:
    """Print the figures."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    with TemporaryDirectory() as home:
        os.environ["RACKSIDE_HOME"] = home
        times = measured(Path(home))
    first, rest = times[0], sorted(times[1:])
    print(f"first click of the process: {first:.0f} ms, {first / LIMIT_MS:.2f} of the limit")
    print(
        f"the {len(rest)} after it: median {median(rest):.0f} ms, {median(rest) / LIMIT_MS:.2f} of the limit;", end=" "
    )
    print(f"slowest {rest[-1]:.0f} ms, {rest[-1] / LIMIT_MS:.2f}")


def measured(home: Path) -> list[float]:
    """Return the milliseconds from the click to rows on the screen, of each kind of alert in turn."""
    demo.fill(home)
    app = QApplication([])
    desktop = Desktop(home, app, live=False)
    while index_some(desktop.store):  # as the sync thread does after it has filled the mirror
        pass
    desktop.window.show()
    desktop.window.sidebar.build_late()
    times = []
    for kind in sorted(ALERT_KINDS):
        now_s = time.time()
        alert = Alert(kind, kind, "", "warning", f"Something is wrong: {kind}", f"{kind}//", kind, 1.0, now_s)
        local.put_alert(desktop.store, alert)
        signals.announce(frozenset({"alerts"}))
        _wait(app, lambda summary=alert.summary: shown(desktop.window.sidebar, summary))
        began = time.perf_counter()
        desktop.window.open_link(f"answers:{kind}")
        _wait(app, lambda: any(each.count() and each.isVisible() for each in desktop.window.pane.findChildren(Stream)))
        desktop.window.repaint()
        times.append((time.perf_counter() - began) * 1_000)
        local.put_alert(desktop.store, replace(alert, cleared_at_s=now_s))
    desktop.close()
    return times


def shown(widget: QWidget, text: str) -> bool:
    """Say whether a text stands on a widget."""
    return any(each.text() == text for each in widget.findChildren(QLabel))


def _wait(app: QApplication, is_so: Callable[[], bool]) -> None:
    until = time.perf_counter() + WAIT_S
    while not is_so():
        app.processEvents()
        if time.perf_counter() > until:
            raise SystemExit("Nothing came.")


if __name__ == "__main__":
    main()
