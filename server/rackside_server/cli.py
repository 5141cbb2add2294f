"""`rackside-server`: the commands of an operator. Each imports what it needs when it runs."""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Final

DEFAULT_PORT: Final = 8870
ALL_WELL, WENT_WRONG = 0, 1


class OperatorError(Exception):
    """A command cannot do its work; the message says what the operator can do."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit status."""
    options = _parser().parse_args(arguments)
    if options.data:
        os.environ["RACKSIDE_DATA"] = str(options.data)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rackside_server.settings")
    command = import_module(f"rackside_server.commands.{options.module}")
    try:
        return int(command.run(options))
    except OperatorError as error:
        say(options, {"error": str(error)}, str(error), stream=sys.stderr)
        return WENT_WRONG


def set_up() -> None:
    """Make the data folder and start Django."""
    import django  # noqa: PLC0415 - settings are read on its set-up

    prepare()
    django.setup()


def prepare() -> Path:
    """Make the data folder, and return it, if the settings can be read at all."""
    from rackside_server.configuration import (  # noqa: PLC0415 - read when a command runs, not when it is imported
        database_settings,
        prepare_data_dir,
        read_configuration,
    )

    try:
        configuration = read_configuration()
        database_settings(configuration.database_url)
        prepare_data_dir(configuration.data_dir)
    except (ValueError, OSError) as error:
        raise OperatorError(f"Settings: {error}") from error
    return configuration.data_dir


def say(options: argparse.Namespace, facts: dict[str, Any], sentence: str, *, stream: Any = None) -> None:  # noqa: ANN401 - a text file
    """Print facts as JSON where that was asked for, else as a sentence."""
    print(json.dumps(facts) if options.json else sentence, file=stream or sys.stdout, flush=True)


def _parser() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--data", type=Path, help="the data folder (default: RACKSIDE_DATA or the user's own)")
    common.add_argument("--json", action="store_true", help="print JSON")
    parser = argparse.ArgumentParser(prog="rackside-server", description="The community server of Rackside.")
    commands = parser.add_subparsers(dest="command", required=True)

    def command(name: str, module: str, words: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, parents=[common], help=words)
        made.set_defaults(module=module)
        return made

    serve = command("serve", "serve", "answer requests")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=DEFAULT_PORT, help="0 takes a free one")
    serve.add_argument("--workers", type=int, default=1, help="processes; more than one wants PostgreSQL")
    serve.add_argument("--embedded", action="store_true", help="serve one owner on this machine until stdin closes")
    serve.add_argument("--demo", action="store_true", help="fill it with the demo community")
    command("check", "check", "say what is wrong with this installation")
    command("status", "status", "say how the server is: queue, lag, slow statements, errors")
    command("tidy", "tidy", "do now what a running server does hourly: forget, end and promote")
    migrate = command("migrate", "migrate", "bring the database up to date")
    migrate.add_argument("--backup-to", type=Path, help="before a change, write a dated backup into this folder")
    load = command("import", "load", "read another community's data")
    load.add_argument("source", choices=["stackexchange"])
    load.add_argument("folder", type=Path)
    load.add_argument("--group", default="", help="the group that takes the threads (default: one for the site)")
    load.add_argument("--site", default="", help="the site's host name (default: the name of the folder)")
    backup = command("backup", "backup", "write a backup while the server runs")
    backup.add_argument("file", type=Path, help="the file to write, or with --keep the folder of dated ones")
    backup.add_argument("--keep", type=int, default=0, help="write a dated file into a folder; keep the newest N")
    restore = command("restore", "restore", "replace everything by a backup; stop the server before")
    restore.add_argument("file", type=Path)
    create = command("createadmin", "createadmin", "make a member of the staff; the password is asked for")
    create.add_argument("handle")
    create.add_argument("--name", default="")
    return parser
