"""What power cuts did."""

from collections import Counter
from dataclasses import dataclass, field, fields


@dataclass
class Figures:
    """What became of what was promised, over all cuts."""

    cuts: int = 0
    promised: int = 0
    lost: int = 0
    doubled: int = 0
    drafts_behind: int = 0
    unopened: int = 0
    wrong: int = 0
    """Mirrors whose rows are not as their cursors say, or which differ from the server after a sync."""
    behind: int = 0
    """Mirrors that had fallen behind what they held before the cut, and know it."""
    put_aside: int = 0
    caught: Counter[str] = field(default_factory=Counter)

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))

    @property
    def faults(self) -> int:
        """All that must be 0."""
        return self.lost + self.doubled + self.drafts_behind + self.unopened + self.wrong

    @property
    def noticed(self) -> int:
        """All that a twin is caught by: a mirror that was put aside too."""
        return self.faults + self.put_aside
