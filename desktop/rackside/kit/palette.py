"""The colours of both themes, and the arithmetic of contrast (WCAG 2.2 §1.4.3)."""

from dataclasses import dataclass
from functools import cache
from typing import Final, Literal, TypeAlias

Tone: TypeAlias = Literal["ink", "dim", "faint", "accent", "ok", "warn", "bad", "info", "sponsor"]
SEVERITY_TONES: Final[dict[str, Literal["ok", "warn", "bad"]]] = {"critical": "bad", "warning": "warn", "info": "ok"}
"""In which tone an alert of a severity is shown."""
TEXT_CONTRAST: Final = 4.5
"""The least ratio of text against its ground (WCAG 2.2 AA)."""
SRGB_LINEAR_BELOW: Final = 0.04045
_STEPS: Final = 40


@dataclass(frozen=True)
class Palette:
    """One theme. Values are `#rrggbb`; `readable()` gives the shade of a tone that text may have."""

    name: Literal["dark", "light"]
    background: str
    panel: str
    raised: str
    line: str
    ink: str
    dim: str
    faint: str
    accent: str
    ok: str
    warn: str
    bad: str
    info: str
    sponsor: str

    def tone(self, tone: Tone) -> str:
        """Return the colour of a tone as shapes have it."""
        value: str = getattr(self, tone)
        return value

    def readable(self, tone: Tone) -> str:
        """Return the shade of a tone that reads on any ground of this theme."""
        return _readable(self.tone(tone), self.ink, (self.background, self.panel, self.raised))

    def badge_text(self, tone: Tone) -> str:
        """Return the shade of a tone that reads on its own wash and on the raised ground."""
        return _readable(self.tone(tone), self.ink, (self.wash(tone), self.raised))

    @property
    def on_accent(self) -> str:
        """The colour of text on a filled accent: near black or white, whichever reads better."""
        return max("#0b1210", "#ffffff", key=lambda each: contrast(each, self.fill))

    @property
    def fill(self) -> str:
        """The accent as the ground of a button's text."""
        return self.accent if self.name == "dark" else _readable(self.accent, "#000000", ("#ffffff",))

    def wash(self, tone: Tone, strength: float = 0.16) -> str:
        """Return a tone laid thinly over a panel: the ground of badges and of what is selected."""
        return mix(self.panel, self.tone(tone), strength)


DARK: Final = Palette(
    name="dark",
    background="#14181d",
    panel="#1b2128",
    raised="#232a33",
    line="#2d3641",
    ink="#e7ecf1",
    dim="#93a0ae",
    faint="#5d6a78",
    accent="#35c2a8",
    ok="#47c27c",
    warn="#e5b045",
    bad="#ef6a5e",
    info="#63a9f0",
    sponsor="#a98be8",
)
LIGHT: Final = Palette(
    name="light",
    background="#f3f5f7",
    panel="#ffffff",
    raised="#eef2f5",
    line="#dbe1e7",
    ink="#1a222b",
    dim="#5a6775",
    faint="#93a0ae",
    accent="#0d8f7a",
    ok="#23915a",
    warn="#b27a0b",
    bad="#cf3f33",
    info="#2a74c9",
    sponsor="#7353c4",
)


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def mix(one: str, other: str, share: float) -> str:
    """Return `one` with `share` (0 to 1) of `other` in it."""
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


@cache
def _readable(colour: str, towards: str, grounds: tuple[str, ...]) -> str:
    for step in range(_STEPS + 1):
        shade = mix(colour, towards, step / _STEPS)
        if all(contrast(shade, ground) >= TEXT_CONTRAST for ground in grounds):
            return shade
    return towards


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


@cache
def _luminance(colour: str) -> float:
    def linear(channel: int) -> float:
        value = channel / 255
        return value / 12.92 if value <= SRGB_LINEAR_BELOW else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(channel) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
