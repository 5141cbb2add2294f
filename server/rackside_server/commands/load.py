"""`rackside-server import`: read another community's data."""

import argparse
from importlib import import_module

from rackside_server.cli import OperatorError, set_up


def run(options: argparse.Namespace) -> int:
    """Hand over to the importer of the source."""
    set_up()
    if not options.folder.is_dir():
        raise OperatorError(f"{options.folder} is no folder.")
    return int(import_module(f"rackside_server.imports.{options.source}").run(options))
