"""A database server dies while consoles sync: its standby takes over, and nothing that was acknowledged is lost.

python -m tests.postgres.failover          3 failovers with synchronous commit, and the twin
python -m tests.postgres.failover --full   10; the figures go into docs/postgres.md

The primary is killed with all its processes by SIGKILL, the standby promoted, the server's processes are left alone.
The consoles are the desktop's store, engine and client; what they were told is safe they compare with what is there.
"""

import argparse
import os
import signal
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Final

from rackside.store import Store, outbox
from rackside.sync import engine
from rackside.sync.errors import SyncError
from rackside.sync.http import Client
from rackside_protocol.ids import new_id
from rackside_protocol.sync import SyncRequest, SyncResponse
from rackside_protocol.threads import Ask
from tests.postgres.cluster import DATABASE, HOST, LONG_S, USER, Cluster
from tests.postgres.people import SLUG
from tests.postgres.report import write_section
from tests.postgres.servers import Server, populate

CONSOLES: Final = 3
STANDBY: Final = "second"
BEFORE_S, AFTER_S = 2.0, 3.0
AGAIN_AFTER_S: Final = 0.05
"""In place of the seconds that a console waits after a failure, so as to measure the server and not that wait."""
THREADS: Final = "SELECT id FROM threads_thread"


class Noting:
    """A client that notes which actions the server acknowledged, and what went wrong."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self.acknowledged: dict[str, float] = {}
        self.failures: set[str] = set()

    def sync(self, request: SyncRequest) -> SyncResponse:
        """Do one round trip."""
        try:
            answer = self._client.sync(request)
        except SyncError as error:
            self.failures.add(f"{type(error).__name__}: {error}")
            raise
        for outcome in answer.outcomes:
            assert outcome.result != "refused", outcome
            self.acknowledged.setdefault(outcome.id, time.monotonic())
        return answer


class Console(threading.Thread):
    """A desktop that writes and syncs without pause until it is over, and then until all is acknowledged."""

    def __init__(self, home: Path, url: str, token: str) -> None:
        super().__init__(daemon=True)
        home.mkdir()
        self.home = home
        self.client = Client(url, token)
        self.server = Noting(self.client)
        self.written: set[str] = set()
        self.over = threading.Event()

    def run(self) -> None:
        """Write and sync."""
        with Store.open(self.home) as store:
            while not self.over.is_set() or self.written - self.server.acknowledged.keys():
                if not self.over.is_set():
                    self._write(store)
                try:
                    engine.sync(store, self.server)
                except SyncError:
                    time.sleep(AGAIN_AFTER_S)
        self.client.close()

    def _write(self, store: Store) -> None:
        action = Ask(id=new_id(), group=SLUG.format(0), title="A degraded array, once more", body="Words.")
        outbox.put(store, action)
        self.written.add(action.id)


@dataclass
class Failover:
    """What came of one."""

    acknowledged: int = 0
    """Before the kill."""
    lost: int = 0
    """Of those, on the standby when it was promoted."""
    missing: int = 0
    """Of all that was ever acknowledged, at the end."""
    written: int = 0
    doubled: int = 0
    first_s: float = 0.0
    """From the kill to the first acknowledged action."""
    promoted_s: float = 0.0
    failures: set[str] = field(default_factory=set)


def fail_over(folder: Path, *settings: str, lagging: bool = False) -> Failover:
    """Kill a primary under consoles that sync, and promote its standby.

    Args:
        folder: where the server and the consoles keep their data.
        settings: of PostgreSQL.
        lagging: have commits wait for no standby, and the standby receive nothing any more shortly before: the twin.
    """
    with ExitStack() as stack:
        primary = stack.enter_context(Cluster(*settings)).create()
        people = populate(folder / "server", primary.url, 1, CONSOLES)
        standby = stack.enter_context(Cluster(*settings)).follow(primary, STANDBY)
        if not lagging:
            primary.sql(f"ALTER SYSTEM SET synchronous_standby_names = '{STANDBY}'")
            primary.sql("SELECT pg_reload_conf()")
        places = f"{HOST}:{primary.port},{HOST}:{standby.port}"
        database_url = f"postgresql://{USER}@{places}/{DATABASE}?target_session_attrs=read-write"
        server = stack.enter_context(Server(folder / "server", database_url))
        consoles = [Console(folder / f"console-{n}", server.url, each["token"]) for n, each in enumerate(people)]
        for console in consoles:
            console.start()
        _wait_until(lambda: all(console.server.acknowledged for console in consoles))
        time.sleep(BEFORE_S)
        if lagging:
            os.kill(int(primary.sql("SELECT pid FROM pg_stat_replication")[0]), signal.SIGSTOP)
            time.sleep(BEFORE_S)
        return _kill_and_promote(primary, standby, consoles)


def _kill_and_promote(primary: Cluster, standby: Cluster, consoles: list[Console]) -> Failover:
    done = Failover()
    killed_s = time.monotonic()
    primary.kill()
    before = {each for console in consoles for each in list(console.server.acknowledged)}
    standby.promote()
    there = set(standby.sql(THREADS))
    done.promoted_s = time.monotonic() - killed_s
    done.acknowledged, done.lost = len(before), len(before - there)

    def after() -> list[float]:
        times = [moment_s for console in consoles for moment_s in list(console.server.acknowledged.values())]
        return [moment_s - killed_s for moment_s in times if moment_s > killed_s + done.promoted_s / 2]

    _wait_until(lambda: bool(after()))
    done.first_s = min(after())
    time.sleep(AFTER_S)
    for console in consoles:
        console.over.set()
    for console in consoles:
        console.join(LONG_S)
        assert not console.is_alive(), console.server.failures
    threads = standby.sql(THREADS)
    everything = {each for console in consoles for each in console.server.acknowledged}
    done.written, done.missing = sum(len(console.written) for console in consoles), len(everything - set(threads))
    done.doubled = len(threads) - len(set(threads))
    done.failures = set().union(*(console.server.failures for console in consoles))
    return done


def _wait_until(true: Callable[[], bool]) -> None:
    until_s = time.monotonic() + LONG_S
    while not true():
        assert time.monotonic() < until_s
        time.sleep(0.01)


def main() -> None:
    """Fail over some times, and with the twin."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--full", action="store_true")
    full = parser.parse_args().full
    texts = []
    for lagging, times in ((False, 10 if full else 3), (True, 1)):
        runs = []
        for _ in range(times):
            with tempfile.TemporaryDirectory() as folder:
                runs.append(fail_over(Path(folder), lagging=lagging))
        text = (
            f"{'asynchronous commit (the unsafe twin)' if lagging else 'synchronous commit'}: {times} failovers, "
            f"{sum(each.acknowledged for each in runs):,} actions acknowledged before, "
            f"{sum(each.lost for each in runs):,} of them lost, {sum(each.doubled for each in runs)} doubled\n"
            f"  kill to first acknowledged action: median {median(each.first_s for each in runs):.1f} s, at most "
            f"{max(each.first_s for each in runs):.1f} s, of which killing and promoting "
            f"{median(each.promoted_s for each in runs):.1f} s\n"
            f"  what consoles were told meanwhile: {'; '.join(sorted(set().union(*(each.failures for each in runs))))}"
        )
        print(text)  # noqa: T201 - a command
        texts.append(text)
    if full:
        write_section("Failover", "python -m tests.postgres.failover --full", texts)


if __name__ == "__main__":
    main()
