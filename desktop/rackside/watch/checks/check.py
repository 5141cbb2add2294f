"""What a check is, and what comes of it."""

import math
import time
from collections.abc import Mapping
from typing import Annotated, ClassVar, Final, Literal, TypeAlias

import msgspec

Level: TypeAlias = Literal["ok", "warning", "critical", "unknown"]
LEVELS: Final[tuple[Level, ...]] = ("ok", "warning", "critical", "unknown")
"""In the order of the exit codes of monitoring plugins, 0 to 3."""
TIMEOUT_S: Final = 48.0
"""[Uptime Kuma] Of a check in all."""
MOST_TIMEOUT_S: Final = 600.0
Host: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^[\w.:%-]+\Z", max_length=255)]
"""A name or an address, IPv6 without brackets."""
Port: TypeAlias = Annotated[int, msgspec.Meta(ge=1, le=65_535)]
WebAddress: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^https?://[^\s/?#]+[^\s]*\Z", max_length=2_000)]


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What a check found: how bad it is, said in a sentence, and what was measured, by name and unit.

    `unknown` says that this machine could not check, and nothing of the target. `answers` says of what is critical
    that the target answers all the same, and only a number that it tells is past its level: it is not down. `main`
    names the measured value that its history is of, where that is not the time to answer.
    """

    level: Level
    sentence: str
    values: Mapping[str, tuple[float, str]] = {}
    answers: bool = False
    main: str = ""

    @property
    def fails(self) -> bool:
        """Whether the target does not do what it is for."""
        return self.level == "critical" and not self.answers


class CannotCheckError(Exception):
    """This machine has no way to do the check; the message says what is missing."""


class Check(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="kind"):
    """A check of one target. A kind of check is a subclass: its tag is its name, its fields are what can be chosen.

    `TARGET` names the field that a person types first, and `SHOWN` says in a line what the kind does.
    """

    TARGET: ClassVar[str]
    SHOWN: ClassVar[str]
    timeout_s: Annotated[float, msgspec.Meta(gt=0, le=MOST_TIMEOUT_S)] = TIMEOUT_S

    def __post_init__(self) -> None:
        """Refuse what no comparison refuses.

        Raises:
            ValueError: a number is none; a limit that is never reached may be infinite.
        """
        for name in self.__struct_fields__:
            value = getattr(self, name)
            if isinstance(value, float) and math.isnan(value):
                raise ValueError(f"{name.replace('_', ' ')} is no number")

    def look(self, until: "Deadline") -> Result:
        """Do the check, within the time that is left.

        Raises:
            CannotCheckError: this machine has no way to do it.
            OSError: the target could not be reached, or broke off.
        """
        raise NotImplementedError


class Deadline:
    """The moment by which a check has to be done."""

    def __init__(self, seconds: float) -> None:
        self._at = time.monotonic() + seconds

    def left_s(self) -> float:
        """Return the seconds that are left.

        Raises:
            TimeoutError: there are none.
        """
        left = self._at - time.monotonic()
        if left <= 0:
            raise TimeoutError("no answer in time")
        return left


class Stopwatch:
    """Milliseconds since it was made."""

    def __init__(self) -> None:
        self._began = time.perf_counter()

    def ms(self) -> float:
        """Return them."""
        return 1_000 * (time.perf_counter() - self._began)
