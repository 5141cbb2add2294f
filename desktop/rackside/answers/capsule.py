"""The capsule: the few lines of context that a question may carry. What is returned is what is shown and sent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Final

from rackside.answers.mask import Hidden, Masked, masked

STEPS_SHOWN: Final = 30
SPAN_S: Final = 30 * 60
_BLOCKS: Final = "▁▂▃▄▅▆▇█"


@dataclass(frozen=True)
class Recent:
    """A reading over the last half hour: (seconds since the epoch, value), oldest first; `limit` raised the alert."""

    points: Sequence[tuple[float, float]]
    unit: str = ""
    limit: str = ""


def capsule(facts: Iterable[tuple[str, str]], *, names: Iterable[str] = (), recent: Recent | None = None) -> Masked:
    """Write the masked context of a question.

    Args:
        facts: label and value, such as ("Alert", "disk 92 % full") or ("System", "Debian 12").
        names: words that name this machine or its people; see `mask`.
        recent: the reading over the last half hour, drawn as a small picture.
    """
    known = list(names)
    text, hidden = "", list[Hidden]()
    lines = [(label, masked(value, names=known)) for label, value in facts if value]
    if recent is not None and len(recent.points) > 1:
        lines.append(("Last 30 min", Masked(picture(recent), ())))
    for label, value in lines:
        text += f"{label}: " if not text else f"\n{label}: "
        hidden += [Hidden(len(text) + each.start, len(text) + each.end, each.original) for each in value.hidden]
        text += value.text
    return Masked(text, tuple(hidden))


def picture(recent: Recent) -> str:
    """Draw a reading as a line of block characters, with its unit, bounds, end, span and limit in words."""
    values = [value for _, value in recent.points]
    unit = f" {recent.unit}" if recent.unit else ""
    begun, ended = (datetime.fromtimestamp(at, UTC) for at in (recent.points[0][0], recent.points[-1][0]))
    said = [
        f"{spark(thinned(values))} {min(values):.4g} to {max(values):.4g}{unit}",
        f"last {values[-1]:.4g}{unit}",
        *([recent.limit] if recent.limit else []),
        f"{begun:%H:%M} to {ended:%H:%M} UTC",
    ]
    return ", ".join(said)


def thinned(values: Sequence[float], steps: int = STEPS_SHOWN) -> list[float]:
    """Return at most so many values, each the mean of its share, the last with the end."""
    if len(values) <= steps:
        return list(values)
    edges = [round(step * len(values) / steps) for step in range(steps + 1)]
    shares = [values[first:last] for first, last in pairwise(edges)]
    return [sum(share) / len(share) for share in shares]


def spark(values: Sequence[float]) -> str:
    """Draw numbers as a line of block characters, the lowest as the lowest block."""
    low, high = min(values), max(values)
    span = (high - low) or 1.0
    return "".join(_BLOCKS[round((value - low) / span * (len(_BLOCKS) - 1))] for value in values)
