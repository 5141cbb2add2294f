"""What a console costs that waits for news, beside a plain asynchronous view of Django that waits for the same.

python -m tests.benchmarks.doorbell          500 consoles
python -m tests.benchmarks.doorbell --full   5,000

Each side is one process of granian on one PostgreSQL, with a socket for each console. Commits happen in another
process: some that ring one member's consoles (how long until they are woken), and some that ring everybody's (what a
wake and the next wait cost the server's process in CPU time). It needs PostgreSQL's programs and Linux's /proc.
"""

import argparse
import asyncio
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from tests.postgres.cluster import HOST, LONG_S, Cluster
from tests.postgres.servers import ROOT, Server, environment, populate

MEMORY_TARGET, CPU_TARGET, WAKE_TARGET_MS = 1 / 4, 1 / 5, 10.0
ALONE: Final = 10
"""Members with one console each, whose wakes are timed: a second console of hers would wait for the first one's."""
SINGLE_WAKES: Final = 200
EVERYBODY: Final = 3
MEMBERS: Final = 50
QUIET_S: Final = 0.4
TICKS: Final = os.sysconf("SC_CLK_TCK")


@dataclass
class Figures:
    """What one side cost."""

    memory_kib: float = 0.0
    wake_us: float = 0.0
    late_ms: list[float] = field(default_factory=list)

    def __str__(self) -> str:
        late = f"p50 {self.late(0.5):.1f} ms, p99 {self.late(0.99):.1f} ms"
        return f"{self.memory_kib:.1f} KiB a console, {self.wake_us:.0f} µs of CPU a wake, woken after {late}"

    def late(self, share: float) -> float:
        """Return a quantile of the times from a commit to the console that it wakes."""
        return sorted(self.late_ms)[int(len(self.late_ms) * share)]


class Console(asyncio.Protocol):
    """A socket that asks for news, and asks again when it was answered."""

    def __init__(self, token: str, woken: Callable[[], None]) -> None:
        self.token, self.woken = token, woken
        self.known: dict[str, int] = {}
        self.received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.ask()

    def ask(self) -> None:
        body = json.dumps({"heads": self.known}).encode()
        head = f"POST /api/news HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {self.token}\r\n"
        more = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        self.transport.write((head + more).encode() + body)  # type: ignore[attr-defined] # a socket's transport

    def data_received(self, data: bytes) -> None:
        self.received += data
        head, parted, body = self.received.partition(b"\r\n\r\n")
        length = head.lower().partition(b"content-length:")[2].split(b"\r\n")[0]
        if not parted or len(body) < int(length):
            return
        assert head.startswith(b"HTTP/1.1 200"), self.received
        self.received = b""
        heads = json.loads(body)["heads"]
        self.known.update(heads)
        if heads:
            self.woken()
        self.ask()


