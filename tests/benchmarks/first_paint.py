"""First paint with cached threads beside an empty PySide6 window, fresh processes in turn.

python -m tests.benchmarks.first_paint [--full]
"""

import argparse
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from tests.benchmarks.filled import fill
from tests.benchmarks.processes import fresh, verdict

TARGET = 1.35
EMPTY = """
from PySide6.QtWidgets import QApplication, QWidget
class Window(QWidget):
    def paintEvent(self, event):
        app.quit()
app = QApplication([])
window = Window()
window.resize(380, 1100)
window.show()
app.exec()
"""
OURS = """
import os, sys
os.environ["RACKSIDE_HOME"] = sys.argv[1]
from pathlib import Path
from PySide6.QtWidgets import QApplication
from rackside.app import Desktop
app = QApplication([])
desktop = Desktop(Path(sys.argv[1]), app, live=False)
desktop.window.first_painted.connect(app.quit)
desktop.window.show()
app.exec()
os._exit(0)  # what is measured is the way to the first paint, not the way out
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--full", action="store_true")
    runs, threads = (15, 10_000) if parser.parse_args().full else (5, 500)
    with TemporaryDirectory() as home:
        fill(Path(home), threads)
        fresh(EMPTY)
        fresh(OURS, home)
        empty, ours = [], []
        for _ in range(runs):
            empty.append(fresh(EMPTY))
            ours.append(fresh(OURS, home))
    for name, place in (("CPU", 0), ("wall", 1)):
        mine, peer = median(each[place] for each in ours), median(each[place] for each in empty)
        print(f"{name}: {1000 * mine:.0f} ms, empty window {1000 * peer:.0f} ms, {threads:,} threads cached")
        print(verdict(f"first paint / empty window, {name}", mine / peer, TARGET))


if __name__ == "__main__":
    main()
