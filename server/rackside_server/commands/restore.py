"""`rackside-server restore`: replace everything by a backup, and begin a new time-line in every channel."""

import argparse
import sqlite3
from contextlib import closing
from pathlib import Path

from rackside_server.cli import ALL_WELL, OperatorError, say, set_up
from rackside_server.commands.backup import copy_sqlite, run_postgresql_tool
from rackside_server.commands.migrate import migrate
from rackside_server.configuration import read_configuration


def run(options: argparse.Namespace) -> int:
    """Restore, migrate, and draw a new epoch for every channel, so that each console fetches anew."""
    set_up()
    from rackside_server.feed.timeline import begin_anew  # noqa: PLC0415 - Django is set up by now

    source: Path = options.file.absolute()
    target = read_configuration().sqlite_file
    if target is not None:
        _insist_on_ours(source)
        copy_sqlite(source, target)
    else:
        options_of_tool = ("--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error")
        run_postgresql_tool("pg_restore", *options_of_tool, f"--dbname={_database_name()}", str(source))
    migrate()
    channels = begin_anew()
    say(options, {"channels": channels}, f"Restored; {channels} channels begin a new time-line.")
    return ALL_WELL


def _database_name() -> str:
    from django.db import connection  # noqa: PLC0415 - Django is set up by now

    return str(connection.settings_dict["NAME"])


def _insist_on_ours(file: Path) -> None:
    """Refuse what is no backup of a community, before anything is overwritten."""
    if not file.is_file():
        raise OperatorError(f"There is no backup at {file}.")
    try:
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as opened:
            opened.execute("SELECT count(*) FROM feed_channel").fetchone()
            verdict = opened.execute("PRAGMA quick_check").fetchone()[0]
    except sqlite3.DatabaseError as error:
        raise OperatorError(f"{file} is no backup of a community: {error}.") from error
    if verdict != "ok":
        raise OperatorError(f"{file} is damaged: {verdict}.")
