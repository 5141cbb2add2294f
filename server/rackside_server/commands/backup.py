"""`rackside-server backup`: a whole and consistent copy while the server runs."""

import argparse
import os
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from rackside_server.cli import ALL_WELL, OperatorError, say, set_up
from rackside_server.configuration import PRIVATE_FILE_MODE, read_configuration


def run(options: argparse.Namespace) -> int:
    """Write the backup; an earlier one of the same name is replaced when the new one is whole."""
    set_up()
    target: Path = options.file.absolute()
    draft = target.with_name(f".{target.name}.partial")
    os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE_FILE_MODE))
    try:
        source = read_configuration().sqlite_file
        if source is not None:
            copy_sqlite(source, draft)
        else:
            run_postgresql_tool("pg_dump", "--format=custom", "--no-owner", f"--file={draft}")
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    size_bytes = target.stat().st_size
    say(options, {"file": str(target), "size_bytes": size_bytes}, f"{target}: {size_bytes:,} bytes.")
    return ALL_WELL


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


def run_postgresql_tool(tool: str, *arguments: str) -> None:
    """Run pg_dump or pg_restore on the server's database, its password in the environment only.

    Raises:
        OperatorError: the tool is not there, or failed.
    """
    from django.db import connection  # noqa: PLC0415 - Django is set up by now

    settings = connection.settings_dict
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    env = {**os.environ, **{name: settings[key] for name, key in names.items() if settings[key]}}
    try:
        subprocess.run([tool, *arguments], env=env, check=True, capture_output=True, text=True)  # noqa: S603 - by argument list
    except FileNotFoundError as error:
        raise OperatorError(f"{tool} is not installed. Install PostgreSQL's client programs.") from error
    except subprocess.CalledProcessError as error:
        raise OperatorError(f"{tool} failed: {error.stderr.strip()}") from error
