"""`rackside-server tidy`: now what a running server does by itself once an hour."""

import argparse

from rackside_server.cli import ALL_WELL, OperatorError, say, set_up
from rackside_server.commands.migrate import missing


def run(options: argparse.Namespace) -> int:
    """Tidy, whenever it was done last; print what was done."""
    set_up()
    from rackside_server.operating import tidy  # noqa: PLC0415 - Django is set up by now

    if missing():
        raise OperatorError("The database is not up to date. Run rackside-server migrate first.")
    did = tidy.tidy_now()
    words = ", ".join(f"{number:,} {name.replace('_', ' ')}" for name, number in did.items() if number)
    say(options, dict(did), f"{words}." if words else "Nothing to do.")
    return ALL_WELL
