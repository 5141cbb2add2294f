"""A corpus of lines with planted secrets, by seed, and what of them can still be read in a masked text."""

# ruff: noqa: S311 - repeatable, not secure, is what a test needs

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from tests.answers.secrets_values import VALUES

SHORTEST_FRAGMENT: Final = 4
"""Characters of a secret by which it could be recognised."""
_PLACE: Final = re.compile(r"\{([a-z0-9]+)\}")
PLACEHOLDER: Final = re.compile(r"<[a-z0-9]+>")


@dataclass(frozen=True)
class Planted:
    """A line, the secrets in it by kind, and what of the line is no secret."""

    text: str
    secrets: tuple[tuple[str, str], ...]
    rest: str


def corpus(seed: int, lines: Sequence[str], secrets: int) -> Iterator[Planted]:
    """Yield lines in which at least so many secrets are planted."""
    r = random.Random(seed)
    planted = 0
    order = list(lines)
    while planted < secrets:
        r.shuffle(order)
        for line in order:
            made = plant(r, line)
            planted += len(made.secrets)
            yield made


def plant(r: random.Random, line: str) -> Planted:
    """Fill in each place of a line."""
    secrets: list[tuple[str, str]] = []

    def put(place: re.Match[str]) -> str:
        secrets.append((place.group(1), VALUES[place.group(1)](r)))
        return secrets[-1][1]

    text = _PLACE.sub(put, line)
    return Planted(_braces(text), tuple(secrets), _braces(_PLACE.sub("\n", line)))


def leaks(planted: Planted, masked: str) -> list[tuple[str, str, str]]:
    """Return (kind, secret, what of it can be read) of each secret that a masked text gives away."""
    left = PLACEHOLDER.sub("\n", masked).casefold()
    rest = planted.rest.casefold()
    found = []
    for kind, secret in planted.secrets:
        for fragment in _fragments(secret.casefold()):
            if fragment in left and fragment not in rest:
                found.append((kind, secret, fragment))
                break
    return found


def _fragments(secret: str) -> Iterator[str]:
    length = min(SHORTEST_FRAGMENT, len(secret))
    for word in re.split(r"[\s\n]+", secret):
        yield from (word[at : at + length] for at in range(len(word) - length + 1))


def _braces(line: str) -> str:
    return line.replace("<<", "{").replace(">>", "}")
