"""From what is seen to what is asked: an alert, an error as it was logged, a thing or a person's question. Pure.

Values that differ from machine to machine (hosts, addresses, times, ids, paths, long numbers) are dropped, identifiers
are split, and words that stand side by side are looked for side by side. A product with its version is kept apart: it
prefers, and never excludes.
"""

import re
from collections.abc import Iterable
from itertools import pairwise
from typing import Final

from rackside_protocol.queries import MOST_PAIRS, MOST_PRODUCT_WORDS, MOST_WORDS, Kind, Query
from rackside_ranking.words import words_of

MOST_CHARACTERS: Final = 4_000
"""Of a text; what comes after is not asked for."""
BODY_WEIGHT: Final = 0.5
"""Of a word in the body of a question, beside one in its title."""
ALERT_WEIGHTS: Final = {
    "name": 1.5,
    "summary": 1.0,
    "info": 1.0,
    "component": 1.0,
    "metric": 0.7,
    "units": 0.2,
    "severity": 0.2,
}

_TIME: Final = re.compile(
    r"\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?)?"
    r"|\b\d\d?:\d\d(?::\d\d)?(?:[.,]\d+)?\b"
    r"|\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\s+\d\d?\b"
)
_ADDRESS: Final = re.compile(
    r"\b(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}\b|\b\d{1,3}(?:\.\d{1,3}){3}(?:[:/]\d+)?\b"
    r"|(?<![\w:])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![\w:])|\S+@[\w.-]+\w",
    re.IGNORECASE,
)
_ID: Final = re.compile(
    r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b|\b(?=[a-f]*\d)[0-9a-f]{12,}\b|(?<![\w.])\d{6,}(?![\w.])",
    re.IGNORECASE,
)
_PROCESS: Final = re.compile(r"(?<=\w)\[\d+\]")
"""As in `sshd[811]:`."""
_PATH: Final = re.compile(r"(?<![\w.<])(?:[A-Za-z]:\\|/)[\w.@+ -]+?(?:[\\/][\w.@+-]+)+")
_SEPARATOR: Final = re.compile(r"[\\/]")
_PLACEHOLDER: Final = re.compile(r"<[a-z0-9]+>|\$\{[^}]*\}|\{\{[^}]*\}\}")


def from_question(title: str, body: str = "", *, product: str = "", machine: str = "") -> Query:
    """Make the query of a person's question, or of the words typed into the search box."""
    kind: Kind = "story" if body.strip() else "question"
    return _query(kind, [(title, 1.0), (body, BODY_WEIGHT)], product, machine=machine)


def from_error(text: str, *, product: str = "", machine: str = "") -> Query:
    """Make the query of an error, with the product and version that it is of if they are known.

    What begins with a time is a line of a log: other machines logged the same words in the same order.
    """
    kind: Kind = "log" if _TIME.match(text.lstrip("<[ ")) else "error"
    return _query(kind, [(normalised(text), 1.0)], product, machine=machine)


def from_thing(name: str, trouble: str = "", *, version: str = "", machine: str = "") -> Query:
    """Make the query of a process, a service, a package with its version, or a device."""
    return _query("error", [(name, 1.0), (trouble, 1.0)], f"{name} {version}", machine=machine)


def from_alert(parts: dict[str, str], *, signature: str = "", machine: str = "") -> Query:
    """Make the query of an alert from what is known of it: the keys of `ALERT_WEIGHTS`, any of them left out."""
    weighed = [(normalised(parts.get(name, "")), weight) for name, weight in ALERT_WEIGHTS.items()]
    return _query("alert", weighed, parts.get("component", ""), signature=signature, machine=machine)


def normalised(text: str) -> str:
    """Drop what differs from machine to machine; what is left is what two machines with one problem share."""
    text = _TIME.sub(" ", text[:MOST_CHARACTERS])
    text = _PATH.sub(lambda path: f" {_SEPARATOR.split(path.group())[-1]} ", text)
    for volatile in (_ADDRESS, _ID, _PROCESS, _PLACEHOLDER):
        text = volatile.sub(" ", text)
    return text


def _query(
    kind: Kind, parts: Iterable[tuple[str, float]], product: str, *, signature: str = "", machine: str = ""
) -> Query:
    weights: dict[str, float] = {}
    pairs: dict[tuple[str, str], float] = {}
    head: list[str] = []
    for text, weight in parts:
        words = words_of(text[:MOST_CHARACTERS])
        head = head or words
        for word in dict.fromkeys(words):
            weights[word] = weights.get(word, 0.0) + weight
        for pair in dict.fromkeys(pairwise(words)):
            pairs[pair] = pairs.get(pair, 0.0) + weight
    kept = {word: place for place, word in enumerate(sorted(weights, key=lambda word: -weights[word])[:MOST_WORDS])}
    beside = [(pair, weight) for pair, weight in pairs.items() if pair[0] in kept and pair[1] in kept][:MOST_PAIRS]
    return Query(
        kind=kind,
        words=tuple(kept),
        weights=tuple(weights[word] for word in kept),
        pairs=tuple((kept[first], kept[second]) for (first, second), _ in beside),
        pair_weights=tuple(weight for _, weight in beside),
        head=tuple(head[:MOST_WORDS]),
        product=tuple(dict.fromkeys(words_of(product)))[:MOST_PRODUCT_WORDS],
        signature=signature,
        preferred=tuple(dict.fromkeys(words_of(machine)))[:MOST_PRODUCT_WORDS],
    )
