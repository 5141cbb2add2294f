"""The accounts that can sign in here: local users with a login shell. Passwords are neither read nor needed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from rackside.watch import proc
from rackside.watch.inventory.section import CannotTellError, bounded, stamp_of

NAME = "accounts"
PASSWD: Final = Path("/etc/passwd")
GROUP: Final = Path("/etc/group")
NO_SHELLS: Final = frozenset({"nologin", "false", "true", "sync", "shutdown", "halt", "git-shell"})
MOST_BYTES: Final = 4 * 1024 * 1024
PASSWD_FIELDS: Final = 7
GROUP_FIELDS: Final = 4


def stamp() -> str:
    """Return when the users were changed last."""
    return stamp_of(PASSWD)


def read() -> dict[str, str]:
    """Return the users with their number and shell.

    Raises:
        CannotTellError: users are not in /etc/passwd here.
        OSError: it cannot be read.
    """
    must_be_linux()
    return bounded((fields[0], f"uid {fields[2]}, {fields[6] or '/bin/sh'}") for fields in people(lines(PASSWD)))


def must_be_linux() -> None:
    """Raise where users are kept elsewhere.

    Raises:
        CannotTellError: users are not in /etc/passwd here.
    """
    if not proc.LINUX:
        raise CannotTellError("Local accounts are read on Linux only.")


def people(passwd: list[str]) -> Iterator[list[str]]:
    """Yield the fields of each user of /etc/passwd (passwd(5)) who has a shell to sign in with."""
    for line in passwd:
        fields = line.split(":")
        if len(fields) == PASSWD_FIELDS and fields[0] and fields[6].rpartition("/")[2] not in NO_SHELLS:
            yield fields


def lines(path: Path) -> list[str]:
    """Return the lines of a file of /etc.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        return file.read(MOST_BYTES).decode("utf-8", "replace").splitlines()
