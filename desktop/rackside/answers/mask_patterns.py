r"""What the rules of masking are written with.

Each pattern hides its group `x`, or all that it matches. Every repetition is bounded or begins where a run begins, so
that no text makes the search go back over what it has read: time is linear.
"""

# ruff: noqa: E501 - a pattern that is broken over lines is read no better

import re
from collections.abc import Callable
from typing import Final, NamedTuple, TypeAlias

Found: TypeAlias = tuple[str, str, Callable[[str], bool]]
"""A rule not yet compiled: kind, pattern, and whether what was found stays."""


def never(value: str) -> bool:
    """Let nothing stay."""
    del value
    return False


class Rule(NamedTuple):
    """What is hidden as `<kind>`: what the pattern finds, unless it `stays`."""

    kind: str
    pattern: re.Pattern[str]
    stays: Callable[[str], bool] = never


SEP: Final = r"[\"'\]]{0,2}\s{0,20}(?:=>|:=|[=:])\s{0,20}[\\]?"
"""Between a label and its value in logs, JSON, YAML, .env, hashes."""
QUOTED: Final = r"\"[^\"\n]{1,400}\"?|'[^'\n]{1,400}'?|[“«][^”»\n]{1,200}[”»]"
VALUE: Final = rf"(?:{QUOTED}|[^\s\"',;<>&)\]}}]{{1,800}})"
NAME: Final = r"[^\W_](?:[\w.$-]{0,62}[\w$])?"
LABEL: Final = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
HOST: Final = rf"{LABEL}(?:\.{LABEL}){{0,8}}"
TO_END: Final = r"[^\n\"'<>]{1,800}"
EDGE: Final = r"(?<![^\W_])"
"""A word or a part of an identifier, such as the HOST of DB_HOST, begins here."""
MASKED: Final = r"[\U000f0000-\U000ffffd]"
"""What is masked already."""
B64: Final = r"[A-Za-z0-9+/=_-]"
CAPITALISED: Final = r"[A-Z\u00c0-\u00de\u0100-\u017f][^\W\d_]{1,20}(?:-[^\W\d_]{2,20})?"
SYSLOG_TIME: Final = r"(?:(?:[A-Z][a-z]{2}\s{1,2}\d{1,2}\s(?:\d{4}\s)?|\d{4}-\d\d-\d\d[T ])\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d|\s[A-Z]{3,4}(?=\s))?)"
