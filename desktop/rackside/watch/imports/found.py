"""What an import finds: a check under a label, or why it is left out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import msgspec

from rackside.watch.checks.check import Check
from rackside.watch.checks.run import KINDS

EVERY_S: Final = 60.0
LEAST_EVERY_S: Final = 5.0
MOST_LABEL: Final = 80


class NotReadableError(ValueError):
    """The file is none of the formats that are known, or breaks its own; the message says what to do."""


@dataclass(frozen=True)
class Found:
    """An entry of a file: `check` is None where it is left out, and `why` says why."""

    label: str
    check: Check | None
    every_s: float = EVERY_S
    why: str = ""


def made(label: object, kind: str, fields: Mapping[str, object], every_s: object = None) -> Found:
    """Make an entry of what a file says; what makes no check is left out with the reason."""
    named = str(label or "").strip()[:MOST_LABEL] or str(next(iter(fields.values()), ""))
    given = {name: value for name, value in fields.items() if value not in (None, "")}
    try:
        check = msgspec.convert(given, KINDS[kind], strict=False)
    except msgspec.ValidationError as error:
        return Found(named, None, why=str(error))
    seconds = float(every_s) if isinstance(every_s, int | float | str) and _is_number(every_s) else EVERY_S
    return Found(named, check, max(LEAST_EVERY_S, seconds))


def _is_number(value: float | str) -> bool:
    try:
        return float(value) > 0
    except ValueError:
        return False
