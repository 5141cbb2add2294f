"""`rackside-server migrate`: bring the database up to date."""

import argparse
import os
from pathlib import Path
from typing import Final

from rackside_server.cli import ALL_WELL, say, set_up
from rackside_server.configuration import PRIVATE_FILE_MODE, read_configuration

ANSWER_PACK: Final = "answers.0001_initial"
"""The threads that were there before the pack are chosen from once."""


def run(options: argparse.Namespace) -> int:
    """Apply every migration that is missing, after a backup where that is asked for."""
    set_up()
    if options.backup_to is not None:
        _back_up(options.backup_to.absolute())
    applied = migrate()
    say(options, {"applied": applied}, f"Applied {len(applied)} migrations." if applied else "Nothing to do.")
    return ALL_WELL


def _back_up(folder: Path) -> None:
    """Write a backup if anything is about to change of a database that holds something."""
    from django.db import connection  # noqa: PLC0415 - Django is set up by now

    from rackside_server.commands.backup import write_dated  # noqa: PLC0415 - as above

    _make_private(read_configuration().sqlite_file)
    if missing() and connection.introspection.table_names():
        write_dated(folder)


def missing() -> list[str]:
    """Return the migrations that the database lacks, as `feature.name`."""
    from django.db import connection  # noqa: PLC0415 - Django is set up by now
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415 - as above

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def migrate() -> list[str]:
    """Apply what is missing; return what that was."""
    from django.core.management import call_command  # noqa: PLC0415 - Django is set up by now

    _make_private(read_configuration().sqlite_file)
    names = missing()
    if names:
        call_command("migrate", verbosity=0, interactive=False)
    if ANSWER_PACK in names:
        from rackside_server.answers.actions import fill  # noqa: PLC0415 - as above

        fill()
    return names


def _make_private(file: os.PathLike[str] | None) -> None:
    """Make the SQLite file readable by its owner only before SQLite opens it; -wal and -shm take its mode over."""
    if file is not None:
        os.close(os.open(file, os.O_RDWR | os.O_CREAT, PRIVATE_FILE_MODE))
