"""`python -m tests.faults`: the full size; its figures are written to docs/faults.md."""

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Final, TypeVar

from tests.faults.audit import Figures
from tests.faults.kills import FRESH_EVERY, LONGEST_LIFE_S, LONGEST_SERVICE_S, Run, kill_desktops, kill_servers
from tests.faults.offline import come_back
from tests.faults.server import ROOT, RealServer

T = TypeVar("T")
DOCUMENT: Final = ROOT / "docs" / "faults.md"
SEED: Final = 2026
TWIN_DESKTOPS, TWIN_SERVERS, JUMP_KILLS = 40, 20, 50
ACTIONS, CHANGES = 500, 20_000
TEXT: Final = """# Faults for real

`python -m tests.faults --kills {kills} --server-kills {server_kills}` starts a desktop process with the real store,
engine and client and a real server process, with a network that fails between them. The desktop writes questions,
replies, ideas, comments and drafts in one thread and syncs without pause in another. At the end it syncs once, and
every action whose writing was confirmed is looked for on both sides; every document of the feed is compared with the
server's own rows. `pytest tests/faults` does the same at a small size. Seed {seed}, {minutes:.0f} min.

## Kill -9 of the desktop

After 0 to {life_ms} ms it gets SIGKILL, and its files are compared with the feed of the server. Every {fresh}nd time
its mirror is thrown away first, so that first fills are killed too.

| | as it is | unsafe twin: rows and cursor in no common transaction |
|---|---|---|
{desktop}

What the kills interrupted: actions waiting {caught[queued]} times, being sent {caught[sending]} times, acknowledged and
not yet in view {caught[sent]} times, an empty mirror {caught[nothing held yet]} times. From the start of the process to
the first answer that it had applied: {desktop_s}.

## Kill -9 of the server

0 to {service_ms} ms after it has answered it gets SIGKILL with all its workers, and is started again on its port, while
the desktop goes on writing and syncing.

| | as it is | unsafe twin: outcomes remembered in a transaction after the effects |
|---|---|---|
{server}

From the start of the process to the first sync that it answered, while the machine was busy with other work (load
average {load:.0f} on {cores} cores): {server_s}.

## 30 days offline

{back.actions} actions that a member wrote over 30 days met {back.rows:,} changes on the server: after one sync of
{back.seconds:.1f} s ({back.cpu_s:.1f} s of it the console's processor) {back.unequal} channels differed by digest,
{back.lost} actions were missing, and {back.refused} were refused. Had she written them all in the last instant, the
limits would have refused {burst.refused}.

## Clocks that jump

The clocks of the desktop and of the server each stand an hour or a year ahead or behind, another every 0 to 400 ms,
while the desktop is killed {clocks.points} times: of {clocks.promised} actions confirmed {clocks.lost} were lost and
{clocks.doubled} doubled, {clocks.partial} rows were not as their cursor says, and {clocks.different} documents of the
feed not as the server's rows say. Only the server's versions order anything, and delays count by monotonic clocks.

## A full disk

`pytest tests/faults/test_full_disk.py tests/faults/test_full_server.py` fills a real ext4 of 24 MiB under the desktop's
store and under the server's data. What a person writes then is durable, from the 4 MiB of ballast that are freed for
it, or is refused with a sentence; sync and the watch wait, and go on by themselves when there is room. The server
answers 507 with a problem in JSON, can still be read, and loses nothing.

## The network

Each request draws a fault, or none, from the seed. `pytest tests/faults/test_network.py` tries each by itself at every
other request. So often each came about in the two runs above:

| fault | while desktops were killed | while servers were killed |
|---|---|---|
{network}

A SIGKILL leaves the page cache alone: what a power cut does stands in [power.md](power.md).
"""


def main() -> None:
    """Run, write the figures down, and fail if anything was lost, doubled or left partial."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults")
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--server-kills", type=int, default=50)
    chosen = parser.parse_args()
    began = time.monotonic()
    desktop = _in_a_folder(lambda server, home: kill_desktops(Run(server, home, chosen.kills, SEED)))
    server = _in_a_folder(lambda server, home: kill_servers(Run(server, home, chosen.server_kills, SEED)))
    clocks = _in_a_folder(
        lambda server, home: kill_desktops(Run(server, home, JUMP_KILLS, SEED, "jumps")),
        module="tests.faults.jumping_server",
    )
    back = _in_a_folder(lambda server, home: come_back(server, home, ACTIONS, CHANGES))
    burst = _in_a_folder(lambda server, home: come_back(server, home, ACTIONS, 0, days=0))
    desktop_twin = _in_a_folder(
        lambda server, home: kill_desktops(Run(server, home, TWIN_DESKTOPS, SEED, "twin", patience=1))
    )
    server_twin = _in_a_folder(
        lambda server, home: kill_servers(Run(server, home, TWIN_SERVERS, SEED)), module="tests.faults.forgetful_server"
    )
    text = TEXT.format(
        kills=chosen.kills,
        server_kills=chosen.server_kills,
        seed=SEED,
        minutes=(time.monotonic() - began) / 60,
        life_ms=round(LONGEST_LIFE_S * 1000),
        service_ms=round(LONGEST_SERVICE_S * 1000),
        fresh=FRESH_EVERY,
        desktop=_table(desktop, desktop_twin),
        server=_table(server, server_twin),
        caught=desktop.caught,
        back=back,
        burst=burst,
        clocks=clocks,
        load=os.getloadavg()[0],
        cores=os.cpu_count(),
        desktop_s=_seconds(desktop.restarts_s),
        server_s=_seconds(server.restarts_s),
        network="\n".join(
            f"| {name} | {desktop.network[name]} | {server.network[name]} |"
            for name in sorted(desktop.network.keys() | server.network.keys())
        ),
    )
    DOCUMENT.write_text(text)
    print(text)  # noqa: T201 - a command
    well = not (desktop.faults or server.faults or clocks.faults or back.faults)
    seen = desktop_twin.faults and server_twin.faults and burst.faults
    raise SystemExit(0 if well and seen else 1)


def _in_a_folder(work: Callable[[RealServer, Path], T], *, module: str = "rackside_server") -> T:
    with tempfile.TemporaryDirectory(prefix="rackside-faults-") as folder:
        home = Path(folder) / "home"
        home.mkdir()
        with RealServer(Path(folder) / "server", module=module) as server:
            return work(server, home)


def _table(as_is: Figures, twin: Figures) -> str:
    rows = {
        "kills": "points",
        "actions confirmed": "promised",
        "lost, or refused for no reason": "lost",
        "doubled": "doubled",
        "rows that are not as their cursor says": "partial",
        "documents of the feed that are not as the server's rows say": "different",
        "ended by itself before the kill": "crashed",
        "drafts that fell behind a confirmed keystroke": "drafts_lost",
    }
    return "\n".join(f"| {words} | {getattr(as_is, name)} | {getattr(twin, name)} |" for words, name in rows.items())


def _seconds(measured: list[float]) -> str:
    return f"{median(measured):.2f} s (median of {len(measured)}), {max(measured):.2f} s at the most"


if __name__ == "__main__":
    main()
