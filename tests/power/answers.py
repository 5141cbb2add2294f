"""What must be true of a server's folder after a power cut, whatever the disk kept."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

import msgspec

from rackside_protocol.sync import Outcome
from tests.power.figures import Figures
from tests.power.server import FILE, Answered

_REMEMBERED: Final = "SELECT outcome FROM feed_receivedaction"
_TAGS: Final = "SELECT name, version, tag FROM feed_versiontag JOIN feed_channel ON feed_channel.id = channel_id"
_HEADS: Final = """
    SELECT count(*) FROM feed_channel
    WHERE head <> coalesce((SELECT max(version) FROM feed_versiontag WHERE channel_id = feed_channel.id), 0)
"""


def audit(folder: Path, answered: Answered, figures: Figures) -> None:
    """Open what the cut left and look for every outcome that was answered, and for the positions it names."""
    figures.cuts += 1
    figures.promised += len(answered.outcomes)
    if not answered.outcomes:
        return
    try:
        with closing(sqlite3.connect(folder / FILE)) as server:
            remembered = {bytes(outcome) for (outcome,) in server.execute(_REMEMBERED)}
            tags = set(server.execute(_TAGS))
            heads = server.execute(_HEADS).fetchone()[0]
            whole = server.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            broken = server.execute("PRAGMA foreign_key_check").fetchone()
    except (sqlite3.Error, TypeError) as error:  # the second is a row without an outcome: only a twin's file has one
        figures.unopened += 1
        figures.caught[str(error)] += 1
        return
    figures.lost += sum(outcome not in remembered for outcome in answered.outcomes)
    figures.doubled += len(remembered) - len({_read(each).id for each in remembered})
    at = {(at.channel, at.version, at.tag) for outcome in remembered for at in _read(outcome).at}
    figures.wrong += not whole or bool(broken) or bool(heads) or not at <= tags


def _read(outcome: bytes) -> Outcome:
    return msgspec.json.decode(outcome, type=Outcome)
