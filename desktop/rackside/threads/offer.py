"""What a console offers to send along with a question or with "I have this too". Plain values; the slice's own words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol


class HiddenWord(Protocol):
    """A masked word: where its placeholder stands in the masked text, and what stood there."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def original(self) -> str: ...


class MaskedText(Protocol):
    """A masked text with what it hides, in order. The originals never reach a disk or a log."""

    @property
    def text(self) -> str: ...
    @property
    def hidden(self) -> Sequence[HiddenWord]: ...


@dataclass(frozen=True)
class Plain:
    """A text in which nothing can be restored, such as a draft."""

    text: str
    hidden: Sequence[HiddenWord] = ()


@dataclass(frozen=True)
class Offer:
    """The masked context of an alert or of a machine.

    `mask` masks what is typed or pasted; `signature` joins the question to others about the same alert.
    """

    capsule: MaskedText
    mask: Callable[[str], MaskedText]
    alert: str = ""
    title: str = ""
    signature: str = ""
