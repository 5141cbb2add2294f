"""The signature of an alert: `kind/class/normalised error`, the same on every machine that has the same trouble."""

import re
from typing import Final

MARKS: Final = ".,;:!?()[]{}<>\"'`"
_WORD: Final = re.compile(r"[^\W\d_]+(?:['_-][^\W\d_]+)*")
_PAIR: Final = re.compile(r"\b([a-z]{1,3})/([a-z]{1,3})\b")
"""Such as I/O and TCP/IP, which are no paths."""
_UUID: Final = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
_NOT_CLASS: Final = re.compile(r"[^a-z0-9._-]+")


def normalise(error: str) -> str:
    """Keep the words of an error, folded; drop what holds a digit or looks like a host, an address, a path or an id."""
    text = _PAIR.sub(r"\1-\2", _UUID.sub(" ", error.lower()))
    return " ".join(word for token in text.split() if (word := _word(token)))


def signature(kind: str, component_class: str, error: str = "") -> str:
    """Return the join of an alert to the community. The class, such as `ext4`, keeps its digits."""
    return f"{kind}/{_NOT_CLASS.sub('', component_class.lower())}/{normalise(error)}"


def _word(token: str) -> str:
    bare = token.strip(MARKS)
    return bare if "::" not in token and _WORD.fullmatch(bare) else ""
