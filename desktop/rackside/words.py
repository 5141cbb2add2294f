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
    """Return how long ago something was: `now`, `5 min ago`, `2 h ago`, `3 d ago`, and from a week on its date."""
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


def span(seconds: float) -> str:
    """Return a length of time in words, whole: `12 minutes`, `5 hours`, `3 days`; nothing is shorter than a minute."""
    for unit, length_s in (("day", DAY_S), ("hour", HOUR_S)):
        if seconds >= 2 * length_s:
            return f"{seconds / length_s:,.0f} {unit}s"
    minutes = max(1, round(seconds / MINUTE_S))
    return f"{minutes} minute{'s' if minutes != 1 else ''}"


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
    return _scaled(number, ("", "k", "M", "G"), THOUSAND)


def counted(number: int, noun: str) -> str:
    """Return a count with its noun: `1 comment`, `2 comments`."""
    return f"{count(number)} {noun}" if number == 1 else f"{count(number)} {noun}s"


def replied(replies: int, *, solved: bool, how_to: bool = False) -> str:
    """Return what stands below the number of a thread's replies: `replies`, or what the thread is beyond them."""
    if how_to:
        return "how-to"
    if solved:
        return "solved"
    return "reply" if replies == 1 else "replies"


def size(number_bytes: float) -> str:
    """Return a size in binary units with one digit after the point below ten: `3.4 MiB`."""
    return _scaled(number_bytes, (" B", " KiB", " MiB", " GiB", " TiB", " PiB"), KIBI)


def _scaled(number: float, units: tuple[str, ...], step: int) -> str:
    """Scale a number to the unit in which it is shortest; what rounds up to a whole step takes the next unit."""
    place = 0
    while round(abs(number)) >= step and place < len(units) - 1:
        number, place = number / step, place + 1
    short = place and round(abs(number), 1) < TEN
    return f"{number:.1f}{units[place]}" if short else f"{number:.0f}{units[place]}"


def _local(at_s: float) -> datetime:
    return datetime.fromtimestamp(at_s).astimezone()
