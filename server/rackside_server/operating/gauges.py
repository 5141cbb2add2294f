"""The facts as gauges of Prometheus, read when they are scraped and kept for a few seconds."""

import time
from collections.abc import Iterator
from threading import Lock
from typing import Final

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from rackside_server.operating.facts import Facts, read_facts
from rackside_server.operating.measures import registry_of_all

KEPT_S: Final = 10.0
"""Several scrapers, and a page that is reloaded, cost the database no more than one."""
GAUGES: Final = {
    "rackside_channels": ("Channels of the feed.", "channels"),
    "rackside_head_sum": ("Sum of the channels' heads: changes made since the beginning.", "head_sum"),
    "rackside_members": ("Active members.", "members"),
    "rackside_newest_action_age_seconds": ("Time since an action was received.", "newest_action_age_s"),
    "rackside_actions_last_minute": ("Actions received in the last minute.", "actions_last_minute"),
    "rackside_actions_last_hour": ("Actions received in the last hour.", "actions_last_hour"),
    "rackside_database_bytes": ("Size of the database.", "database_bytes"),
    "rackside_free_bytes": ("Free space where the data folder is.", "free_bytes"),
    "rackside_oldest_transaction_seconds": ("Age of the oldest open transaction.", "oldest_transaction_s"),
    "rackside_in_recovery": ("1 if the database is a standby.", "in_recovery"),
    "rackside_replay_lag_seconds": ("How far a standby is behind its primary.", "replay_lag_s"),
    "rackside_backup_age_seconds": ("Age of the last backup.", "backup_age_s"),
    "rackside_tidied_age_seconds": ("Time since tidying was last done.", "tidied_age_s"),
}
"""By the name of each gauge: what it means, and the fact it shows. A fact that is not known has no sample."""

_lock = Lock()
_kept: list[tuple[float, Facts]] = []


def recent_facts() -> Facts:
    """Return facts that are at most a few seconds old."""
    with _lock:
        if not _kept or time.monotonic() - _kept[0][0] > KEPT_S:
            _kept[:] = [(time.monotonic(), read_facts())]
        return _kept[0][1]


def forget() -> None:
    """Read the facts anew next time."""
    with _lock:
        _kept.clear()


class Everything(Collector):
    """Collects what the processes count, and the facts."""

    def collect(self) -> Iterator[Metric]:
        """Yield every metric; a fact that is not known has none."""
        yield from registry_of_all().collect()
        facts = recent_facts()
        for name, (help_text, field) in GAUGES.items():
            value = getattr(facts, field)
            if value is not None:
                yield GaugeMetricFamily(name, help_text, value=float(value))
        lag_s = GaugeMetricFamily("rackside_standby_lag_seconds", "Replay lag of a standby.", labels=["standby"])
        lag = GaugeMetricFamily(
            "rackside_standby_lag_bytes", "Log that a standby has not replayed.", labels=["standby"]
        )
        for standby in facts.standbys:
            lag_s.add_metric([standby.name], standby.lag_s)
            lag.add_metric([standby.name], standby.lag_bytes)
        yield from (lag_s, lag)
