"""Words as the ranking sees them: split, stemmed and numbered, the same in what is asked and in what is found. Pure."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final, TypeAlias
from zlib import crc32

import numpy as np
import Stemmer
from numpy.typing import NDArray

Terms: TypeAlias = NDArray[np.uint32]
"""Numbers of words, in the order in which they stand."""

STOP_WORDS: Final = frozenset(
    """
    a about after all also am an and any are as at be because been but by can could did do does for from get got had has
    have having he her him his how i if in into is it its just like me more most my no not now of off on one only or
    other our out over please she should since so some such than that the their them then there these they this those
    to too use using very was way we well were what when where which while who why will with would you your
    """.split()  # noqa: SIM905 - prose reads better than a list of 110 quoted words
)
CACHED_WORDS: Final = 65_536
LONGEST_WORD: Final = 64
_WORD: Final = re.compile(r"0x[0-9a-f]+|[^\W\d_]+(?:'[^\W\d_]+)?|\d+(?:\.\d+)*", re.IGNORECASE)
_HUMP: Final = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_stemmer: Final = Stemmer.Stemmer("english", 0)


def words_of(text: str) -> list[str]:
    """Return the words of a text as people write them, folded; identifiers are split, stop words left out."""
    found = _WORD.findall(_HUMP.sub(" ", text))
    folded = (word.lower()[:LONGEST_WORD] for word in found)
    return [word for word in folded if word not in STOP_WORDS and (len(word) > 1 or word.isdigit())]


@lru_cache(maxsize=CACHED_WORDS)
def term(word: str) -> int:
    """Return the number of a folded word's stem: 32 bits, so that of a million stems a hundred share one."""
    return crc32(_stemmer.stemWord(word).encode())


def terms(words: Iterable[str]) -> Terms:
    """Return the numbers of words, in their order."""
    return np.fromiter(map(term, words), np.uint32)
