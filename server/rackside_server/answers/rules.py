"""Numbers and arithmetic of the answer pack and of the ledger of verified fixes. Pure; RULES of the community."""

from collections.abc import Sequence
from typing import Final

BEST_OF_AN_ALERT: Final = 8
"""Threads in the pack for one kind of alert; the console shows three, and ranks them by its own query first."""
OTHER_POSTS: Final = 2
"""Posts beside the accepted answer."""
ACCEPTED_VOTES: Final = 10
"""What the asker's word is worth, in helpful votes."""
TEXT_CHARACTERS: Final = 2_000
"""Of each text. With all four, and all kinds of alerts, the whole pack stays under 2 MB; in practice under 0.5."""
ELLIPSIS: Final = "\N{HORIZONTAL ELLIPSIS}"
FENCE: Final = "```"
POINTS_VERIFIED_FIX: Final = 10
"""For each organisation whose alert cleared and stayed clear."""
CLEARED_HOURS: Final = 24
CLEARED_30_DAYS_HOURS: Final = 720
SYSTEMS_SHOWN: Final = 8
WHOLE_WEIGHT: Final = 1_000
"""Thousandths of a machine."""
WEIGHT_STEP: Final = 20
"""What an organisation's word is worth moves by no less, so that one report does not touch all its others."""
AUTHOR_SHARES: Final = (0.3, 1.0)
"""Of a whole weight, by authors whose posts an organisation reported on; more as the last. A ring has one to praise."""
TRUST_SHARES: Final = (0.7, 1.0)
"""Of a whole weight, by trust level; higher levels as the last. Half of all members may be of level 0: less than this
wastes what honest ones tell, more lets a ring of level 0 with two authors rise."""
KNOWN_WEIGHT: Final = 750
"""From which a word is a known one: of two authors, of trust level 1, and not suspected."""
NEWCOMERS_SHARE: Final = 1.5
"""What words that are not known may weigh together, of what the known ones do; less wastes what honest ones tell."""
JUDGES: Final = 5
"""Other organisations that must have reported on the same before an organisation is held to their word."""
CLEAR_MAJORITY: Final = 0.75
"""Below it the fix itself works now and then, and who differs tells no lie."""
LIARS: Final = 0.05
"""Of all organisations; what is believed of one that was never judged."""
HONEST_AGREE: Final = 0.85
"""How often who tells the truth agrees with a clear majority: a fix that mostly works does not always."""
LIARS_AGREE: Final = 0.35
"""How often who praises everything, or tells the opposite, does."""
INVITED: Final = 3
"""Members who are asked to look at one question."""
INVITATIONS_A_WEEK: Final = 3
"""Of each member."""
ASIDE_IN_A_ROW: Final = 3
"""Questions that a member puts aside one after the other, after which she is left alone."""
LEFT_ALONE_DAYS: Final = 90
LOOKED_AT: Final = 300
"""Latest reports on an alert, and latest threads of a group, among which members who can help are looked for."""


def score(*, accepted: bool, most_helpful: int, me_too: int) -> int:
    """Return how much a thread's answers are worth to who has the same alert.

    Args:
        accepted: whether the asker says that one solved it.
        most_helpful: helpful votes of the post that has most.
        me_too: members who had it, too.
    """
    return ACCEPTED_VOTES * accepted + most_helpful + me_too


def cut(text: str) -> str:
    """Return a Markdown text, or its beginning up to a line's end, with an ellipsis and no code block left open."""
    if len(text) <= TEXT_CHARACTERS:
        return text
    head = text[:TEXT_CHARACTERS]
    lines, _, _ = head.rpartition("\n")
    kept = (lines or head).rstrip()
    close = f"\n{FENCE}" if kept.count(FENCE) % 2 else ""
    return f"{kept}{close}\n\n{ELLIPSIS}"


def weight(*, authors: int, trust_level: int, agreed: int, judged: int) -> int:
    """Return what an organisation's word is worth, in thousandths of a machine.

    Args:
        authors: different authors whose posts it reported on.
        trust_level: that of the member who reports.
        agreed: its reports that a clear majority of the others agrees with.
        judged: its reports on which the others have a clear majority.
    """
    breadth = AUTHOR_SHARES[min(max(authors, 1), len(AUTHOR_SHARES)) - 1]
    trust = TRUST_SHARES[max(0, min(trust_level, len(TRUST_SHARES) - 1))]
    honest = (1 - LIARS) * HONEST_AGREE**agreed * (1 - HONEST_AGREE) ** (judged - agreed)
    lying = LIARS * LIARS_AGREE**agreed * (1 - LIARS_AGREE) ** (judged - agreed)
    return WEIGHT_STEP * round(WHOLE_WEIGHT * breadth * trust * honest / (honest + lying) / WEIGHT_STEP)


def credit(weights: Sequence[int], cleared: Sequence[bool]) -> tuple[int, int]:
    """Return what words on one fix weigh together, and those that say that it cleared, in thousandths of machines.

    Words that are not known weigh together at most half as much again as the known ones, or as the weightiest of them:
    each less by the same share. So members who joined to praise one answer weigh as one of them, whatever their number.
    """
    known = sum(each for each in weights if each >= KNOWN_WEIGHT)
    new = sum(weights) - known
    bound = max(NEWCOMERS_SHARE * known, *(each for each in weights if each < KNOWN_WEIGHT), 0)
    share = min(1.0, bound / new) if new else 1.0
    counted = [each if each >= KNOWN_WEIGHT else each * share for each in weights]
    return round(sum(counted)), round(sum(each for each, did in zip(counted, cleared, strict=True) if did))


def agrees(*, own: bool, cleared: int, tried: int) -> bool | None:
    """Say whether a report agrees with a clear majority of the others; None where there is none."""
    if tried < JUDGES:
        return None
    share = cleared / tried
    if max(share, 1 - share) < CLEAR_MAJORITY:
        return None
    return own == (share > 1 / 2)
