"""What the store holds of this machine: what a tile's line begins with, and the sidebar's head. No Qt."""

from typing import TYPE_CHECKING, Final

from rackside.figures import span_of
from rackside.kit.palette import SEVERITY_TONES
from rackside.machine.views import HeaderView
from rackside.store import Store, documents, local
from rackside.watch.model import SEVERITIES, Machine
from rackside.words import clock

if TYPE_CHECKING:
    from rackside.sync.loop import Status

PHASES: Final = {
    "offline": "Offline",
    "no consent": "Not connected",
    "signed out": "Signed out",
    "trouble": "Sync has trouble",
}


def load_line(store: Store, key: str, now_s: float) -> list[float]:
    """Load what a tile's line begins with: the means of the last hour."""
    return [each.mean for each in local.history(store, key, "hour", now_s)]


def load_header(store: Store, machine: Machine, status: "Status | None", now_s: float) -> HeaderView:
    """Load the sidebar's head. Alerts that the person acknowledged or snoozed are not counted."""
    loud = [alert for alert in local.open_alerts(store) if not alert.is_silent(now_s)]
    worst = max((alert.severity for alert in loud), key=SEVERITIES.index, default="info")
    threads = documents.count_threads(store)
    kept = f"{threads:,} thread{'s' if threads != 1 else ''} offline"
    return HeaderView(
        host=machine.name,
        system=f"{machine.system} · up {span_of(max(0.0, now_s - machine.booted_s))}",
        sync=f"{_sync_words(status, documents.last_synced_ms(store) / 1_000, now_s)} · {kept}",
        trouble=status.remedy if status and status.phase not in {"synced", "syncing", "connecting"} else "",
        alerts=len(loud),
        worst=SEVERITY_TONES[worst],
    )


def _sync_words(status: "Status | None", last_s: float, now_s: float) -> str:
    """Say how sync stands; before it began, when it last did."""
    phase = status.phase if status else "connecting"
    if phase in {"synced", "connecting"} and last_s:
        return f"Synced {clock(last_s, now_s)}"
    if status and phase == "syncing":
        return status.sentence.rstrip(".") or "Syncing"
    if phase == "offline" and last_s:
        return f"Offline since {clock(last_s, now_s)}"
    return PHASES.get(phase, "Connecting")
