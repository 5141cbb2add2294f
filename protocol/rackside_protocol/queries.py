"""What a console asks the community's server for when its own answers do not do: a query, and what was found."""

from typing import Annotated, Final, Literal, TypeAlias

import msgspec

from rackside_protocol.answers import PackedAnswer

Kind: TypeAlias = Literal["question", "story", "error", "log", "alert"]
"""A question of a few words, one with a body, an error as it is told, a line of a log word by word, an alert."""
MOST_WORDS: Final = 64
MOST_PAIRS: Final = 256
MOST_PRODUCT_WORDS: Final = 24
MOST_FOUND: Final = 20
Word: TypeAlias = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Weight: TypeAlias = Annotated[float, msgspec.Meta(ge=0, le=100)]
Place: TypeAlias = Annotated[int, msgspec.Meta(ge=0, lt=MOST_WORDS)]


class Query(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is looked for: this, and nothing that it was made from, may be sent to the community's server.

    `pairs` are places in `words` that stand side by side. `head` are the words that say most, such as a question's
    title. `signature` joins an alert to the threads that carry the same one; `preferred` words, such as those of this
    machine's operating system, find nothing by themselves.

    Raises:
        ValueError: weights are missing, or a pair has a word that is not there.
    """

    kind: Kind
    words: Annotated[tuple[Word, ...], msgspec.Meta(max_length=MOST_WORDS)]
    weights: Annotated[tuple[Weight, ...], msgspec.Meta(max_length=MOST_WORDS)]
    pairs: Annotated[tuple[tuple[Place, Place], ...], msgspec.Meta(max_length=MOST_PAIRS)] = ()
    pair_weights: Annotated[tuple[Weight, ...], msgspec.Meta(max_length=MOST_PAIRS)] = ()
    head: Annotated[tuple[Word, ...], msgspec.Meta(max_length=MOST_WORDS)] = ()
    product: Annotated[tuple[Word, ...], msgspec.Meta(max_length=MOST_PRODUCT_WORDS)] = ()
    signature: Annotated[str, msgspec.Meta(max_length=200)] = ""
    preferred: Annotated[tuple[Word, ...], msgspec.Meta(max_length=MOST_PRODUCT_WORDS)] = ()

    def __post_init__(self) -> None:
        """See that what belongs together is there together."""
        if len(self.weights) != len(self.words) or len(self.pair_weights) != len(self.pairs):
            raise ValueError("each word and each pair has one weight")
        if any(place >= len(self.words) for pair in self.pairs for place in pair):
            raise ValueError("a pair names a word that is not there")

    @property
    def alert(self) -> str:
        """The kind of alert that the signature begins with, or the empty string."""
        return self.signature.partition("/")[0].strip()


class FoundAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A thread with its best posts, and in words why it stands where it does."""

    answer: PackedAnswer
    why: list[str]


class FoundAnswers(msgspec.Struct, frozen=True, kw_only=True):
    """What the server found, best first."""

    answers: list[FoundAnswer]
