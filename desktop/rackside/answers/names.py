"""Words that name this machine and who sits at it, which masking hides wherever they stand."""

import getpass
from pathlib import Path

from rackside.answers.mask_words import KNOWN_USERS


def known_names(machine: str) -> list[str]:
    """Return the names of a machine and of who is logged in, longest forms first.

    Args:
        machine: its name as the system says it, with or without a domain.
    """
    found = {machine, *machine.split("."), Path.home().name, _login(), *_real_name().replace(",", " ").split()}
    return sorted((name for name in found if name.lower() not in KNOWN_USERS and not name.isdigit()), key=len)[::-1]


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # no account has this number
        return ""


def _real_name() -> str:
    try:
        import pwd  # noqa: PLC0415 - there is none on Windows
    except ImportError:
        return ""
    try:
        return pwd.getpwnam(_login()).pw_gecos
    except KeyError:
        return ""
