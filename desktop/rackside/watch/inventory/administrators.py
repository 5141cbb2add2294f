"""Who may become root by a group: the members of sudo, wheel and admin. Rules of sudoers are root's to read."""

from typing import Final

from rackside.watch.inventory.accounts import GROUP, GROUP_FIELDS, PASSWD, PASSWD_FIELDS, lines, must_be_linux
from rackside.watch.inventory.section import bounded, stamp_of

NAME = "administrators"
GROUPS: Final = ("sudo", "wheel", "admin")


def stamp() -> str:
    """Return when users or groups were changed last."""
    return stamp_of(PASSWD, GROUP)


def read() -> dict[str, str]:
    """Return the users with their groups.

    Raises:
        CannotTellError: users are not in /etc/passwd here.
        OSError: it cannot be read.
    """
    must_be_linux()
    return bounded(members(lines(PASSWD), lines(GROUP)).items())


def members(passwd: list[str], group: list[str]) -> dict[str, str]:
    """Return who is in one of the groups, by the group's list (group(5)) or as her first group."""
    numbers: dict[str, str] = {}
    found: dict[str, list[str]] = {}
    for fields in (line.split(":") for line in group):
        if len(fields) == GROUP_FIELDS and fields[0] in GROUPS:
            numbers[fields[2]] = fields[0]
            for name in filter(None, fields[3].split(",")):
                found.setdefault(name, []).append(fields[0])
    for fields in (line.split(":") for line in passwd):
        if len(fields) == PASSWD_FIELDS and fields[3] in numbers:
            found.setdefault(fields[0], []).append(numbers[fields[3]])
    return {name: ", ".join(dict.fromkeys(groups)) for name, groups in found.items()}
