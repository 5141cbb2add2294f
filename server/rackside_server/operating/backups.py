"""What is remembered of backups, and how many dated ones stay."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec

from rackside_server.configuration import LAST_BACKUP_FILE, write_private

_DATED: Final = re.compile(r"rackside-\d{8}T\d{6}\.\d{3}Z\.(?:db|dump)")


class LastBackup(msgspec.Struct, frozen=True, kw_only=True):
    """The last backup: what it holds is the community as of `at_ms`."""

    file: str
    size_bytes: int
    at_ms: int


def remember(data_dir: Path, last: LastBackup) -> None:
    """Remember the last backup beside the database, not in it: a restore must not bring back an older memory."""
    write_private(data_dir / LAST_BACKUP_FILE, msgspec.json.encode(last).decode())


def last_backup(data_dir: Path) -> LastBackup | None:
    """Return what is remembered of the last backup; None when there was none, or it cannot be read."""
    try:
        return msgspec.json.decode((data_dir / LAST_BACKUP_FILE).read_bytes(), type=LastBackup)
    except (OSError, msgspec.DecodeError):
        return None


def dated_name(suffix: str) -> str:
    """Return the name of a backup made now; names sort by age."""
    return f"rackside-{datetime.now(UTC):%Y%m%dT%H%M%S.%f}"[:-3] + f"Z{suffix}"


def rotate(folder: Path, keep: int) -> list[Path]:
    """Delete all but the newest dated backups of a folder, and nothing else; return what was deleted."""
    dated = sorted(file for file in folder.iterdir() if _DATED.fullmatch(file.name))
    surplus = dated[:-keep]
    for file in surplus:
        file.unlink()
    return surplus
