"""The signature of an alert: `kind/class/normalised error`, the same on every machine that has the same trouble."""

import re
from typing import Final

_VOLATILE: Final = (
    re.compile(r"(?i)\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b"),
    re.compile(r"(?i)\b(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}\b"),
    re.compile(r"(?i)(?<![\w:])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![\w:])"),
    re.compile(r"\b(?:\d{1,3}\.){3}\d{1,3}\b"),
    re.compile(r"(?:[A-Za-z]:\\|/)[^\s:,]+"),
    re.compile(r"(?i)\b(?:[a-z0-9-]+\.)+[a-z]{2,}\b"),
    re.compile(r"(?i)\b0x[0-9a-f]+\b|\b[0-9a-f]*\d[0-9a-f]*\b"),
)


def normalise(error: str) -> str:
    """Drop every host, address, path, number and id, and fold case and space."""
    for pattern in _VOLATILE:
        error = pattern.sub(" ", error)
    return " ".join(error.lower().split())


def signature(kind: str, component_class: str, error: str = "") -> str:
    """Return the join of an alert to the community."""
    return f"{kind}/{normalise(component_class)}/{normalise(error)}"
