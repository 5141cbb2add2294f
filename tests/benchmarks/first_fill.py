"""First fill of a console, and 1,000 changes: our server and store with search, beside PouchDB replicating the same.

python -m tests.benchmarks.first_fill            5,000 documents
python -m tests.benchmarks.first_fill --full     100,000 documents

PouchDB and express-pouchdb are installed by npm into a temporary folder; where that fails, only our own figures and the
limit are printed: the rows of the filled mirror, read already, put into the same tables by one executemany each.
PouchDB builds no index to search by, and we do.
"""

import argparse
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import psutil

from rackside.store import Store, mirror
from rackside.store.database import writing
from rackside.store.rows import read
from rackside.store.schema import SEARCHED
from rackside_protocol.sync import MAX_ROWS, ChannelPage, Cursor, Row
from tests.benchmarks.processes import ROOT, verdict
from tests.benchmarks.replicated import GROUP, make
from tests.benchmarks.wire import Wire
from tests.faults.server import RealServer

COUNT, FULL_COUNT, CHANGES = 5_000, 100_000, 1_000
NODE = Path(__file__).parent / "pouchdb"
OURS = """
import sys
from pathlib import Path
from rackside.store import Store
from rackside.sync import engine
from rackside.sync.http import Client
with Store.open(Path(sys.argv[1])) as store:
    print(engine.sync(store, Client(sys.argv[2], sys.argv[3])).rows)
"""
TARGETS = {"wall time": 1 / 5, "client CPU": 1 / 5, "server CPU": 1 / 25, "bytes on the wire": 0.5}


@dataclass(frozen=True)
class Cost:
    """What a replication took."""

    wall_s: float
    client_s: float
    server_s: float
    wire_bytes: int

    def parts(self) -> dict[str, float]:
        """Return each figure by its name."""
        figures = (self.wall_s, self.client_s, self.server_s, float(self.wire_bytes))
        return dict(zip(TARGETS, figures, strict=True))


def replicate(client: list[str], server: int, wire: Wire, rows: int) -> Cost:
    """Run a client that prints how many rows it got, at least so many."""
    carried, server_s, began = wire.carried, _cpu_s(server), time.perf_counter()
    process = subprocess.Popen(client, cwd=ROOT, stdout=subprocess.PIPE)
    assert process.stdout is not None
    got = int(process.stdout.read())
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall_s = time.perf_counter() - began
    assert process.returncode == 0
    assert got >= rows, (got, rows)
    return Cost(wall_s, used.ru_utime + used.ru_stime, _cpu_s(server) - server_s, wire.carried - carried)


def _cpu_s(server: int) -> float:
    root = psutil.Process(server)
    times = [each.cpu_times() for each in (root, *root.children(recursive=True))]
    return sum(each.user + each.system for each in times)


def ours(place: Path, documents: Path, changes: Path, count: int) -> tuple[Cost, Cost]:
    """Fill a console from a real server, then sync changes."""
    publish = [sys.executable, "-m", "tests.benchmarks.replicated", str(place / "server")]
    (place / "server").mkdir()
    server = RealServer(place / "server", demo=False)
    subprocess.run([*publish, str(documents)], check=True, cwd=ROOT)
    with server, Wire(server.port) as wire:
        assert server._process is not None
        url = f"http://127.0.0.1:{wire.port}"
        client = [sys.executable, "-c", OURS, str(place / "console"), url, server.token]
        first = replicate(client, server._process.pid, wire, count)
        subprocess.run([*publish, str(changes)], check=True, cwd=ROOT)
        return first, replicate(client, server._process.pid, wire, CHANGES)


def pouchdb(place: Path, documents: Path, changes: Path, count: int) -> tuple[Cost, Cost] | None:
    """Replicate the same by PouchDB; None where it cannot be installed."""
    node = place / "node"
    shutil.copytree(NODE, node)
    npm = shutil.which("npm")
    install = [str(npm), "install", "--no-audit", "--no-fund", "--silent"]
    if npm is None or subprocess.run(install, cwd=node, check=False, stdout=subprocess.DEVNULL).returncode:
        return None
    with _pouchdb_server(node, documents) as (server, port), Wire(port) as wire:
        client = ["node", str(node / "client.js"), f"http://127.0.0.1:{wire.port}/documents", str(place / "pouch")]
        first = replicate(client, server.pid, wire, count)
        _say(server, f"{changes}\n")
        return first, replicate(client, server.pid, wire, CHANGES)


