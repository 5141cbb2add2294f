"""What is delivered when: which changes matter to a way, quiet hours, flaps. Pure; times are epoch seconds."""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from rackside.settings import Delivery
from rackside.watch.delivery.model import Course, Transition, Wait, Way
from rackside.watch.limits import HOUR_S
from rackside.watch.model import SEVERITIES, Alert, Severity

BATCH_S: Final = 30.0
"""News wait so long for others: a switch that dies takes many along within a minute."""
FLAP_S: Final = HOUR_S
"""A signal is not told again within this time, unless it is worse."""
WEEK_H: Final = 7 * 24
DAY_H: Final = 24


class Due(NamedTuple):
    """When news go out, and what they wait for until then."""

    due_s: float
    wait: Wait = ""


def transition(course: Course | None, alert: Alert) -> Transition | None:
    """Return what became of an alert since it was seen last; None when nothing did, or it was over unseen."""
    if course is None or course.alert != alert.id:
        return "raised" if alert.is_open() else None
    if not course.open:
        return None
    if not alert.is_open():
        return "cleared"
    change = SEVERITIES.index(alert.severity) - SEVERITIES.index(course.severity)
    return None if not change else "worse" if change > 0 else "eased"


def takes(delivery: Delivery, way: Way, severity: Severity) -> bool:
    """Say whether a way is on and tells of alerts as bad as this. Information is never shown on the desktop."""
    least: Severity
    match way:
        case "desktop":
            on, least = delivery.desktop, delivery.desktop_least
        case "mail":
            on, least = delivery.mail.on, delivery.mail.least
        case "webhook":
            on, least = delivery.webhook.on, delivery.webhook.least
    return on and SEVERITIES.index(severity) >= SEVERITIES.index(least)


def is_on(delivery: Delivery, way: Way) -> bool:
    """Say whether a way is on."""
    return takes(delivery, way, "critical")


def begins(delivery: Delivery, way: Way, course: Course, alert: Alert, now_s: float) -> Due | None:
    """Return when a way tells that something is wrong; None when it does not, or the person knows.

    What was told less than an hour ago, as bad or worse, waits for the rest of the hour; what is snoozed, until it
    wakes; in quiet hours all but what may break them waits for their end.
    """
    if not takes(delivery, way, alert.severity) or alert.acknowledged_at_s:
        return None
    if now_s < alert.snoozed_until_s:
        return Due(alert.snoozed_until_s, "snoozed")
    heard = course.heard.get(way)
    if heard is not None and SEVERITIES.index(alert.severity) <= SEVERITIES.index(heard.severity):
        again_s = heard.at_s + FLAP_S
        if now_s < again_s:
            return Due(again_s, "flap")
    return _but_quiet(delivery, way, alert.severity, now_s)


def ends(delivery: Delivery, way: Way, course: Course, now_s: float) -> Due | None:
    """Return when a way tells that something is better; None when it did not tell that it was wrong.

    Who was woken by it hears the end of it too. The desktop shows that by itself.
    """
    heard = course.told(way)
    if way == "desktop" or heard is None or not is_on(delivery, way):
        return None
    return _but_quiet(delivery, way, heard.severity, now_s)


def quiet_until_s(delivery: Delivery, now_s: float) -> float:
    """Return when the quiet time ends that is now, 0 when none is; as many hours and days as lie side by side.

    Counted on the clock on the wall, so that a night with a change of the clock ends at the hour that was chosen. When
    the whole week is quiet, a week from now.
    """
    now = datetime.fromtimestamp(now_s).astimezone()
    if not _is_quiet(delivery, now):
        return 0.0
    wall = now.replace(minute=0, second=0, microsecond=0, tzinfo=None)
    for _ in range(WEEK_H):
        wall += timedelta(hours=1)
        if not _is_quiet(delivery, wall):
            break
    return max(wall.timestamp(), now_s + 1.0)


def _is_quiet(delivery: Delivery, local: datetime) -> bool:
    if not delivery.quiet:
        return False
    length = (delivery.quiet_to_h - delivery.quiet_from_h) % DAY_H
    in_hours = (local.hour - delivery.quiet_from_h) % DAY_H < length
    return in_hours or local.weekday() in delivery.quiet_days


def _but_quiet(delivery: Delivery, way: Way, severity: Severity, now_s: float) -> Due:
    quiet_s = quiet_until_s(delivery, now_s)
    if quiet_s and not (delivery.critical_breaks_quiet and severity == "critical"):
        return Due(quiet_s, "quiet")
    return Due(now_s if way == "desktop" else now_s + BATCH_S)
