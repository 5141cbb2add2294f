"""Many processes write into the same channels while others read them: no version is skipped, no action lost or doubled.

python -m tests.postgres.writers          4 writers of 500 actions each, and the twin
python -m tests.postgres.writers --full   16 writers, 100,000 actions; the figures go into docs/postgres.md
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

from tests.postgres.cluster import Cluster
from tests.postgres.people import SLUG
from tests.postgres.report import write_section
from tests.postgres.servers import ROOT, environment, populate
from tests.postgres.writer import SEQUENCE

READERS: Final = 2
BATCH: Final = 20
LONGEST_S: Final = 3_600
ROWS: Final = "SELECT name, object_id, version FROM feed_feedrow JOIN feed_channel ON feed_channel.id = channel_id"
COUNTS: Final = """
    SELECT (SELECT count(*) FROM feed_receivedaction), (SELECT count(*) FROM feed_feedrow WHERE kind = 'thread')
"""
TABLES: Final = ("feed_feedrow", "feed_versiontag", "feed_receivedaction")
SIZES: Final = " UNION ALL ".join(f"SELECT pg_total_relation_size('{table}')" for table in TABLES)
WAL: Final = "SELECT pg_current_wal_lsn() - '0/0'"
HOLES: Final = """
    SELECT count(*) FROM feed_channel JOIN (
        SELECT channel_id, count(*) AS number, min(version) AS first, max(version) AS last
        FROM feed_versiontag GROUP BY channel_id) AS tags ON tags.channel_id = feed_channel.id
    WHERE last <> head OR number <> last - first + 1
"""


@dataclass
class Run:
    """What came of one run."""

    actions: int
    took_s: float = 0.0
    writers_cpu_s: float = 0.0
    postgres_cpu_s: float = 0.0
    deadlocks: int = 0
    pulls: int = 0
    carried_out: int = 0
    written: int = 0
    channels_with_holes: int = 0
    sizes: dict[str, float] = field(default_factory=dict)
    """Bytes an action, with indexes, by table; `wal` is what went to the log, with what members and tables took."""
    missed: list[str] = field(default_factory=list)
    """Rows that a reader, which was past their version, does not hold."""


def run(cluster: Cluster, folder: Path, *, writers: int, actions: int, groups: int, twin: bool = False) -> Run:
    """Let them write and read, on a database that is empty; count what went wrong."""
    members = [each["id"] for each in populate(folder, cluster.url, groups, writers)]
    before = _counts(cluster)
    if twin:
        _number_by_sequences(cluster, groups)
    each = actions // writers
    done = Run(each * writers)
    with ExitStack() as stack:
        readers = [stack.enter_context(_start(folder, cluster, "reader", members[n])) for n in range(READERS)]
        words = [str(each), str(BATCH), str(groups), *(["twin"] if twin else [])]
        processes = [stack.enter_context(_start(folder, cluster, "writer", member, *words)) for member in members]
        for process in (*readers, *processes):
            assert _out(process).readline() == "ready\n"
        sizes, wal = cluster.sql(SIZES), cluster.sql(WAL)
        idle_s, began_s = cluster.cpu_s(), time.monotonic()
        for process in processes:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        done.writers_cpu_s = sum(json.loads(_result(process)) for process in processes)
        done.took_s, done.postgres_cpu_s = time.monotonic() - began_s, cluster.cpu_s() - idle_s
        held = [json.loads(_result(reader)) for reader in readers]
    grown = [int(now) - int(then) for now, then in zip(cluster.sql(SIZES), sizes, strict=True)]
    done.sizes = dict(zip(TABLES, (each / done.actions for each in grown), strict=True))
    done.sizes["wal"] = (float(cluster.sql(WAL)[0]) - float(wal[0])) / done.actions
    after = _counts(cluster)
    done.carried_out, done.written = (now - then for now, then in zip(after, before, strict=True))
    done.deadlocks = int(cluster.sql("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")[0])
    done.channels_with_holes = int(cluster.sql(HOLES)[0])
    done.pulls = sum(reader["pulls"] for reader in held)
    done.missed = [f"{name} {line}" for reader in held for name, line in _missed(cluster, reader["objects"])]
    return done


def _number_by_sequences(cluster: Cluster, groups: int) -> None:
    """Make what the twin takes its versions from."""
    for number in range(groups):
        name = f"group:{SLUG.format(number)}"
        cluster.sql(f"INSERT INTO feed_channel (name, epoch, head, floor, digest) VALUES ('{name}', 'twin', 0, 0, 0)")  # noqa: S608 - our own name
    for line in cluster.sql("SELECT id, head FROM feed_channel"):
        pk, _, head = line.partition("|")
        cluster.sql(f"CREATE SEQUENCE {SEQUENCE.format(pk)} START {int(head) + 1}")


def _missed(cluster: Cluster, held: dict[str, dict[str, int]]) -> list[tuple[str, str]]:
    """Return what is in the channels that a reader holds, and not with it, or in another version."""
    there: dict[str, dict[str, int]] = defaultdict(dict)
    for line in cluster.sql(ROWS):
        name, object_id, version = line.split("|")
        there[name][object_id] = int(version)
    return [
        (name, f"{object_id} at {version}")
        for name, mine in held.items()
        for object_id, version in there[name].items()
        if mine.get(object_id) != version
    ]


def _counts(cluster: Cluster) -> tuple[int, int]:
    """Return how many actions were carried out, and how many documents they made."""
    counts = cluster.sql(COUNTS)
    received, documents = counts[0].split("|")
    return int(received), int(documents)


def _start(folder: Path, cluster: Cluster, module: str, *words: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", f"tests.postgres.{module}", *words],
        cwd=ROOT, env=environment(folder, cluster.url), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def _out(process: "subprocess.Popen[str]") -> IO[str]:
    assert process.stdout is not None
    return process.stdout


def _result(process: "subprocess.Popen[str]") -> str:
    said, _ = process.communicate(timeout=LONGEST_S)
    assert process.returncode == 0
    return said.splitlines()[-1]


def _print(name: str, done: Run, writers: int) -> str:
    each_ms = 1_000 / done.actions
    text = (
        f"{name}: {writers} writers, {done.actions:,} actions, "
        f"{done.carried_out:,} carried out, {done.written:,} documents\n"
        f"  {done.actions / done.took_s:,.0f} actions/s; CPU an action: {done.writers_cpu_s * each_ms:.2f} ms in the "
        f"writers, {done.postgres_cpu_s * each_ms:.2f} ms in PostgreSQL, on {os.cpu_count()} shared cores\n"
        f"  {READERS} readers pulled {done.pulls:,} times and miss {len(done.missed):,} rows; channels with holes: "
        f"{done.channels_with_holes}; deadlocks: {done.deadlocks}\n"
        f"  bytes an action, indexes included: {', '.join(f'{name} {size:,.0f}' for name, size in done.sizes.items())}"
    )
    print(text)  # noqa: T201 - a command
    return text


def main() -> None:
    """Run it and its twin."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--full", action="store_true")
    full = parser.parse_args().full
    writers, actions, groups = (16, 100_000, 16) if full else (4, 2_000, 4)
    texts = []
    for twin, number in ((False, actions), (True, min(actions, 2_000))):
        with tempfile.TemporaryDirectory() as folder, Cluster() as cluster:
            done = run(
                cluster.create(), Path(folder) / "data", writers=writers, actions=number, groups=groups, twin=twin
            )
            texts.append(_print("versions from a sequence (the unsafe twin)" if twin else "ours", done, writers))
    if full:
        write_section("Writers", "python -m tests.postgres.writers --full", texts)


if __name__ == "__main__":
    main()
