"""`rackside-server createadmin`: make a member of the staff who may do everything in the admin."""

import argparse
import getpass
import sys

from rackside_server.cli import ALL_WELL, OperatorError, say, set_up


def run(options: argparse.Namespace) -> int:
    """Make the member, or raise one that exists; the password is asked for, or read from stdin when that is a pipe."""
    set_up()
    from django.core.exceptions import ValidationError  # noqa: PLC0415 - Django is set up by now

    from rackside_server.accounts.actions import appoint  # noqa: PLC0415 - as above

    password = getpass.getpass() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    try:
        member = appoint(options.handle, password, options.name or options.handle)
    except ValidationError as error:
        raise OperatorError(" ".join(error.messages)) from error
    say(options, {"id": member.pk, "handle": member.handle}, f"{member.handle} is of the staff now.")
    return ALL_WELL
