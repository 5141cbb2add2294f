"""What peers made of an answer, in words: the machines it cured, and whether it still works. Pure."""

from collections.abc import Iterator
from typing import Literal

from rackside import words
from rackside_protocol.answers import FixRecord, Tally
from rackside_protocol.threads import Post


def cured(record: FixRecord, release: str) -> str:
    """Say what became of the machines that tried it, with those of this machine's system apart, or of the most."""
    counts = record.all
    machines = words.counted(counts.tried, "machine")
    sentence = f"Cleared on {words.count(counts.cleared)} of {machines}"
    if each := _nearest(record.systems, release):
        sentence += f" ({each.system}: {words.count(each.cleared)} of {words.count(each.tried)})"
    if counts.cleared_30_days:
        sentence += f" · {words.count(counts.cleared_30_days)} stayed clear for 30 days"
    return sentence


def by_system(record: FixRecord) -> str:
    """List every system that is known, one a line."""
    return "\n".join(f"{each.system}: {each.cleared} of {each.tried}" for each in record.systems)


def freshness(post: Post, now_s: float) -> Iterator[tuple[str, Literal["ok", "warn", "dim"]]]:
    """Yield what members say of whether it still works, each with its tone."""
    if post.outdated > post.works:
        yield f"Outdated, say {words.count(post.outdated)}", "warn"
    elif post.works:
        yield f"Still works, say {words.count(post.works)} · {words.ago(post.works_ms / 1000, now_s)}", "ok"
    for version in post.versions:
        yield f"For {version}", "dim"


def _nearest(systems: list[Tally], release: str) -> Tally | None:
    return next((each for each in systems if each.system == release), systems[0] if systems else None)
