"""Lines of classic files: RFC 3164 and RFC 5424 with their times, and what programs write by themselves. Pure."""

import re
import time
from contextlib import suppress
from datetime import datetime
from typing import Final

from rackside.watch.logs.levels import guess
from rackside.watch.logs.limits import DAY_S
from rackside.watch.logs.line import Line
from rackside.watch.proc import printable

_ISO: Final = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?"
_SYSLOG: Final = re.compile(
    rf"(?:<(?P<priority>\d{{1,3}})>)?(?P<stamp>{_ISO}|[A-Z][a-z]{{2}} [ \d]\d \d\d:\d\d:\d\d)"
    r"\s+\S+\s+(?P<unit>[^\s:\[]{1,128})(?:\[[^\]]{0,32}\])?:\s?(?P<text>.*)",
    re.DOTALL,
)
_NEW_SYSLOG: Final = re.compile(
    rf"<(?P<priority>\d{{1,3}})>1 (?P<stamp>{_ISO}|-) \S+ (?P<unit>\S{{1,128}}) \S+ \S+ "
    r"(?:-|(?:\[(?:[^\]\\]|\\.)*\])+) ?(?:\N{BOM})?(?P<text>.*)",
    re.DOTALL,
)
_OWN: Final = re.compile(
    r"\[?(?P<stamp>\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?)\]?"
)
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def read_line(raw: bytes, unit: str, at_s: float) -> Line:
    """Return what a line says; one that says no time or no unit has what is given, and no severity has it guessed."""
    text = raw.decode("utf-8", "replace").rstrip("\r\n")
    found = _SYSLOG.match(text) or _NEW_SYSLOG.match(text)
    if found is None:
        own = _OWN.match(text)
        return _line(stamp_s(own["stamp"] if own else "", at_s), unit, guess(text), text[own.end() :] if own else text)
    level = int(found["priority"]) & 7 if found["priority"] else guess(found["text"])
    return _line(stamp_s(found["stamp"], at_s), found["unit"], level, found["text"])


def stamp_s(stamp: str, at_s: float) -> float:
    """Return a time in seconds since the epoch; what cannot be read is now, and no time is in the future.

    RFC 3164 says no year: it is the last in which that day has been.
    """
    moment = at_s
    with suppress(ValueError, OverflowError):
        if stamp[:1].isdigit():
            moment = datetime.fromisoformat(stamp.replace("/", "-").replace(",", ".")).timestamp()
        elif stamp[:3] in _MONTHS:
            moment = _this_year_s(stamp, at_s)
    return min(moment, at_s)


def _this_year_s(stamp: str, at_s: float) -> float:
    month, day = _MONTHS.index(stamp[:3]) + 1, int(stamp[4:6])
    hour, minute, second = (int(part) for part in stamp[7:].split(":"))
    year = time.localtime(at_s).tm_year
    moment = time.mktime((year, month, day, hour, minute, second, 0, 0, -1))
    return moment if moment <= at_s + DAY_S else time.mktime((year - 1, month, day, hour, minute, second, 0, 0, -1))


def _line(at_s: float, unit: str, level: int, text: str) -> Line:
    return Line(at_s=at_s, unit=printable(unit), level=level, text=printable(text.replace("\t", " ").strip()))
