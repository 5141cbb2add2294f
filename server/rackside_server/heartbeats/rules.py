"""Numbers and arithmetic of heartbeats: what an address says, how often it is heard, what is kept. Pure."""

import re
from typing import Final, NamedTuple

from rackside_protocol.heartbeats import MOST_MESSAGE, BeatState

MOST_HEARTBEATS: Final = 50
"""Of each member."""
TOKEN_BYTES: Final = 32
MOST_BODY_BYTES: Final = 10 * 1_024
"""Read of what a job sends; the rest is left unread."""
REPEAT_MS: Final = 10_000
"""The same sign is written no sooner than so long after the last one."""
WINDOW_MS: Final = 60_000
MOST_IN_WINDOW: Final = 6
"""Signs of whatever sort that are written in that time: one each 10 s, yet a short job's start and end both count."""
LARGEST_EXIT_CODE: Final = 255
_EXIT_CODE: Final = re.compile(r"[0-9]{1,3}", re.ASCII)
_SPACE: Final = re.compile(r"\s+")


class Writing(NamedTuple):
    """How often a heartbeat was written to: when its present window began, and how many times since."""

    window_ms: int
    written: int


def address(token: str) -> str:
    """Return the path to which a job sends its signs of life."""
    return f"/beat/{token}"


def state_of(said: str) -> BeatState | None:
    """Return what the end of an address says: nothing or 0 is well, another exit code is not; None for what is none."""
    if said in {"", "0"}:
        return "ok"
    if said in {"start", "fail"}:
        return "start" if said == "start" else "fail"
    return "fail" if _EXIT_CODE.fullmatch(said) and int(said) <= LARGEST_EXIT_CODE else None


def message_of(said: str, body: bytes) -> str:
    """Return what is kept of a body, as one line that a screen can show; an exit code stands before it."""
    text = body.decode("utf-8", "replace")
    code = f"exit code {int(said)}" if said.isdigit() and int(said) else ""
    words = [code, *_SPACE.split(text)]
    line = " ".join(word for word in words if word)
    return "".join(letter for letter in line[: 2 * MOST_BODY_BYTES] if letter.isprintable())[:MOST_MESSAGE].strip()


def writing(before: Writing, last_ms: int, last_state: str, state: BeatState, now_ms: int) -> Writing | None:
    """Return how often a heartbeat is written to with this sign; None when it is heard and not written.

    The first sign of a failure is always written: to lose it is to say that all is well. What lies ahead of the clock
    was written while that was wrong, and binds nobody.

    Args:
        before: how often it was written to until now.
        last_ms: when it was written to last, 0 if never.
        last_state: what was said then.
        state: what is said now.
        now_ms: when it is.
    """
    fails_first = state == "fail" and last_state != "fail"
    if state == last_state and 0 <= now_ms - last_ms < REPEAT_MS:
        return None
    if not 0 <= now_ms - before.window_ms < WINDOW_MS:
        return Writing(now_ms, 1)
    return Writing(before.window_ms, before.written + 1) if before.written < MOST_IN_WINDOW or fails_first else None
