"""100,000 threads in a list: the first view beside QListView with uniform sizes, and the CPU of a frame.

python -m tests.benchmarks.long_list [--full]
"""

import argparse
import os
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QStringListModel
from PySide6.QtWidgets import QApplication, QListView, QScrollArea, QWidget

from rackside.kit import theme
from rackside.kit.stream import QuerySource, Stream
from rackside.store import Store, documents
from rackside.threads.data import load_rows
from rackside.threads.panel_list import shown
from tests.benchmarks.filled import fill
from tests.benchmarks.processes import verdict

FIRST_VIEW_TARGET, FRAME_TARGET_MS = 0.25, 16.7
SIZE = (380, 900)
FRAMES = 400
WHEEL_PX = 120


def first_view(app: QApplication, view: QWidget, fill_it: Callable[[], object]) -> float:
    """Fill a view and show it for the first time; return the CPU seconds until it is painted."""
    began = time.process_time()
    fill_it()
    view.resize(*SIZE)
    view.show()
    app.processEvents()
    view.grab()
    return time.process_time() - began


def scrolled(app: QApplication, area: QScrollArea, step_px: int) -> list[float]:
    """Scroll by steps from the top; return the CPU milliseconds of each frame."""
    bar = area.verticalScrollBar()
    frames = []
    for frame in range(FRAMES):
        began = time.process_time()
        bar.setValue(frame * step_px % max(1, bar.maximum()))
        app.processEvents()
        area.grab()
        frames.append(1000 * (time.process_time() - began))
    return frames


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--full", action="store_true")
    threads, runs = (100_000, 7) if parser.parse_args().full else (5_000, 3)
    app = QApplication([])
    theme.apply("dark")
    with TemporaryDirectory() as home:
        fill(Path(home), threads)
        with Store.open(Path(home)) as store:
            titles = [f"Volume {number} fills with logs although rotation is on" for number in range(threads)]
            ours, peer = [], []
            for _ in range(runs):
                area, stream = an_area()
                ours.append(first_view(app, area, lambda stream=stream: show(stream, store)))
                listed = QListView()
                listed.setUniformItemSizes(True)
                peer.append(
                    first_view(app, listed, lambda listed=listed: listed.setModel(QStringListModel(titles, listed)))
                )
            steps = {"wheel": WHEEL_PX, "page": SIZE[1], "jump": 7_919 * 40}
            worst = {name: quantiles(scrolled(app, area, step), n=100)[98] for name, step in steps.items()}
    print(
        f"{threads:,} threads: first view {1000 * median(ours):.1f} ms, QListView {1000 * median(peer):.1f} ms of CPU"
    )
    print(verdict("first view / QListView with uniform sizes", median(ours) / median(peer), FIRST_VIEW_TARGET))
    for name, p99_ms in worst.items():
        print(verdict(f"p99 of a frame, by {name}: {p99_ms:.1f} ms / 16.7 ms", p99_ms / FRAME_TARGET_MS, 1.0))


def an_area() -> tuple[QScrollArea, Stream]:
    stream = Stream("Questions")
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setWidget(stream)
    return area, stream


def show(stream: Stream, store: Store) -> None:
    stream.show_source(
        QuerySource(
            lambda: documents.count_threads(store, "newest", me=""),
            lambda offset, limit: [shown(each) for each in load_rows(store, "", "newest", offset=offset, limit=limit)],
        )
    )


if __name__ == "__main__":
    main()
