"""Masking: what names a machine, a person or a secret is replaced by a word in angle brackets before a person sees it.

Masking leans to too much: a masked word can be put back by hand in the editor; a leaked one cannot be called back. How
much of either is left is measured by `tests/answers`, and told in docs/masking.md. Time is linear in the text.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from rackside.answers.mask_patterns import Rule
from rackside.answers.mask_rules import after_names, before_names, masked_before, names_rule
from rackside.kit.plain import seen

_FIRST_TOKEN: Final = 0xF0000
_MOST_TOKENS: Final = 0xFFFD
"""Masked words stand as one private character each while later rules look at what is around them."""
_TOKENS: Final = re.compile(f"[{chr(_FIRST_TOKEN)}-{chr(_FIRST_TOKEN + _MOST_TOKENS)}]")
_SHORTEST_NAME: Final = 3


@dataclass(frozen=True)
class Hidden:
    """A masked word: where its placeholder stands in the masked text, and what stood there."""

    start: int
    end: int
    original: str


@dataclass(frozen=True)
class Masked:
    """A masked text with what it hides, in order. The originals are for memory only: never for a disk or a log."""

    text: str
    hidden: tuple[Hidden, ...]


def mask(text: str, *, names: Iterable[str] = ()) -> str:
    """Return the text with addresses, names, keys and ids replaced by placeholders such as `<ipv4>`.

    Args:
        text: what a log, an alert or a person said.
        names: words known to name this machine, its users or its networks; each is masked wherever it stands alone.
    """
    return masked(text, names=names).text


def masked(text: str, *, names: Iterable[str] = ()) -> Masked:
    """Mask as `mask` does, and remember what each placeholder hides."""
    text = seen(text)
    found: list[tuple[str, str]] = []
    known = {name for name in map(seen, names) if len(name) >= _SHORTEST_NAME}
    for rule in (masked_before(), *before_names(), *([names_rule(known)] if known else []), *after_names()):
        text = _hide(rule, text, found)
    return _spell_out(text, found)


def _hide(rule: Rule, text: str, found: list[tuple[str, str]]) -> str:
    """Replace what a rule finds by one private character for each, which stands for (kind, original) in `found`."""

    def put(match: re.Match[str]) -> str:
        start, end = match.span("x") if "x" in rule.pattern.groupindex else match.span()
        value = text[start:end]
        worthless = not any(character.isalnum() for character in value)
        if worthless or rule.stays(value) or len(found) > _MOST_TOKENS:
            return match.group()
        found.append((rule.kind, value))
        return text[match.start() : start] + chr(_FIRST_TOKEN + len(found) - 1) + text[end : match.end()]

    return rule.pattern.sub(put, text)


def _spell_out(text: str, found: list[tuple[str, str]]) -> Masked:
    def original(token: re.Match[str]) -> str:
        return _TOKENS.sub(original, found[ord(token.group()) - _FIRST_TOKEN][1])

    pieces: list[str] = []
    hidden: list[Hidden] = []
    length = at = 0
    for token in _TOKENS.finditer(text):
        kind, value = found[ord(token.group()) - _FIRST_TOKEN]
        placeholder = f"<{kind}>" if kind else value
        between = text[at : token.start()]
        start = length + len(between)
        if kind:
            hidden.append(Hidden(start, start + len(placeholder), original(token)))
        pieces += [between, placeholder]
        length, at = start + len(placeholder), token.end()
    return Masked("".join([*pieces, text[at:]]), tuple(hidden))
