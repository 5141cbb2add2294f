"""Numbers and arithmetic of the answer pack. Pure; RULES of the community."""

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
