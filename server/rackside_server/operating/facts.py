"""How the server is: of its database, its disk and the figures of its processes, for pages, metrics and status."""

import shutil
from pathlib import Path
from typing import Any, Final

import msgspec
from django.conf import settings
from django.db import connection

from rackside_server.feed.clock import now_ms
from rackside_server.operating import measures
from rackside_server.operating.backups import last_backup
from rackside_server.operating.tidy import WORK

LOOKED_AT: Final = 100_000
"""So many of the newest actions are looked at to tell how many came lately: above 28 a second the hour is too low."""
MINUTE_MS: Final = 60 * 1_000
HOUR_MS: Final = 60 * MINUTE_MS

_CHANNELS: Final = "SELECT count(*), coalesce(sum(head), 0) FROM feed_channel"
_MEMBERS: Final = "SELECT count(*) FROM accounts_member WHERE is_active"
_RECENT: Final = """
    SELECT coalesce(sum(CASE WHEN received_ms >= %s THEN 1 ELSE 0 END), 0),
           coalesce(sum(CASE WHEN received_ms >= %s THEN 1 ELSE 0 END), 0), max(received_ms)
    FROM (SELECT received_ms FROM feed_receivedaction ORDER BY id DESC LIMIT %s) newest
"""
_TIDIED: Final = "SELECT ended_ms FROM operating_turn WHERE work = %s"
_SIZE: Final = "SELECT pg_database_size(current_database())"
_OLDEST: Final = """
    SELECT extract(epoch FROM max(now() - xact_start))::float FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL
"""
_RECOVERY: Final = """
    SELECT pg_is_in_recovery(), CASE WHEN pg_is_in_recovery() AND pg_last_wal_receive_lsn() <> pg_last_wal_replay_lsn()
    THEN extract(epoch FROM now() - pg_last_xact_replay_timestamp())::float ELSE 0 END
"""
_STANDBYS: Final = """
    SELECT application_name, state, coalesce(extract(epoch FROM replay_lag)::float, 0),
           coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn), 0)::bigint
    FROM pg_stat_replication ORDER BY application_name
"""


class Standby(msgspec.Struct, frozen=True):
    """A streaming standby of this PostgreSQL, and how far it is behind."""

    name: str
    state: str
    lag_s: float
    lag_bytes: int


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """How the server is. What is not known, or not so on this database, is None."""

    at_ms: int
    database: str
    channels: int
    head_sum: int
    members: int
    newest_action_age_s: float | None
    actions_last_minute: int
    actions_last_hour: int
    database_bytes: int
    free_bytes: int
    oldest_transaction_s: float | None = None
    in_recovery: bool = False
    replay_lag_s: float = 0.0
    standbys: list[Standby] = []
    backup_age_s: float | None = None
    tidied_age_s: float | None = None


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """What the processes have counted since the server started; `processes` are those of this machine that live."""

    processes: int
    waiting: int
    requests: dict[str, int]
    actions: dict[str, int]
    errors: dict[str, int]
    slow: dict[str, int]
    slow_s: dict[str, float]


def read_facts() -> Facts:
    """Read the facts; a database that cannot be reached raises Django's `OperationalError`."""
    now = now_ms()
    channels, head_sum = _row(_CHANNELS)
    minute, hour, newest_ms = _row(_RECENT, now - MINUTE_MS, now - HOUR_MS, LOOKED_AT)
    tidied = _row(_TIDIED, WORK)
    backup = last_backup(settings.CONFIGURATION.data_dir)
    return Facts(
        at_ms=now,
        database=connection.vendor,
        channels=channels,
        head_sum=int(head_sum),
        members=_row(_MEMBERS)[0],
        newest_action_age_s=_age_s(now, newest_ms),
        actions_last_minute=int(minute),
        actions_last_hour=int(hour),
        free_bytes=shutil.disk_usage(settings.CONFIGURATION.data_dir).free,
        backup_age_s=_age_s(now, backup.at_ms if backup is not None else None),
        tidied_age_s=_age_s(now, tidied[0] if tidied else None),
        **(_of_postgresql() if connection.vendor == "postgresql" else {"database_bytes": _sqlite_bytes()}),
    )


def read_figures(folder: Path | None = None) -> Figures:
    """Read what this server's processes have counted: of all that keep figures in a folder, else of this one."""
    registry = measures.registry_in(folder) if folder is not None else measures.registry_of_all()
    return Figures(
        processes=measures.processes(folder),
        waiting=int(sum(measures.samples(registry, "rackside_waiting_consoles", "").values())),
        requests=_whole(measures.samples(registry, "rackside_requests_total", "status")),
        actions=_whole(measures.samples(registry, "rackside_actions_total", "outcome")),
        errors=_whole(measures.samples(registry, "rackside_errors_total", "logger")),
        slow=_whole(measures.samples(registry, "rackside_slow_statements_total", "statement")),
        slow_s=measures.samples(registry, "rackside_slow_statement_seconds_total", "statement"),
    )


def _of_postgresql() -> dict[str, Any]:
    in_recovery, replay_lag_s = _row(_RECOVERY)
    standbys = [] if in_recovery else [Standby(*row) for row in _rows(_STANDBYS)]
    return {
        "database_bytes": _row(_SIZE)[0],
        "oldest_transaction_s": _row(_OLDEST)[0] or 0.0,
        "in_recovery": in_recovery,
        "replay_lag_s": replay_lag_s or 0.0,
        "standbys": standbys,
    }


def _sqlite_bytes() -> int:
    file = Path(connection.settings_dict["NAME"])
    return sum(each.stat().st_size for each in file.parent.glob(f"{file.name}*") if each.is_file())


def _age_s(now: int, at_ms: int | None) -> float | None:
    return max(0, now - at_ms) / 1_000 if at_ms else None


def _whole(counts: dict[str, float]) -> dict[str, int]:
    return {key: int(value) for key, value in counts.items()}


def _row(statement: str, *parameters: int | str) -> tuple[Any, ...]:
    rows = _rows(statement, *parameters)
    return rows[0] if rows else ()


def _rows(statement: str, *parameters: int | str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(parameters))
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
