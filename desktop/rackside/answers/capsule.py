"""The capsule: the few lines of context that a question may carry. What is returned is what is shown and sent."""

from collections.abc import Iterable, Sequence

from rackside.answers.mask import mask
from rackside_protocol.threads import MAX_CAPSULE_CHARACTERS

_STEPS = "▁▂▃▄▅▆▇█"


def capsule(facts: Iterable[tuple[str, str]], *, names: Iterable[str] = (), recent: Sequence[float] = ()) -> str:
    """Write the masked context of a question.

    Args:
        facts: label and value, such as ("Alert", "disk 92 % full") or ("System", "Debian 12").
        names: words that name this machine or its people; see `mask`.
        recent: the reading over the last half hour, oldest first, drawn as a small picture.
    """
    known = list(names)
    lines = [f"{label}: {mask(value, names=known)}" for label, value in facts if value]
    if len(recent) > 1:
        lines.append(f"Last 30 min: {spark(recent)} ({min(recent):.4g} to {max(recent):.4g})")
    return "\n".join(lines)[:MAX_CAPSULE_CHARACTERS]


def spark(values: Sequence[float]) -> str:
    """Draw numbers as a line of block characters, the lowest as the lowest block."""
    low, high = min(values), max(values)
    span = (high - low) or 1.0
    return "".join(_STEPS[round((value - low) / span * (len(_STEPS) - 1))] for value in values)
