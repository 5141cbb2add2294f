"""What a console offers to send along with a question or with "I have this too"."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol


class HiddenWord(Protocol):
    """A masked word: where its placeholder stands in the masked text, and what stood there."""

    @property
    def start(self) -> int:
        """Where the placeholder begins in the text."""

    @property
    def end(self) -> int:
        """Where it ends."""

    @property
    def original(self) -> str:
        """What it hides."""


class MaskedText(Protocol):
    """A masked text with what it hides, in order. The originals never reach a disk or a log."""

    @property
    def text(self) -> str:
        """The text with placeholders."""

    @property
    def hidden(self) -> Sequence[HiddenWord]:
        """What the placeholders hide, in order."""


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
