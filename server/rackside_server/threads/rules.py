"""Numbers and arithmetic of threads: what may be written how often, and what it earns. Pure; RULES of the community.

Limits count over 24 hours, by when a member wrote (`feed.limits`). Staff are not limited.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rackside_server.feed.limits import DAY_MS, Recent

SECOND_MS = 1_000

FIRST_DAY_THREADS = 3
FIRST_DAY_POSTS = 10
FIRST_DAY_LINKS_A_TEXT = 2
FIRST_DAY_THREAD_EVERY_S = 120
FIRST_DAY_POST_EVERY_S = 30
THREADS_A_DAY = 20
HELPFUL_VOTES_A_DAY = 20
HELPFUL_VOTES_TO_ONE_PERSON_A_DAY = 6
"""NodeBB's numbers for reputation votes."""
MARKS_A_DAY = 20
"""Words on whether an answer still works: as many as helpful votes."""
VERSIONS_SHOWN = 5
VERSIONS_AGREED_BY = 2
"""Members besides the author who must name the same version before it stands on her answer."""

POINTS_ASK = 5
POINTS_REPLY = 1
POINTS_HELPFUL_GOT = 5
POINTS_ACCEPTED = 25
POINTS_ACCEPTING = 2

_LINK = re.compile(r"\bhttps?://|\bmailto:", re.IGNORECASE)


@dataclass(frozen=True)
class Limits:
    """What binds a member today; None where nothing does."""

    threads: int | None
    posts: int | None
    links_a_text: int | None
    thread_every_s: int = 0
    post_every_s: int = 0


NO_LIMITS = Limits(threads=None, posts=None, links_a_text=None)
FIRST_DAY_LIMITS = Limits(
    threads=FIRST_DAY_THREADS,
    posts=FIRST_DAY_POSTS,
    links_a_text=FIRST_DAY_LINKS_A_TEXT,
    thread_every_s=FIRST_DAY_THREAD_EVERY_S,
    post_every_s=FIRST_DAY_POST_EVERY_S,
)
MEMBER_LIMITS = Limits(threads=THREADS_A_DAY, posts=None, links_a_text=None)


def limits(*, unlimited: bool, joined_ms: int, now_ms: int) -> Limits:
    """Return what binds a member who joined at `joined_ms`."""
    if unlimited:
        return NO_LIMITS
    return FIRST_DAY_LIMITS if now_ms - joined_ms < DAY_MS else MEMBER_LIMITS


def too_many(noun: str, recent: Recent, allowed: int, every_s: int, now_ms: int) -> str:
    """Say why one more is too many, in a sentence that tells when to try again; empty when it is not."""
    if recent.count >= allowed:
        return f"You have written {recent.count} {noun} in the last 24 hours, and {allowed} is the limit. Try tomorrow."
    wait_s = every_s - (now_ms - recent.newest_ms) / SECOND_MS
    if every_s and recent.count and wait_s > 0:
        return f"On the first day, {noun} are {every_s} seconds apart. Try again in {int(wait_s) + 1} seconds."
    return ""


def too_many_votes(*, today: int, to_this_person: int) -> str:
    """Say why one more helpful vote is too many; empty when it is not."""
    if today >= HELPFUL_VOTES_A_DAY:
        return f"You have given {today} helpful votes in the last 24 hours, which is the limit. Try tomorrow."
    if to_this_person >= HELPFUL_VOTES_TO_ONE_PERSON_A_DAY:
        return f"You have given this person {to_this_person} helpful votes in the last 24 hours, which is the limit."
    return ""


def too_many_marks(today: int) -> str:
    """Say why one more word on whether an answer still works is too many; empty when it is not."""
    if today < MARKS_A_DAY:
        return ""
    return f"You have said of {today} answers in the last 24 hours whether they work, which is the limit. Try tomorrow."


def agreed_versions(named: Iterable[Sequence[str]]) -> list[str]:
    """Return the versions that enough members named, most named first; each spelled as it was first.

    Args:
        named: what each member named, oldest first.
    """
    spelled: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for versions in named:
        keys = {" ".join(version.split()).casefold(): " ".join(version.split()) for version in versions}
        counts.update(key for key in keys if key)
        spelled = keys | spelled
    agreed = [key for key, count in counts.most_common() if count >= VERSIONS_AGREED_BY]
    return [spelled[key] for key in agreed[:VERSIONS_SHOWN]]


def too_many_links(text: str, allowed: int | None) -> str:
    """Say why a text has too many links; empty when it has not."""
    found = len(_LINK.findall(text))
    if allowed is None or found <= allowed:
        return ""
    return f"A text has at most {allowed} links on your first day, and this one has {found}. Leave some out."
