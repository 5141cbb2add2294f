"""Text from elsewhere, made fit to be shown: pure functions, no Qt."""

import re
import unicodedata
from typing import Final

MAX_RUN: Final = 120
"""Characters without a break that are shown of one word; more make the layout slow."""
MAX_MARKS: Final = 3
"""Combining marks on one character."""
MAX_LABEL: Final = 2_000
"""Characters of one label."""
ELLIPSIS: Final = "…"
BREAK: Final = "\N{ZERO WIDTH SPACE}"
_HIDDEN: Final = dict.fromkeys([0x061C, 0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
_BLANKS: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_VARIATIONS: Final = range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0)
_LONG_RUN: Final = re.compile(rf"\S{{{MAX_RUN + 1},}}")
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ufff9-\ufffb]")


def plain(text: str, limit: int = MAX_LABEL) -> str:
    """Return text as a label may show it: no controls, no bidi overrides, few marks, long runs clipped."""
    tamed = fewer_marks(_CONTROLS.sub("", text[: 4 * limit].translate(_HIDDEN)))
    clipped = _LONG_RUN.sub(lambda run: middle(run.group(), MAX_RUN), tamed)
    return clipped if len(clipped) <= limit else clipped[: limit - 1] + ELLIPSIS


def fewer_marks(text: str) -> str:
    """Return text with at most `MAX_MARKS` combining marks in a row."""
    if text.isascii():
        return text
    kept: list[str] = []
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.category(character) in {"Mn", "Me"} else 0
        if marks <= MAX_MARKS:
            kept.append(character)
    return "".join(kept)


def without_hidden(text: str) -> str:
    """Return text without the characters that reorder or hide what stands around them."""
    return text.translate(_HIDDEN)


def seen(text: str) -> str:
    """Return text of which each character can be seen, so that what is shown is all there is.

    Controls, bidi marks, blanks of no width and private characters are left out; each kind of space is a space, a tab
    four, and each line ends in a newline.
    """
    if text.isascii() and text.isprintable():
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ")
    return "".join(_shown(character) for character in text)


def _shown(character: str) -> str:
    if character == "\n" or " " <= character <= "~":
        return character
    category = unicodedata.category(character)
    if category == "Zs":
        return " "
    varies = any(ord(character) in each for each in _VARIATIONS)
    return "" if category in _UNSEEN or character in _BLANKS or varies else character


def middle(text: str, length: int) -> str:
    """Return text of at most `length` characters, elided in the middle."""
    if len(text) <= length:
        return text
    head = length // 2
    return text[:head] + ELLIPSIS + text[len(text) - (length - 1 - head) :]
