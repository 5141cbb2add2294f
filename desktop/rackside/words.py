"""Numbers and times as a person reads them. Times are seconds since the epoch and are shown in local time."""

import time
from datetime import datetime
from typing import Final

MINUTE_S: Final = 60
HOUR_S: Final = 3_600
DAY_S: Final = 86_400
THOUSAND: Final = 1_000
KIBI: Final = 1_024
TEN: Final = 10
"""From ten on, a scaled number has no digit after the point."""


def ago(at_s: float, now_s: float | None = None) -> str:
    """Return how long ago something was: `now`, `5 min`, `2 h`, `3 d`, and from a week on its date."""
    now_s = time.time() if now_s is None else now_s
    passed = now_s - at_s
    if passed < MINUTE_S:
        return "now"
    if passed < HOUR_S:
        return f"{passed // MINUTE_S:.0f} min ago"
    if passed < DAY_S:
        return f"{passed // HOUR_S:.0f} h ago"
    if passed < 7 * DAY_S:
        return f"{passed // DAY_S:.0f} d ago"
    return date(at_s, now_s)


def date(at_s: float, now_s: float | None = None) -> str:
    """Return a date, `3 Mar`; with its year when that is another than now's."""
    then = _local(at_s)
    year = "" if then.year == _local(time.time() if now_s is None else now_s).year else f" {then.year}"
    return f"{then.day} {then:%b}{year}"


def date_and_time(at_s: float) -> str:
    """Return a moment in full, as tooltips have it."""
    return f"{_local(at_s):%Y-%m-%d %H:%M:%S}"


def clock(at_s: float, now_s: float | None = None) -> str:
    """Return the time of day, with the date before it when that is not today."""
    then, now = _local(at_s), _local(time.time() if now_s is None else now_s)
    return f"{then:%H:%M}" if then.date() == now.date() else f"{date(at_s, now_s)} {then:%H:%M}"


def count(number: int) -> str:
    """Return a count of at most four characters: `999`, `1.2k`, `12k`, `3.4M`."""
    if abs(number) < THOUSAND:
        return str(number)
    scaled, unit = (number / THOUSAND, "k") if abs(number) < THOUSAND**2 else (number / THOUSAND**2, "M")
    return f"{scaled:.0f}{unit}" if abs(scaled) >= TEN else f"{scaled:.1f}{unit}"


def counted(number: int, noun: str) -> str:
    """Return a count with its noun: `1 comment`, `2 comments`."""
    return f"{count(number)} {noun}" if number == 1 else f"{count(number)} {noun}s"


def size(number_bytes: float) -> str:
    """Return a size in binary units with one digit after the point below ten: `3.4 MiB`."""
    unit = "B"
    for larger in ("KiB", "MiB", "GiB", "TiB"):
        if abs(number_bytes) < KIBI:
            break
        number_bytes, unit = number_bytes / KIBI, larger
    return f"{number_bytes:.0f} {unit}" if unit == "B" or number_bytes >= TEN else f"{number_bytes:.1f} {unit}"


def _local(at_s: float) -> datetime:
    return datetime.fromtimestamp(at_s).astimezone()
