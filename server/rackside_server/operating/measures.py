"""What the processes of this server count, in the format of Prometheus.

With `PROMETHEUS_MULTIPROC_DIR` in the environment, which `rackside-server serve` sets, every process keeps its figures
in files of that folder, so that any of them, and `rackside-server status`, reads the figures of all.
"""

import logging
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram, values
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

FOLDER_VARIABLE: Final = "PROMETHEUS_MULTIPROC_DIR"
SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

FIGURES_BYTES: Final = 2**20
"""Some 7,000 figures of one kind, in one process."""


class _Allocated(values.MmapedDict):  # type: ignore[misc,name-defined] # the library has no types for it
    """A file of figures that has its blocks from the beginning.

    The library makes it sparse, and writing to a hole of a mapped file on a full disk ends the process by SIGBUS.
    """

    def __init__(self, filename: str, read_mode: bool = False) -> None:  # noqa: FBT002 - as the library calls it
        if not read_mode and hasattr(os, "posix_fallocate"):
            with Path(filename).open("ab") as file:
                os.posix_fallocate(file.fileno(), 0, FIGURES_BYTES)
        super().__init__(filename, read_mode)


values.MmapedDict = _Allocated  # type: ignore[attr-defined] # it has no other door

REQUESTS: Final = Counter("rackside_requests", "Requests answered.", ["endpoint", "status"])
REQUEST_S: Final = Histogram("rackside_request_seconds", "Time to answer a request.", ["endpoint"], buckets=SECONDS)
SYNC_S: Final = Histogram(
    "rackside_sync_seconds", "Time of the halves of a sync: up carries actions out, down reads what changed.", ["half"],
    buckets=SECONDS,
)  # fmt: skip
ACTIONS: Final = Counter("rackside_actions", "Actions answered.", ["outcome"])
ROWS: Final = Counter("rackside_rows_sent", "Rows of the feed sent to consoles.")
BYTES: Final = Counter("rackside_sent_bytes", "Bytes of answers' bodies, as compressed.", ["endpoint"])
SLOW: Final = Counter("rackside_slow_statements", "SQL statements over the limit of slowness.", ["statement"])
SLOW_S: Final = Counter("rackside_slow_statement_seconds", "Time spent in slow SQL statements.", ["statement"])
ERRORS: Final = Counter("rackside_errors", "Errors logged.", ["logger"])
WAITING: Final = Gauge("rackside_waiting_consoles", "Consoles waiting at the doorbell.", multiprocess_mode="livesum")
_PID: Final = re.compile(r"gauge_live\w*_(\d+)\.db")


class ErrorCounter(logging.Handler):
    """Counts what is logged as an error or worse, by logger."""

    def emit(self, record: logging.LogRecord) -> None:
        """Count a record."""
        if record.levelno >= logging.ERROR:
            ERRORS.labels(record.name).inc()


@contextmanager
def waiting() -> Iterator[None]:
    """Count a console as waiting within the block."""
    WAITING.inc()
    try:
        yield
    finally:
        WAITING.dec()


def registry_of_all() -> CollectorRegistry:
    """Return the figures of every process of this server, where there are several, else of this one."""
    folder = os.environ.get(FOLDER_VARIABLE)
    return registry_in(Path(folder)) if folder else REGISTRY


def registry_in(folder: Path) -> CollectorRegistry:
    """Return the figures that the processes of a server keep in a folder; a dead one's consoles wait no more."""
    for file in folder.glob("gauge_live*.db"):
        found = _PID.fullmatch(file.name)
        if found and not _lives(int(found[1])):
            mark_process_dead(int(found[1]), str(folder))  # type: ignore[no-untyped-call] # the library's
    registry = CollectorRegistry()
    if folder.is_dir():
        MultiProcessCollector(registry, str(folder))  # type: ignore[no-untyped-call] # the library's
    return registry


def processes(folder: Path | None = None) -> int:
    """Count the living processes that keep figures in a folder; without one, this process."""
    kept = folder or os.environ.get(FOLDER_VARIABLE)
    if kept is None:
        return 1
    pids = {int(file.stem.rpartition("_")[2]) for file in Path(kept).glob("*_*.db")}
    return sum(map(_lives, pids))


def samples(registry: CollectorRegistry, name: str, label: str) -> dict[str, float]:
    """Return a counter's values by one of its labels, the largest first."""
    found: dict[str, float] = {}
    for metric in registry.collect():
        for sample in metric.samples:
            if sample.name == name:
                key = sample.labels.get(label, "")
                found[key] = found.get(key, 0.0) + sample.value
    return dict(sorted(found.items(), key=lambda item: -item[1]))


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
