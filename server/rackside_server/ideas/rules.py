"""Numbers and arithmetic of ideas: limits, moves between states, points, and which ideas are alike. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log

from rackside_protocol.ideas import CLOSED, State

DAY_MS = 24 * 60 * 60 * 1_000
RECENT_MS = 30 * DAY_MS
"""What `recent_votes` and `recent_comments` count, for the trending list."""
POINTS_PROPOSED = 2
POINTS_VOTE_GOT = 1
REASON_NEEDED: frozenset[State] = frozenset({"declined", "duplicate"})
IDEAS_A_DAY = 20
FIRST_DAY_IDEAS = 3
FIRST_DAY_COMMENTS = 10
"""Ideas as many as threads, comments as many as replies."""

ALIKE_FROM = 0.18
"""The least share of weighted words in common for which an idea is shown as similar."""
TITLE_WEIGHT = 2.0
_WORD = re.compile(r"[a-z0-9]{2,}")
_ENDINGS = ("ations", "ation", "ings", "ing", "ies", "ied", "ers", "er", "es", "ed", "s", "y")
_SHORTEST_STEM = 3
_COMMON = frozenset(
    _WORD.findall(
        "an and any are as at be by can could do for from get has have if in into is it its like make me more my not of"
        " on one or our please should so some than that the their them then there they this to us use want we when"
        " which will with would you your"
    )
)


@dataclass(frozen=True)
class Candidate:
    """An idea to be compared with."""

    id: str
    title: str
    body: str = ""


def over_budget(used: int, budget: int) -> str:
    """Say why one more vote is over the budget; empty when it is not."""
    if used < budget:
        return ""
    return f"All of your {budget} votes are on open ideas. Take one back, or wait until one of them closes."


def too_many_ideas(today: int, first_day: bool) -> str:
    """Say why one more idea is too many; empty when it is not."""
    allowed = FIRST_DAY_IDEAS if first_day else IDEAS_A_DAY
    if today < allowed:
        return ""
    return f"You have proposed {today} ideas in the last 24 hours, and {allowed} is the limit. Try tomorrow."


def too_many_comments(today: int, first_day: bool) -> str:
    """Say why one more comment is too many; empty when it is not."""
    if not first_day or today < FIRST_DAY_COMMENTS:
        return ""
    return f"On your first day you write at most {FIRST_DAY_COMMENTS} comments on ideas. Try tomorrow."


def is_closed(state: str) -> bool:
    """Return whether an idea in this state takes no votes and gives back those it has."""
    return state in CLOSED


def wrong_move(before: str, after: State, *, reason: str, duplicate_of: str | None, itself: str) -> str:
    """Say why staff cannot move an idea like this; empty when they can."""
    if after in REASON_NEEDED and not reason.strip():
        return f"Give the voters a reason: an idea that is {after} needs one."
    if (after == "duplicate") != (duplicate_of is not None):
        return "A duplicate names the idea its votes move to, and no other state does."
    if duplicate_of == itself:
        return "An idea is not a duplicate of itself. Name the other one."
    if before == "duplicate":
        return "Its votes have moved to the other idea already. Move that one on."
    return ""


def similar(title: str, body: str, ideas: Iterable[Candidate], *, limit: int = 5) -> list[str]:
    """Return the ids of the ideas most like a text, best first: shared words, rare ones weighing more.

    The score is the shared weight over the weight of the lesser text's words, words of a title counting double.
    """
    known = list(ideas)
    wanted = _weighted(title, body)
    texts = [_weighted(each.title, each.body) for each in known]
    rarity = _rarity([*texts, wanted])
    scored = sorted(
        ((_alike(wanted, text, rarity), each.id) for each, text in zip(known, texts, strict=True)),
        key=lambda pair: (-pair[0], pair[1]),
    )
    return [each for score, each in scored[:limit] if score >= ALIKE_FROM]


def _weighted(title: str, body: str) -> dict[str, float]:
    """Return each stem of a text with its weight: more in a title."""
    return {**dict.fromkeys(_stems(body), 1.0), **dict.fromkeys(_stems(title), TITLE_WEIGHT)}


def _stems(text: str) -> set[str]:
    return {_stem(word) for word in _WORD.findall(text.lower()) if word not in _COMMON}


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word.removesuffix(ending)
    return word


def _rarity(texts: Sequence[dict[str, float]]) -> dict[str, float]:
    """Return the inverse document frequency of each stem."""
    counts: dict[str, int] = {}
    for text in texts:
        for stem in text:
            counts[stem] = counts.get(stem, 0) + 1
    return {stem: log(1 + len(texts) / count) for stem, count in counts.items()}


def _alike(one: dict[str, float], other: dict[str, float], rarity: dict[str, float]) -> float:
    shared = sum(min(one[stem], other[stem]) * rarity[stem] for stem in one.keys() & other.keys())
    lesser = min(_mass(one, rarity), _mass(other, rarity))
    return shared / lesser if lesser else 0.0


def _mass(text: dict[str, float], rarity: dict[str, float]) -> float:
    return sum(weight * rarity[stem] for stem, weight in text.items())
