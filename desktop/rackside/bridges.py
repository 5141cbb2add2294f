"""Where one slice needs what another knows. Slices never import each other; the composition root hands them these."""

import re
from typing import Final

from rackside.answers import capsule as capsules
from rackside.answers.capsule import SPAN_S, Recent
from rackside.answers.data import similar
from rackside.answers.mask import Masked, mask, masked
from rackside.answers.names import known_names
from rackside.store import Store, documents, local
from rackside.threads.offer import Offer
from rackside.watch import limits
from rackside.watch.model import Alert, Machine, Snapshot
from rackside_protocol.threads import Thread

MOST_TITLE: Final = 160
LED_BY_NAME: Final = re.compile(r"^<\w+>:\s*")
"""A masked machine before what it has says nothing in a title."""


def threads_like(store: Store, text: str, alert_id: str = "") -> list[tuple[str, str]]:
    """Return link and title of threads like a text that is being written, and like the alert that it is about."""
    alert = local.alert(store, alert_id) if alert_id else None
    return [(f"thread:{each.thread.id}", each.thread.title) for each in similar(store, text, alert)]


def offer_of(store: Store, alert_id: str, machine: Machine, snapshot: Snapshot) -> Offer:
    """Return what a question about an alert may carry; of one that is not known, what the machine is."""
    names = known_names(machine.name)

    def hide(text: str) -> Masked:
        return masked(text, names=names)

    alert = local.alert(store, alert_id) if alert_id else None
    if alert is None:
        return Offer(capsules.capsule(_machine(machine), names=names), hide)
    facts = [("Alert", alert.summary), *_machine(machine)]
    made = capsules.capsule(facts, names=names, recent=_recent(store, alert, snapshot))
    title = LED_BY_NAME.sub("", mask(alert.summary, names=names))[:MOST_TITLE]
    return Offer(made, hide, alert=alert.id, title=title, signature=alert.signature)


def alert_of(store: Store, thread_id: str) -> str:
    """Return the id of an open alert here that has a thread's signature, or the empty string."""
    thread = documents.get(store, thread_id)
    signature = thread.signature if isinstance(thread, Thread) else ""
    return next((each.id for each in local.open_alerts(store) if signature and each.signature == signature), "")


def _machine(machine: Machine) -> list[tuple[str, str]]:
    return [
        ("System", f"{machine.system}, kernel {machine.kernel}"),
        ("Size", f"{machine.cores} cores, {machine.memory_bytes / 2**30:.0f} GiB of memory"),
    ]


def _recent(store: Store, alert: Alert, snapshot: Snapshot) -> Recent | None:
    """Return the half hour before an alert's reading was last seen, from its history."""
    ended = snapshot.at_s or alert.cleared_at_s or alert.raised_at_s
    points = [
        (point.at_s, point.mean)
        for point in local.history(store, alert.reading, "hour", ended)
        if point.at_s > ended - SPAN_S
    ]
    reading = snapshot.readings.get(alert.reading)
    unit = reading.unit if reading else ""
    levels = (level for rule in limits.RULES if rule.kind == alert.kind for level in rule.levels)
    limit = next((level.raise_at for level in levels if level.severity == alert.severity), None)
    return Recent(points, unit, f"{alert.severity} at {limit:.4g} {unit}".rstrip() if limit is not None else "")
