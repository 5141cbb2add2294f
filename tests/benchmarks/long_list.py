"""100,000 threads in a list: the first view beside QListView with uniform sizes, and the CPU of a frame.

python -m tests.benchmarks.long_list [--full]
"""

import argparse
import os
import time
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


def first_view(app: QApplication, view: QWidget) -> float:
    """Show a view for the first time; return the CPU seconds until it is painted."""
    began = time.process_time()
    view.resize(*SIZE)
    view.show()
    app.processEvents()
    view.grab()
    return time.process_time() - began


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
                ours.append(first_view(app, area) + filled_s(stream, store))
                listed = QListView()
                listed.setUniformItemSizes(True)
                listed.setModel(QStringListModel(titles))
                peer.append(first_view(app, listed))
            bar = area.verticalScrollBar()
            frames = []
            for frame in range(FRAMES):
                began = time.process_time()
                bar.setValue((frame * 7_919 * 40) % max(1, bar.maximum()))
                app.processEvents()
                area.grab()
                frames.append(1000 * (time.process_time() - began))
    print(
        f"{threads:,} threads: first view {1000 * median(ours):.1f} ms, QListView {1000 * median(peer):.1f} ms of CPU"
    )
    print(verdict("first view / QListView with uniform sizes", median(ours) / median(peer), FIRST_VIEW_TARGET))
    p99 = quantiles(frames, n=100)[98]
    print(verdict(f"frame while jumping through the list, p99 {p99:.1f} ms / 16.7 ms", p99 / FRAME_TARGET_MS, 1.0))


def an_area() -> tuple[QScrollArea, Stream]:
    stream = Stream("Questions")
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setWidget(stream)
    return area, stream


def filled_s(stream: Stream, store: Store) -> float:
    """Give the list its source; return the CPU seconds."""
    began = time.process_time()
    stream.show_source(
        QuerySource(
            lambda: documents.count_threads(store, "newest", me=""),
            lambda offset, limit: [shown(each) for each in load_rows(store, "", "newest", offset=offset, limit=limit)],
        )
    )
    stream.grab(stream.visibleRegion().boundingRect())
    return time.process_time() - began


if __name__ == "__main__":
    main()