@contextmanager
def _pouchdb_server(node: Path, documents: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    (node / "data").mkdir()
    command = ["node", str(node / "server.js"), str(node / "data"), str(documents), str(port)]
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        _say(server, "")
        yield server, port
    finally:
        server.kill()
        server.wait()


def _say(server: subprocess.Popen[bytes], line: str) -> None:
    """Tell the server of documents to write, and wait until it has."""
    assert server.stdin is not None
    assert server.stdout is not None
    server.stdin.write(line.encode())
    server.stdin.flush()
    assert server.stdout.readline(), "PouchDB's server ended"


def unchanged(home: Path) -> tuple[float, float, float]:
    """Return the CPU seconds of applying every page of the group once more, in three ways.

    The first is an answer that comes twice: its pages do not follow on the cursor and are passed over. Then as if they
    did follow, so that each row is looked up and left alone, since it is held as new; and then every row one version
    newer, so that all are written again.
    """
    with Store.open(home) as store:
        at = next(each for each in mirror.cursors(store) if each.channel == f"group:{GROUP}")
        return (
            _apply_again(store, at, asked=Cursor(channel=at.channel)),
            _apply_again(store, at, asked=at),
            _apply_again(store, at, asked=at, newer=1),
        )


def _apply_again(store: Store, at: Cursor, *, asked: Cursor, newer: int = 0) -> float:
    statement = "SELECT id, kind, d.version, payload FROM documents AS d JOIN channels USING (channel) WHERE name = ?"
    held = store.cache.execute(f"{statement} ORDER BY d.version", (at.channel,)).fetchall()
    rows = [
        Row(version=row["version"] + newer, id=row["id"].hex(), kind=row["kind"], document=msgspec.Raw(row["payload"]))
        for row in held
    ]
    whole = ChannelPage(
        channel=at.channel, state="rows", epoch=at.epoch, next=at.version, tag=at.tag, floor=at.floor, more=True
    )
    starts = range(0, len(rows), MAX_ROWS)
    pages = [msgspec.structs.replace(whole, rows=rows[start : start + MAX_ROWS]) for start in starts]
    began = time.process_time()
    for page in pages:
        mirror.apply_pages(store, [page], [asked])
    return time.process_time() - began


def limit(home: Path, empty: Path) -> float:
    """Return the CPU seconds of putting a mirror's rows and words into the same empty tables, and of nothing else."""
    with Store.open(home) as store:
        rows = [tuple(row) for row in store.cache.execute("SELECT * FROM documents")]
        named = store.cache.execute("SELECT doc, kind, payload FROM documents").fetchall()
    texts = {
        kind: [
            (row["doc"], *document.words) for row in named if row["kind"] == kind and (document := read(row["payload"]))
        ]
        for kind in SEARCHED
    }
    with Store.open(empty) as store:
        began = time.process_time()
        with writing(store.cache) as cache:
            cache.executemany(f"INSERT INTO documents VALUES ({', '.join('?' * len(rows[0]))})", rows)  # noqa: S608 - marks
            for kind, words in texts.items():
                cache.executemany(
                    f"INSERT INTO words_{kind} (rowid, title, body, tags) VALUES (?, ?, ?, ?)",  # noqa: S608 - our kinds
                    words,
                )
        return time.process_time() - began


def _size(path: Path) -> int:
    return sum(each.stat().st_size for each in ([path] if path.is_file() else path.rglob("*")) if each.is_file())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--full", action="store_true")
    count = FULL_COUNT if parser.parse_args().full else COUNT
    with TemporaryDirectory() as folder:
        place = Path(folder)
        documents, changes = place / "documents", place / "changes"
        make(documents, count)
        make(changes, CHANGES, seed=2)
        mine, theirs = ours(place, documents, changes, count), pouchdb(place, documents, changes, count)
        for index, name in enumerate((f"first fill of {count:,}", f"{CHANGES:,} changes")):
            _print(name, mine[index], theirs[index] if theirs else None, judged=index == 0)
        home = place / "console"
        if theirs:
            size, other = _size(home / "cache.db"), _size(place / "pouch")
            print(f"bytes on disk with the index to search by / PouchDB's without one: {size / other:.2f}", end=" ")
            print(
                f"({size / 2**20:.1f} / {other / 2**20:.1f} MiB; the documents as JSON {_size(documents) / 2**20:.1f})"
            )
        least = limit(home, place / "empty")
        print(f"the limit: the same rows and words into the same tables, {least:.2f} s CPU; ours, with an HTTP client,")
        print(f"JSON, digests and Python's start, {mine[0].client_s:.2f} s: {mine[0].client_s / least:.2f} times")
        repeated, held, written = unchanged(home)
        print(
            verdict(f"an answer that comes again / writing it again ({written:.2f} s CPU)", repeated / written, 1 / 20)
        )
        print(f"its rows looked up one by one, without the cursor that passes them over: {held / written:.2f}")


def _print(name: str, cost: Cost, other: Cost | None, *, judged: bool) -> None:
    """Print each figure beside PouchDB's; the targets are the first fill's."""
    for part, target in TARGETS.items():
        mine = cost.parts()[part]
        shown = f"{name}, {part} ({mine / 2**20:.2f} MiB)" if "bytes" in part else f"{name}, {part} ({mine:.2f} s)"
        if other is None:
            print(shown)
        elif judged:
            print(verdict(f"{shown} / PouchDB", mine / other.parts()[part], target))
        else:
            print(f"{f'{shown} / PouchDB':<58} {mine / other.parts()[part]:6.2f}")


if __name__ == "__main__":
    main()
