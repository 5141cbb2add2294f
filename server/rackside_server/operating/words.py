"""Facts and figures in words, for the terminal and the page."""

from typing import Final

from rackside_server.operating.facts import Facts, Figures

MINUTE_S: Final = 60
HOUR_S: Final = 60 * MINUTE_S
DAY_S: Final = 24 * HOUR_S
KIB: Final = 1024
UNITS: Final = ("bytes", "KiB", "MiB", "GiB", "TiB")


def described(facts: Facts, figures: Figures) -> list[tuple[str, str]]:
    """Return the name of each fact and its value in words."""
    running = f"{figures.processes} on this machine" if figures.processes else "none on this machine"
    queue = f"{facts.actions_last_minute:,} in the last minute, {facts.actions_last_hour:,} in the last hour"
    lines = [
        ("Processes", running),
        ("Consoles waiting", f"{figures.waiting:,}"),
        ("Actions received", queue),
        ("Newest action", ago(facts.newest_action_age_s)),
        ("Members", f"{facts.members:,}"),
        ("Channels", f"{facts.channels:,}, {facts.head_sum:,} changes in all"),
        ("Database", f"{facts.database}, {size(facts.database_bytes)}"),
        ("Free on its disk", size(facts.free_bytes)),
        ("Last backup", ago(facts.backup_age_s)),
        ("Last tidied", ago(facts.tidied_age_s)),
    ]
    if facts.oldest_transaction_s is not None:
        lines.append(("Oldest transaction", f"{facts.oldest_transaction_s:,.1f} s"))
    if facts.in_recovery:
        lines.append(("Standby", f"yes, {facts.replay_lag_s:,.1f} s behind its primary"))
    lines += [
        (f"Standby {each.name}", f"{each.state}, {each.lag_s:,.1f} s and {size(each.lag_bytes)} behind")
        for each in facts.standbys
    ]
    lines += [(f"Answers {status}", f"{number:,}") for status, number in sorted(figures.requests.items())]
    return lines


def ago(age_s: float | None) -> str:
    """Return an age in words; None is never."""
    if age_s is None:
        return "never"
    if age_s < MINUTE_S:
        return f"{age_s:.0f} s ago"
    if age_s < HOUR_S:
        return f"{age_s / MINUTE_S:.0f} min ago"
    return f"{age_s / HOUR_S:.0f} h ago" if age_s < 2 * DAY_S else f"{age_s / DAY_S:.0f} days ago"


def size(size_bytes: int) -> str:
    """Return a size in words."""
    power = min(len(UNITS) - 1, max(0, size_bytes.bit_length() - 1) // 10)
    return f"{size_bytes / KIB**power:,.{1 if power else 0}f} {UNITS[power]}"
