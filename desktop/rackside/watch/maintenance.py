"""When maintenance is. Pure; what repeats does so at the local time of its beginning, whatever summer time does."""

from datetime import UTC, datetime, timedelta
from typing import Final

from rackside.store.hosts import Host, Maintenance

STEPS: Final = {"daily": timedelta(days=1), "weekly": timedelta(weeks=1)}
LONGEST: Final = {"once": timedelta(days=366), "daily": timedelta(days=1), "weekly": timedelta(weeks=1)}
"""What repeats is over before it begins again."""


def covers(each: Maintenance, at_s: float) -> bool:
    """Return whether a moment, seconds since the epoch, lies within a time of maintenance."""
    return begun_s(each, at_s) is not None


def begun_s(each: Maintenance, at_s: float) -> float | None:
    """Return when the time that holds a moment began, or None when none holds it."""
    lasts_s = each.ends_s - each.starts_s
    if at_s < each.starts_s:
        return None
    if each.repeat == "once":
        return each.starts_s if at_s < each.ends_s else None
    first = datetime.fromtimestamp(each.starts_s, UTC).astimezone().replace(tzinfo=None)
    now = datetime.fromtimestamp(at_s, UTC).astimezone().replace(tzinfo=None)
    step = STEPS[each.repeat]
    turns = (now - first) // step
    # An hour that summer time takes or gives may put the newest beginning behind the moment, or one before it.
    for turn in (turns + 1, turns, turns - 1):
        begins_s = (first + turn * step).astimezone().timestamp()
        if begins_s >= each.starts_s and begins_s <= at_s < begins_s + lasts_s:
            return begins_s
    return None


def wrong(each: Maintenance) -> str:
    """Say what is wrong with a time of maintenance; the empty string when nothing is."""
    if each.ends_s <= each.starts_s:
        return "It ends before it begins."
    if timedelta(seconds=each.ends_s - each.starts_s) > LONGEST[each.repeat]:
        return "It is not over before it begins again."
    return ""


def in_force(windows: list[Maintenance], host: Host, at_s: float) -> Maintenance | None:
    """Return the maintenance that a machine is in now, or None."""
    for each in windows:
        of_it = each.host == host.name if each.host else not each.group or each.group == host.group
        if of_it and covers(each, at_s):
            return each
    return None
