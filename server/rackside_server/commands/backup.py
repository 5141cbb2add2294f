"""`rackside-server backup`: a whole and consistent copy while the server runs."""

import argparse
import os
import sqlite3
import subprocess
import time
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from rackside_server.cli import ALL_WELL, OperatorError, say, set_up
from rackside_server.configuration import PRIVATE_FILE_MODE, PRIVATE_FOLDER_MODE, read_configuration
from rackside_server.operating.backups import LastBackup, dated_name, remember, rotate

SQLITE_SUFFIX: Final = ".db"
POSTGRESQL_SUFFIX: Final = ".dump"
LIBPQ_OPTIONS: Final = {
    "PGCONNECT_TIMEOUT": "connect_timeout",
    "PGSSLCERT": "sslcert",
    "PGSSLKEY": "sslkey",
    "PGSSLMODE": "sslmode",
    "PGSSLROOTCERT": "sslrootcert",
    "PGTARGETSESSIONATTRS": "target_session_attrs",
}
"""What a URL says about the connection, which a backup must not take less seriously than the server does."""


def run(options: argparse.Namespace) -> int:
    """Write the backup; an earlier one of the same name is replaced when the new one is whole."""
    set_up()
    if options.keep < 0:
        raise OperatorError("--keep takes how many backups to keep, 1 or more.")
    target: Path = options.file.absolute()
    last = write_dated(target) if options.keep else write(target)
    removed = rotate(target, options.keep) if options.keep else []
    facts = {"file": last.file, "size_bytes": last.size_bytes, "removed": [str(each) for each in removed]}
    say(options, facts, f"{last.file}: {last.size_bytes:,} bytes.")
    return ALL_WELL


def write_dated(folder: Path) -> LastBackup:
    """Write a backup named by the moment into a folder, which is made if it is not there."""
    try:
        folder.mkdir(mode=PRIVATE_FOLDER_MODE, parents=True, exist_ok=True)
    except OSError as error:
        raise OperatorError(f"{folder} cannot be made: {error.strerror}.") from error
    return write(folder / dated_name(_suffix()))


def write(target: Path) -> LastBackup:
    """Write a backup, whole or not at all, and remember it.

    Raises:
        OperatorError: there is nothing to back up, it is damaged, or the backup cannot be written.
    """
    try:
        return _write(target)
    except OSError as error:
        raise OperatorError(f"{target} cannot be written: {error.strerror}.") from error


def _write(target: Path) -> LastBackup:
    draft = target.with_name(f".{target.name}.partial")
    began_ms = time.time_ns() // 1_000_000
    os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE_FILE_MODE))
    try:
        source = read_configuration().sqlite_file
        if source is not None:
            copy_sqlite(source, draft)
        else:
            run_postgresql_tool("pg_dump", "--format=custom", "--no-owner", f"--file={draft}")
        _to_the_disk(draft)
        draft.replace(target)
        _to_the_disk(target.parent)
    finally:
        draft.unlink(missing_ok=True)
    last = LastBackup(file=str(target), size_bytes=target.stat().st_size, at_ms=began_ms)
    remember(read_configuration().data_dir, last)
    return last


def copy_sqlite(source: Path, target: Path) -> None:
    """Copy a database with SQLite's online backup, which waits for writers and sees one moment.

    Raises:
        OperatorError: the source is not there, or damaged.
    """
    if not source.is_file():
        raise OperatorError(f"There is no database at {source}.")
    try:
        with (
            closing(sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True)) as read,
            closing(sqlite3.connect(target)) as write,
        ):
            read.backup(write)
            write.execute("PRAGMA journal_mode = WAL")
            verdict = write.execute("PRAGMA quick_check").fetchone()[0]
    except sqlite3.DatabaseError as error:
        raise OperatorError(f"{source} cannot be copied: {error}.") from error
    if verdict != "ok":
        raise OperatorError(f"{source} is damaged: {verdict}.")


def libpq_environment(settings: Mapping[str, Any]) -> dict[str, str]:
    """Return how PostgreSQL's own programs reach the database that Django's settings describe."""
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    reached = {name: str(settings[key]) for name, key in names.items() if settings[key]}
    options = {name: str(settings["OPTIONS"][key]) for name, key in LIBPQ_OPTIONS.items() if key in settings["OPTIONS"]}
    return reached | options


def run_postgresql_tool(tool: str, *arguments: str) -> None:
    """Run pg_dump or pg_restore on the server's database, its password in the environment only.

    Raises:
        OperatorError: the tool is not there, or failed.
    """
    from django.db import connection  # noqa: PLC0415 - Django is set up by now

    env = {**os.environ, **libpq_environment(connection.settings_dict)}
    try:
        subprocess.run([tool, *arguments], env=env, check=True, capture_output=True, text=True)  # noqa: S603 - by argument list
    except FileNotFoundError as error:
        raise OperatorError(f"{tool} is not installed. Install PostgreSQL's client programs.") from error
    except subprocess.CalledProcessError as error:
        raise OperatorError(f"{tool} failed: {error.stderr.strip()}") from error


def _suffix() -> str:
    return SQLITE_SUFFIX if read_configuration().sqlite_file is not None else POSTGRESQL_SUFFIX


def _to_the_disk(path: Path) -> None:
    """Wait until a file, or the names in a folder, would outlive a power cut."""
    if path.is_dir() and os.name == "nt":
        return  # Windows opens no folders, and keeps names by itself
    descriptor = os.open(path, os.O_RDWR if path.is_file() else os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
