"""What an import or a scan finds: a check under a label, or why it is left out; and watching it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

import msgspec

from rackside.store import Store, checks, hosts
from rackside.store.checks import RETRIES, Watched
from rackside.store.hosts import Host
from rackside.watch.checks.check import Check
from rackside.watch.checks.fields import problem
from rackside.watch.checks.run import KINDS
from rackside.watch.reach import target_of

EVERY_S: Final = 60.0
LEAST_EVERY_S: Final = 5.0
MOST_LABEL: Final = 80


class NotReadableError(ValueError):
    """The file is none of the formats that are known, or breaks its own; the message says what to do."""


@dataclass(frozen=True)
class Found:
    """A check that could be watched: `check` is None where it cannot be, and `why` says why.

    `host` and `group` name the machine that it is of, and where that stands.
    """

    label: str
    check: Check | None
    every_s: float = EVERY_S
    why: str = ""
    host: str = ""
    group: str = ""
    retries: int = RETRIES
    wanted: bool = True
    """Whether it is ticked before the person chose."""


def left_out(label: object, why: str) -> Found:
    """Return an entry that makes no check."""
    return Found(str(label), None, why=why)


def made(
    label: object, kind: str, fields: Mapping[str, object], every_s: object = None, *, host: str = "", group: str = ""
) -> Found:
    """Make an entry of what a file says; what makes no check is left out with the reason."""
    named = str(label or "").strip()[:MOST_LABEL] or str(next(iter(fields.values()), ""))
    given = {name: value for name, value in fields.items() if value not in (None, "")}
    try:
        check = msgspec.convert(given, KINDS[kind], strict=False)
    except msgspec.ValidationError as error:
        return left_out(named, problem(error))
    seconds = float(every_s) if isinstance(every_s, int | float | str) and _is_number(every_s) else EVERY_S
    return Found(named, check, max(LEAST_EVERY_S, seconds), host=host, group=group)


def watch(store: Store, each: Found) -> bool:
    """Watch what was found, and keep the group of its machine, unless more is said of that; False when it cannot be."""
    if each.check is None:
        return False
    body = msgspec.Raw(msgspec.json.encode(each.check))
    made_of = Watched(label=each.label, check=body, every_s=each.every_s, host=each.host, retries=each.retries)
    if not checks.watch(store, made_of):
        return False
    name = each.host or target_of(each.check)
    if each.group and name not in hosts.hosts(store):
        hosts.keep_host(store, Host(name=name, group=each.group))
    return True


def why_not(each: Found, taken: Collection[str]) -> str:
    """Say why something cannot be watched, where these labels are taken; the empty string when it can."""
    return each.why or ("this label is watched already" if each.label in taken else "")


def _is_number(value: float | str) -> bool:
    try:
        return float(value) > 0
    except ValueError:
        return False
