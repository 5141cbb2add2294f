"""When something is wrong with the server, and what to do next. Pure; docs/operating.md alerts by the same limits."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from rackside_server.operating.facts import Facts, Figures

GIB: Final = 1024**3
FREE_BYTES_WANTED: Final = GIB
BACKUP_WITHIN_S: Final = 26 * 60 * 60
"""A day, and two hours for a timer's jitter and the time a backup takes."""
TIDIED_WITHIN_S: Final = 3 * 60 * 60
TRANSACTION_WITHIN_S: Final = 5 * 60
STANDBY_LAG_S: Final = 30.0
STANDBY_LAG_BYTES: Final = 256 * 1024 * 1024
OLD_COMMUNITY_CHANGES: Final = 100
"""With fewer changes there is little to lose yet, and nothing is said of a backup that was never made."""


class Problem(NamedTuple):
    """Something that is wrong, and what to do next."""

    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.what} {self.remedy}"


def problems(facts: Facts, figures: Figures, *, backups_elsewhere: bool) -> Iterator[Problem]:
    """Yield what is wrong, worst first."""
    if facts.free_bytes < FREE_BYTES_WANTED:
        free = f"Disk: {facts.free_bytes // 2**20} MiB are free in the data folder."
        yield Problem(free, "Make room for at least 1 GiB.")
    if facts.in_recovery:
        standby = "Database: it is a standby and takes no writes."
        yield Problem(standby, "Promote it with pg_promote(), or point DATABASE_URL at the primary.")
    yield from _replication_problems(facts)
    if (facts.oldest_transaction_s or 0) > TRANSACTION_WITHIN_S:
        open_s = f"Database: a transaction has been open for {facts.oldest_transaction_s:,.0f} s."
        yield Problem(open_s, "Find it in pg_stat_activity by xact_start; pg_terminate_backend(pid) ends it.")
    if not backups_elsewhere:
        yield from backup_problems(facts)
    if figures.processes and facts.tidied_age_s is not None and facts.tidied_age_s > TIDIED_WITHIN_S:
        late = f"Tidying: it was last done {facts.tidied_age_s / 3_600:,.0f} hours ago."
        yield Problem(late, 'Look for "Tidying failed" in the log, then run rackside-server tidy.')


def backup_problems(facts: Facts) -> Iterator[Problem]:
    """Yield what is wrong with the backups."""
    remedy = (
        "Run rackside-server backup --keep 14 FOLDER daily, or set RACKSIDE_BACKUPS=elsewhere if something else does."
    )
    if facts.backup_age_s is None:
        if facts.head_sum >= OLD_COMMUNITY_CHANGES and facts.members > 1:
            yield Problem("Backup: none was ever made.", remedy)
    elif facts.backup_age_s > BACKUP_WITHIN_S:
        yield Problem(f"Backup: the last one is {facts.backup_age_s / 3_600:,.0f} hours old.", remedy)


def _replication_problems(facts: Facts) -> Iterator[Problem]:
    for standby in facts.standbys:
        if standby.state != "streaming":
            yield Problem(f"Standby {standby.name}: it is in state {standby.state}.", "Look at its own log.")
        elif standby.lag_s > STANDBY_LAG_S or standby.lag_bytes > STANDBY_LAG_BYTES:
            behind = f"Standby {standby.name}: it is {standby.lag_s:,.0f} s and {standby.lag_bytes:,} bytes behind."
            yield Problem(behind, "Look at its disk and its network.")
