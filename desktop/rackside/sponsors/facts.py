"""What this machine knows of itself, as the words that sponsors' terms are compared with. It never leaves."""

from collections.abc import Iterable
from datetime import datetime

from rackside.settings import Settings
from rackside.sponsors.choose import Calm, Facts
from rackside.watch.model import Machine, Snapshot


def facts(snapshot: Snapshot, machine: Machine, topics: Iterable[str] = ()) -> Facts:
    """Gather the words: kinds of open alerts, file systems, operating system, busiest processes, topics followed."""
    words = {alert.kind for alert in snapshot.alerts}
    words |= {reading.kind for reading in snapshot.readings.values() if reading.kind}
    words |= {*machine.system.lower().split(), *topics}
    return Facts(frozenset(words), frozenset(process.name.lower() for process in snapshot.processes))


def calm(snapshot: Snapshot, settings: Settings, trust_level: int, now: datetime) -> Calm:
    """Judge whether anything may be shown; `now` is local time."""
    wants = settings.sponsors
    return Calm(
        critical_alert=any(alert.severity == "critical" and not alert.acknowledged_at_s for alert in snapshot.alerts),
        quiet_hours=_within(now.hour, wants.quiet_from_h, wants.quiet_to_h),
        presenting=wants.presenting,
        switched_off=not wants.show or not settings.consent,
        trust_level=trust_level,
        wants_sponsors=wants.wanted_at_high_trust,
    )


def _within(hour: int, first: int, last: int) -> bool:
    """Return whether an hour is in a span that may go over midnight; an empty span holds no hour."""
    return first <= hour < last if first <= last else hour >= first or hour < last
