"""What of a line is the same on every machine: who wrote it as a class, and the words of the error. Pure."""

import re
from functools import lru_cache
from typing import Final

from rackside.watch.logs.limits import EXAMPLE_LETTERS, MOST_LETTERS, MOST_WORDS
from rackside.watch.signature import normalise

_QUOTED: Final = re.compile(
    r"\"[^\"]*\"|`[^`'\"]*['`]|(?<!\w)'[^']*'(?!\w)|\N{LEFT SINGLE QUOTATION MARK}[^\N{RIGHT SINGLE QUOTATION MARK}]*."
)
_NAMED: Final = re.compile(
    r"\b(user|users|username|for|from|by|account|login|owner|role|group|host|hostname|server|client|domain|realm|database"
    r"|table|schema|device|dev|interface|volume|pool|share|container|pod|namespace|image|job|queue|topic|named?)"
    r"((?:\s+(?:user|invalid|unknown|illegal|account|host|database|container))*)[\s:=]+[^\s,;:)\]]+",
    re.IGNORECASE,
)
"""What follows these words is a name that somebody gave: `Failed password for invalid user alice from ...`."""
_VERSION: Final = re.compile(r"(?<=\d)(?:\.\d+)+")
_PART: Final = re.compile(r"[a-z]+\d?[a-z]*")
_DIGITS: Final = re.compile(r"\d+")
MOST_PARTS: Final = 4


def unit_class(unit: str) -> str:
    """Return who wrote a line, without instance, path, version or id: `postgresql` of `postgresql@15-main.service`.

    What looks like an id, as containers have them, is left out, and may leave nothing.
    """
    name = re.split(r"[@\[(:\s]", unit.lower().strip(), maxsplit=1)[0]
    if name.startswith("/"):
        name = name.rpartition("/")[2]
    name = _VERSION.sub("", name).partition(".")[0]
    parts = [part for part in re.split(r"[/_-]", name) if _PART.fullmatch(part)]
    return "-".join(parts[:MOST_PARTS])[: MOST_LETTERS // 4]


def error_of(text: str) -> str:
    """Return the words of an error, with what was quoted or named left out, and no more than a signature takes."""
    words, letters = [], 0
    for word in _normalised(_DIGITS.sub("0", text[:EXAMPLE_LETTERS])).split()[:MOST_WORDS]:
        letters += len(word) + 1
        if letters > MOST_LETTERS:
            break
        words.append(word)
    return " ".join(words)


@lru_cache(maxsize=4_096)
def _normalised(text: str) -> str:
    """Lines of one flood differ by their numbers only: of a hundred thousand lines some hundred are looked at."""
    return normalise(_NAMED.sub(r"\1\2 ", _QUOTED.sub(" ", text)))
