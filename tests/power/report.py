"""docs/power.md: what was done, and what came of it."""

from collections.abc import Sequence
from typing import Final

from tests.power.disk import MODELS, Model
from tests.power.figures import Figures
from tests.power.runs import DESKTOP_TURNS, SERVER_TURNS

LABELS: Final = {
    "cuts": "cuts",
    "promised": "promised, over all cuts",
    "lost": "lost",
    "doubled": "doubled",
    "drafts_behind": "drafts behind a confirmed keystroke",
    "unopened": "files that do not open",
    "wrong": "mirrors whose rows are not as their cursor says, or not the server's after a sync",
    "behind": "mirrors behind the server",
    "put_aside": "mirrors put aside as damaged",
}
TEXT: Final = """# Power cuts

`python -m tests.power --points {points}` records with strace every call by which the real store, engine and outbox
write to the disk, while a desktop asks, types, deletes, syncs with the model of a server, loses answers, is reset,
checkpoints, opens its files again, and mends an outbox of which the disk has spoiled a page. Then the power is cut at a
point of that record, every other time right after something was said to be safe. What was synced is on the disk; of the
rest a seeded choice keeps some, drops some and tears some at sectors of 512 bytes. The folder is built as it would be
found, opened with `Store.open`, looked at, synced, and looked at again. The same is done to the SQLite file of the real
server, whose outcomes count as promised once they would be answered.

Two models of a file system. *Strict* is what POSIX promises and no more: a file's `fsync` says nothing about its name,
names are on the disk after their folder's `fsync`, and of everything else each write, truncation and name is kept or
not independently of all others. *Ordered* is ext4 with `data=ordered`: names come in their order and `fsync` of
anything commits those before it; a file grows in order; writes within it are as in strict. The `-shm` file is mapped,
is not recorded, and is never there after a cut: SQLite builds it anew.

{as_it_is}

A mirror that is behind is no fault: its rows and cursors agree, and the next sync fetches the rest. `outbox.db` and the
server's file are written with `synchronous=FULL`, the mirror with `NORMAL`.

Unsafe twins, {twin_points} cuts each under each model; *normal*, *off* and *cache* are files written with less care.

{twins}

**Found by this.** SQLite syncs the folder that its files are in, and none above. On the strict disk the folder of a
console was gone after a power cut soon after its first start, with every action that had been confirmed in it, and so
was the folder of a new server with every outcome that it had answered: the twins *folder* are how it was. Both now sync
the names of the folders above a new database (`store/database.py`, `configuration.py`).

{recordings} recordings of {desktop_turns} turns of a desktop or {server_turns} batches of a server; {minutes:.0f} min.
"""


def text(
    points: int,
    desktops: Sequence[dict[Model, Figures]],
    servers: Sequence[dict[Model, Figures]],
    twins: dict[str, dict[Model, Figures]],
    minutes: float,
) -> str:
    """Return the document."""
    columns = {
        f"{name}, {model}": sum((each[model] for each in found), Figures())
        for name, found in (("desktop", desktops), ("server", servers))
        for model in MODELS
    }
    unsafe = {f"{name}, {model}": found[model] for name, found in twins.items() for model in MODELS}
    return TEXT.format(
        points=points,
        as_it_is=_table("as it is", columns),
        twins=_turned("unsafe twin", unsafe),
        twin_points=max(each.cuts for each in unsafe.values()),
        recordings=len(desktops) + len(servers),
        desktop_turns=DESKTOP_TURNS,
        server_turns=SERVER_TURNS,
        minutes=minutes,
    )


def _table(title: str, columns: dict[str, Figures]) -> str:
    rows = [_row(label, [getattr(each, name) for each in columns.values()]) for name, label in LABELS.items()]
    return "\n".join([f"| {title} | {' | '.join(columns)} |", "|---" * (len(columns) + 1) + "|", *rows])


def _turned(title: str, rows: dict[str, Figures]) -> str:
    names = ("promised", "lost", "drafts_behind", "unopened", "wrong", "put_aside")
    heads = ("promised", "lost", "drafts behind", "do not open", "wrong mirrors", "put aside")
    lines = [_row(label, [getattr(found, name) for name in names]) for label, found in rows.items()]
    return "\n".join([f"| {title} | {' | '.join(heads)} |", "|---" * (len(heads) + 1) + "|", *lines])


def _row(label: str, numbers: Sequence[int]) -> str:
    return f"| {label} | {' | '.join(f'{number:,}' for number in numbers)} |"
