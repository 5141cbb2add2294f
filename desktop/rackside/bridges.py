"""Where one slice needs what another knows. Slices never import each other; the composition root hands them these."""

from typing import Final

from rackside.answers import capsule as capsules
from rackside.answers.context import from_text
from rackside.answers.data import similar
from rackside.store import Store, local
from rackside.watch.model import Machine, Snapshot

RECENT_SHOWN: Final = 30


def threads_like(store: Store, text: str) -> list[tuple[str, str]]:
    """Return link and title of threads like a text that is being written."""
    return [(f"thread:{each.thread.id}", each.thread.title) for each in similar(store, from_text(text))]


def capsule_of(store: Store, alert_id: str, machine: Machine, snapshot: Snapshot) -> str:
    """Return the masked context of a question about an alert; empty when the alert is not known."""
    alert = local.alert(store, alert_id)
    if alert is None:
        return ""
    facts = [
        ("Alert", alert.summary),
        ("System", f"{machine.system}, kernel {machine.kernel}"),
        ("Size", f"{machine.cores} cores, {machine.memory_bytes / 2**30:.0f} GiB of memory"),
        ("Signature", alert.signature),
    ]
    recent = snapshot.recent.get(alert.reading, ())[-RECENT_SHOWN:]
    return capsules.capsule(facts, names=[machine.name], recent=recent)
