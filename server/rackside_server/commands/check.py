"""`rackside-server check`: what is wrong with this installation, and what to do about it."""

import argparse
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from rackside_server.cli import ALL_WELL, WENT_WRONG, say, set_up
from rackside_server.commands.migrate import missing
from rackside_server.configuration import read_configuration

FREE_BYTES_WANTED: Final = 1024**3
OTHERS_MAY: Final = 0o077


def run(options: argparse.Namespace) -> int:
    """Print every problem found, or that there is none."""
    set_up()
    problems = list(_problems())
    say(options, {"problems": problems}, "\n".join(problems) or "All is well.")
    return WENT_WRONG if problems else ALL_WELL


def _problems() -> Iterator[str]:
    configuration = read_configuration()
    yield from _configuration_problems()
    yield from _folder_problems(configuration.data_dir)
    of_database = list(_database_problems())
    yield from of_database
    if not of_database and not configuration.backups_elsewhere:
        from rackside_server.operating import facts, rules  # noqa: PLC0415 - Django is set up by now

        yield from map(str, rules.backup_problems(facts.read_facts()))


def _configuration_problems() -> Iterator[str]:
    from django.core import checks  # noqa: PLC0415 - Django is set up by now

    for message in checks.run_checks():
        if message.is_serious():
            yield f"Settings: {message.msg} {message.hint or ''}".strip()


def _folder_problems(data_dir: Path) -> Iterator[str]:
    if not os.access(data_dir, os.W_OK):
        yield f"Data folder: {data_dir} cannot be written. Give it to the user that runs the server."
    if os.name == "posix" and data_dir.stat().st_mode & OTHERS_MAY:
        yield f"Data folder: others can read {data_dir}. Run chmod 700 on it."
    free_bytes = shutil.disk_usage(data_dir).free
    if free_bytes < FREE_BYTES_WANTED:
        yield f"Disk: {free_bytes // 2**20} MiB are free at {data_dir}. Make room for at least 1 GiB."


def _database_problems() -> Iterator[str]:
    from django.db import Error  # noqa: PLC0415 - Django is set up by now

    try:
        lacking = missing()
    except Error as error:
        yield f"Database: it cannot be reached: {error}. Check DATABASE_URL."
        return
    if lacking:
        yield f"Database: {len(lacking)} migrations are missing. Run rackside-server migrate."
