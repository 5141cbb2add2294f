"""Numbers and arithmetic of the answer pack and of the ledger of verified fixes. Pure; RULES of the community."""

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
FULL_AUTHORS: Final = 3
"""Authors whose posts an organisation reported on, from which its word is whole: a ring has one to praise."""
TRUST_SHARES: Final = (0.5, 0.75, 1.0)
"""Of a whole weight, by trust level; higher levels as the last."""
JUDGES: Final = 5
"""Other organisations that must have reported on the same before an organisation is held to their word."""
CLEAR_MAJORITY: Final = 0.75
"""Below it the fix itself works now and then, and who differs tells no lie."""
BELIEVED: Final = 2
"""Agreements that everybody starts with."""
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
    breadth = min(max(authors, 1), FULL_AUTHORS) / FULL_AUTHORS
    trust = TRUST_SHARES[max(0, min(trust_level, len(TRUST_SHARES) - 1))]
    honest = (agreed + BELIEVED) / (judged + BELIEVED)
    return WEIGHT_STEP * round(WHOLE_WEIGHT * breadth * trust * honest * honest / WEIGHT_STEP)


def agrees(*, own: bool, cleared: int, tried: int) -> bool | None:
    """Say whether a report agrees with a clear majority of the others; None where there is none."""
    if tried < JUDGES:
        return None
    share = cleared / tried
    if max(share, 1 - share) < CLEAR_MAJORITY:
        return None
    return own == (share > 1 / 2)
