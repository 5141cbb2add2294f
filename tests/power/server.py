"""A server that is recorded: it carries out batches of actions, and notes each outcome once it would be answered."""

import os
import random
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import django

from rackside_protocol.actions import Action
from rackside_protocol.ids import Id, new_id
from rackside_protocol.registry import encode
from rackside_protocol.threads import Ask, Delete, Reply
from rackside_server import configuration
from tests.power.trace import Note

TWINS: Final = ("normal", "off", "folder")
"""Unsafe on purpose: a file that syncs at a checkpoint only, or never, and a new folder whose name is not synced."""
DATA: Final = "data"
MEMBERS: Final = 20
"""Enough for none of them to write more in a day than is allowed."""
LONG_AGO_MS: Final = 1_700_000_000_000
GROUP: Final = "linux-servers"
LARGEST_BATCH: Final = 5
CHECKPOINT: Final = 0.15
"""How likely a checkpoint follows on a batch; SQLite itself makes one after 1,000 pages."""
CHECKPOINTS: Final = ("PASSIVE", "TRUNCATE")
FILE: Final = "community.db"


def prepare(folder: Path) -> None:
    """Make a server's data without anybody in it."""
    command = [sys.executable, "-m", "rackside_server", "migrate", "--data", str(folder)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def main(root: Path, seed: int, turns: int, twin: str, prepared: Path) -> None:
    """Make a data folder with what is prepared, and carry out so many batches."""
    if twin == "folder":
        configuration._sync_names = lambda folder: None  # noqa: ARG005 - by name
    configuration.prepare_data_dir(root / DATA)
    with closing(sqlite3.connect(prepared / FILE)) as source, closing(sqlite3.connect(root / DATA / FILE)) as copy:
        source.backup(copy)
    os.environ |= {"DJANGO_SETTINGS_MODULE": "rackside_server.settings", "RACKSIDE_DATA": str(root / DATA)}
    django.setup()
    from django.db import connection  # noqa: PLC0415 - Django is set up by now

    from rackside_server.accounts.actions import join  # noqa: PLC0415 - as above
    from rackside_server.feed.handlers import carry_out_all  # noqa: PLC0415 - as above
    from rackside_server.groups.actions import admit, save_group  # noqa: PLC0415 - as above
    from rackside_server.groups.models import Group  # noqa: PLC0415 - as above

    draw = random.Random(seed)  # noqa: S311 - repeatable on purpose
    asked: list[Id] = []
    cursor = connection.cursor()
    if twin in {"normal", "off"}:
        cursor.execute(f"PRAGMA synchronous = {twin}")
    group = Group(slug=GROUP, name="Linux servers")
    save_group(group)
    members = [join(f"member-{number}", joined_ms=LONG_AGO_MS) for number in range(MEMBERS)]
    for member in members:
        admit(group, member)
    for _ in range(turns):
        batch = [_action(draw, asked) for _ in range(draw.randrange(1, LARGEST_BATCH + 1))]
        for outcome in carry_out_all(draw.choice(members), [encode(each) for each in batch]):
            os.write(sys.stdout.fileno(), f"outcome {encode(outcome).hex()}\n".encode())
        asked += [each.id for each in batch if isinstance(each, Ask)]
        if draw.random() < CHECKPOINT:
            cursor.execute(f"PRAGMA wal_checkpoint({draw.choice(CHECKPOINTS)})").fetchall()


def _action(draw: random.Random, asked: list[Id]) -> Action:
    what, text = draw.choice(("ask", "reply", "delete")), "Words. " * draw.randrange(1, 100)
    if what == "reply" and asked:
        return Reply(id=new_id(), thread=draw.choice(asked), body=text)
    if what == "delete" and asked:
        return Delete(id=new_id(), item=draw.choice(asked), item_kind="thread")
    return Ask(id=new_id(), group=GROUP, title=f"Question {draw.random()}", body=text)


@dataclass
class Answered:
    """The outcomes that were answered when the power was cut."""

    outcomes: list[bytes] = field(default_factory=list)

    def hear(self, note: Note) -> None:
        """Take a note of the recording."""
        self.outcomes.append(bytes.fromhex(note.text.split()[1]))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[3]), int(sys.argv[4]), sys.argv[5], Path(sys.argv[6]))
