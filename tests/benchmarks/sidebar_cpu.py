"""CPU of the sidebar at 1 Hz with its cards and top processes, and hidden, beside glances.

python -m tests.benchmarks.sidebar_cpu [--full] [--watched 50]

With `--watched`, so many machines are checked every minute too, half by ping and half by a web page, beside the tiles
without their details; the limit is then 0.25 of glances.
"""

import argparse
import sys
import threading
from http.server import ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from rackside.store import Store, checks
from rackside.store.checks import Watched
from rackside.watch.checks.check import Check
from rackside.watch.checks.http import Http
from rackside.watch.checks.ping import Ping
from tests.benchmarks.checks import HOST, Page
from tests.benchmarks.filled import fill
from tests.benchmarks.processes import running, verdict

VISIBLE_TARGET, HIDDEN_TARGET, WATCHED_TARGET = 0.15, 0.02, 0.25
FIRST_S = 100.0
"""By then the first inventory is taken and the package manager was asked for updates, which comes four times a day."""
SIDEBAR = """
import os, sys
os.environ["RACKSIDE_HOME"] = sys.argv[1]
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QPushButton
from rackside.app import Desktop
app = QApplication([])
desktop = Desktop(Path(sys.argv[1]), app)
desktop.window.show()
def details():
    for button in desktop.window.findChildren(QPushButton):
        if button.text() == "Details":
            button.click()
shown = {"visible": details, "watched": lambda: None, "hidden": desktop.window.hide}
QTimer.singleShot(1500, shown[sys.argv[2]])
app.exec()
"""


def watch(home: Path, machines: int) -> None:
    """Have machines watched, on this one: half by ping, half by a page of a server that this starts."""
    server = ThreadingHTTPServer((HOST, 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    kinds: list[Check] = [Ping(host=HOST), Http(url=f"http://{HOST}:{server.server_port}/", keyword="well")]
    with Store.open(home) as store:
        for number in range(machines):
            body = msgspec.Raw(msgspec.json.encode(kinds[number % len(kinds)]))
            checks.watch(store, Watched(label=f"check {number:03}", check=body, host=f"machine {number:03}"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--watched", type=int, default=0)
    chosen = parser.parse_args()
    warm_up_s, measured_s = (8.0, 60.0) if chosen.full else (6.0, 10.0)
    glances = f"stty cols 140 rows 50; exec {Path(sys.executable).with_name('glances')} --time 1 --disable-check-update"
    peer = running(["script", "-qfc", glances, "/dev/null"], warm_up_s=warm_up_s, measured_s=measured_s)
    print(f"glances in a terminal of 140 x 50 at 1 Hz: {peer:.2f} % of a core")
    with TemporaryDirectory() as home:
        fill(Path(home), 2_000)
        states = [("visible", VISIBLE_TARGET), ("hidden", HIDDEN_TARGET)]
        if chosen.watched:
            watch(Path(home), chosen.watched)
            states = [("watched", WATCHED_TARGET)]
        for state, target in states:
            command = [sys.executable, "-c", SIDEBAR, home, state]
            ours = running(command, warm_up_s=FIRST_S if chosen.watched else warm_up_s, measured_s=measured_s)
            print(f"{state}: {ours:.2f} % of a core")
            print(verdict(f"sidebar {state} / glances", ours / peer, target))


if __name__ == "__main__":
    main()
