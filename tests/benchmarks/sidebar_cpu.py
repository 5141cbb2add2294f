"""CPU of the sidebar at 1 Hz with its cards and top processes, and hidden, beside glances.

python -m tests.benchmarks.sidebar_cpu [--full]
"""

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.filled import fill
from tests.benchmarks.processes import running, verdict

VISIBLE_TARGET, HIDDEN_TARGET = 0.15, 0.02
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
QTimer.singleShot(1500, details if sys.argv[2] == "visible" else desktop.window.hide)
app.exec()
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--full", action="store_true")
    warm_up_s, measured_s = (8.0, 60.0) if parser.parse_args().full else (6.0, 10.0)
    glances = f"stty cols 140 rows 50; exec {Path(sys.executable).with_name('glances')} --time 1 --disable-check-update"
    peer = running(["script", "-qfc", glances, "/dev/null"], warm_up_s=warm_up_s, measured_s=measured_s)
    print(f"glances in a terminal of 140 x 50 at 1 Hz: {peer:.2f} % of a core")
    with TemporaryDirectory() as home:
        fill(Path(home), 2_000)
        for state, target in (("visible", VISIBLE_TARGET), ("hidden", HIDDEN_TARGET)):
            command = [sys.executable, "-c", SIDEBAR, home, state]
            ours = running(command, warm_up_s=warm_up_s, measured_s=measured_s)
            print(f"{state}: {ours:.2f} % of a core")
            print(verdict(f"sidebar {state} / glances", ours / peer, target))


if __name__ == "__main__":
    main()
