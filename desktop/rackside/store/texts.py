"""What is known of the ranking's index without its numbers: what goes with a channel, and whether it is as written."""

import sqlite3
from collections.abc import Iterable
from typing import Final
from zlib import crc32

from rackside.store.database import as_bytes

COLUMNS: Final = ("docs", "terms", "starts", "holders", "impacts")
"""Of a segment; see `rackside_ranking.segment.Segment`. `docs` are the documents at its places."""
WORTH_A_SEGMENT: Final = 200
"""Documents; fewer wait, and are searched where they are."""
_SEAL_BYTES: Final = 4


def are_waiting(cache: sqlite3.Connection) -> bool:
    """Say whether so many documents wait for the index that a segment is worth it."""
    waiting = "SELECT count(*) FROM (SELECT 1 FROM texts WHERE segment = 0 LIMIT ?)"
    return int(cache.execute(waiting, (WORTH_A_SEGMENT,)).fetchone()[0]) == WORTH_A_SEGMENT


def drop_segments_of(cache: sqlite3.Connection, channel: int) -> None:
    """Drop the segments that have words of a channel; what they have of others waits to be put into new ones."""
    touched = "SELECT DISTINCT segment FROM texts JOIN documents USING (doc) WHERE channel = ? AND segment <> 0"
    segments = [(row["segment"],) for row in cache.execute(touched, (channel,)).fetchall()]
    cache.executemany("UPDATE texts SET segment = 0 WHERE segment = ?", segments)
    cache.executemany("DELETE FROM segments WHERE segment = ?", segments)


def are_sealed(cache: sqlite3.Connection) -> bool:
    """Say whether the index is as it was written, and every document in it is in a segment that is here."""
    for row in cache.execute(f"SELECT seal, {', '.join(COLUMNS)} FROM segments"):  # noqa: S608 - our own words
        if row["seal"] != seal(as_bytes(row[column]) for column in COLUMNS):
            return False
    lost = "SELECT 1 FROM texts WHERE segment NOT IN (SELECT segment FROM segments UNION SELECT 0) LIMIT 1"
    if cache.execute(lost).fetchone():
        return False
    fields = cache.execute("SELECT fields FROM texts WHERE fields IS NOT NULL")
    return all(unsealed(as_bytes(row["fields"])) is not None for row in fields)


def seal(parts: Iterable[bytes]) -> int:
    """Return what tells whether these bytes are as they were written."""
    return crc32(b"".join(parts))


def sealed(packed: bytes) -> bytes:
    """Put the seal of some bytes before them."""
    return seal([packed]).to_bytes(_SEAL_BYTES, "little") + packed


def unsealed(together: bytes) -> bytes | None:
    """Return what was sealed; None when it is not as it was."""
    packed = together[_SEAL_BYTES:]
    return packed if sealed(packed) == together else None