class Crowd:
    """Many consoles, and one process that is measured."""

    def __init__(self, port: int, process: int, tokens: list[str], commits: "subprocess.Popen[str]") -> None:
        self.port, self.process, self.tokens, self.commits = port, process, tokens, commits
        self.wakes: list[float] = []

    async def measure(self, consoles: int) -> Figures:
        """Have so many wait, and measure them."""
        done = Figures()
        await self._connect(self.tokens)  # whatever is made once is made by these
        await self._quiet()
        before_kib = self._memory_kib()
        others = self.tokens[ALONE:]
        await self._connect(others[number % len(others)] for number in range(consoles))
        await self._quiet()
        done.memory_kib = (self._memory_kib() - before_kib) / consoles
        for number in range(SINGLE_WAKES):
            done.late_ms += [(moment_s - at_s) * 1_000 for at_s, moment_s in await self._ring(number % ALONE, 1)]
        await self._quiet()
        costs = []
        for _ in range(EVERYBODY):
            spent_s = self._cpu_s()
            await self._ring(-1, consoles + MEMBERS)
            await self._quiet()
            costs.append((self._cpu_s() - spent_s) / (consoles + MEMBERS) * 1e6)
        done.wake_us = min(costs)
        return done

    async def _ring(self, member: int, expected: int) -> list[tuple[float, float]]:
        """Commit something that so many consoles wait for; return when that was, and when each of them was woken."""
        self.wakes.clear()
        assert self.commits.stdin is not None
        assert self.commits.stdout is not None
        self.commits.stdin.write(f"{member}\n")
        self.commits.stdin.flush()
        line = await asyncio.to_thread(self.commits.stdout.readline)
        async with asyncio.timeout(LONG_S):
            while len(self.wakes) < expected:  # noqa: ASYNC110 - an event for each wake would be measured, too
                await asyncio.sleep(0.001)
        return [(float(line), moment_s) for moment_s in self.wakes]

    async def _connect(self, tokens: Iterable[str]) -> None:
        loop = asyncio.get_running_loop()
        for token in tokens:
            await loop.create_connection(partial(Console, token, self._woken), HOST, self.port)

    def _woken(self) -> None:
        self.wakes.append(time.monotonic())

    async def _quiet(self) -> None:
        """Wait until the server does nothing any more: all wait."""
        spent_s = -1.0
        while self._cpu_s() - spent_s > 1.5 / TICKS:
            spent_s = self._cpu_s()
            await asyncio.sleep(QUIET_S)

    def _memory_kib(self) -> int:
        status = Path(f"/proc/{self.process}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0])

    def _cpu_s(self) -> float:
        fields = Path(f"/proc/{self.process}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS


class DjangoServer(Server):
    """The peer."""

    def command(self) -> list[str]:
        """Return the command that starts it."""
        return [sys.executable, "-m", "tests.benchmarks.django_doorbell", str(self.port)]

    def is_up(self) -> bool:
        """Say whether it answers, if only that it knows no such address."""
        with socket.socket() as probe:
            return probe.connect_ex((HOST, self.port)) == 0


def commit_forever() -> None:
    """Publish to a member's channel for each number that is read, to everybody's for -1; print when that was."""
    import django  # noqa: PLC0415 - in this process only

    django.setup()
    from rackside_protocol.groups import Group  # noqa: PLC0415 - Django is set up by now
    from rackside_protocol.ids import new_id  # noqa: PLC0415 - as above
    from rackside_server.accounts.models import Member  # noqa: PLC0415 - as above
    from rackside_server.feed.publish import publish  # noqa: PLC0415 - as above

    members = list(Member.objects.order_by("handle").values_list("pk", "handle"))
    by_number = {int(handle.rpartition("-")[2]): pk for pk, handle in members}
    group = Group(id=new_id(), slug="news", name="News")
    for line in sys.stdin:
        number = int(line)
        publish(group, "public" if number < 0 else f"me:{by_number[number % MEMBERS]}")
        print(time.monotonic(), flush=True)


@contextmanager
def committing(folder: Path, cluster: Cluster) -> Iterator["subprocess.Popen[str]"]:
    """Run the process that commits."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.doorbell", "--commit"],
        cwd=ROOT, env={**environment(folder, cluster.url), "DJANGO_SETTINGS_MODULE": "rackside_server.settings"},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def measure(kind: type[Server], consoles: int) -> Figures:
    """Measure one side, on a database of its own."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "data"
        cluster = stack.enter_context(Cluster("fsync=off")).create()
        tokens = [each["token"] for each in populate(folder, cluster.url, 1, MEMBERS)]
        commits = stack.enter_context(committing(folder, cluster))
        server = stack.enter_context(kind(folder, cluster.url, workers=1))
        crowd = Crowd(server.port, server.processes()[-1], tokens, commits)
        return asyncio.run(crowd.measure(consoles))


def main() -> None:
    """Measure both sides."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--commit", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.commit:
        commit_forever()
        return
    consoles = 5_000 if options.full else 500
    print(
        f"{consoles:,} consoles wait in one process; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores",
        flush=True,
    )
    ours = measure(Server, consoles)
    print(f"ours: {ours}", flush=True)
    theirs = measure(DjangoServer, consoles)
    print(f"theirs: {theirs}")
    print(f"memory = {ours.memory_kib / theirs.memory_kib:.2f} (target ≤ {MEMORY_TARGET:.2f})")
    print(f"CPU a wake and the next wait = {ours.wake_us / theirs.wake_us:.2f} (target ≤ {CPU_TARGET:.2f})")
    print(f"p99 from commit to wake = {ours.late(0.99) / WAKE_TARGET_MS:.2f} of {WAKE_TARGET_MS:.0f} ms (target < 1)")


if __name__ == "__main__":
    main()
