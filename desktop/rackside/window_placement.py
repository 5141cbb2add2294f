"""Where the window is: what is remembered between starts, and the arithmetic of strip, rail and pane. No Qt."""

from pathlib import Path
from typing import Annotated, Final, Literal, NamedTuple, TypeAlias

import msgspec

Edge: TypeAlias = Literal["left", "right"]
FILE: Final = "window.json"
LEAST_PX: Final = 300
MOST_PX: Final = 520
USUAL_PX: Final = 380
PANE_PX: Final = 660
"""The width of the reading pane."""
RAIL_PX: Final = 44
"""The width of the rail, which is what is left of the sidebar when it is collapsed."""
USUAL_HEIGHT_PX: Final = 900


class Placement(msgspec.Struct, kw_only=True):
    """What is remembered. `x`, `y` and `height` count only for a plain window."""

    edge: Edge = "right"
    docked: bool = True
    collapsed: bool = False
    width: Annotated[int, msgspec.Meta(ge=LEAST_PX, le=MOST_PX)] = USUAL_PX
    x: int | None = None
    y: int | None = None
    height: Annotated[int, msgspec.Meta(ge=200, le=20_000)] = USUAL_HEIGHT_PX
    tab: int = 0


class Box(NamedTuple):
    """A rectangle in device-independent px."""

    x: int
    y: int
    width: int
    height: int


def load(folder: Path) -> Placement:
    """Return what was remembered, or the usual placement when there is nothing that can be read."""
    try:
        return msgspec.json.decode((folder / FILE).read_bytes(), type=Placement)
    except (OSError, msgspec.DecodeError):
        return Placement()


def save(folder: Path, placement: Placement) -> None:
    """Remember a placement."""
    written = folder / f"{FILE}.new"
    written.write_bytes(msgspec.json.encode(placement))
    written.replace(folder / FILE)


def docked_box(screen: Box, usable: Box, edge: Edge, width: int) -> Box:
    """Return the strip of a width at a screen's edge; `usable` takes its top and bottom from other panels."""
    x = screen.x if edge == "left" else screen.x + screen.width - width
    return Box(x, usable.y, width, usable.height)


def window_box(usable: Box, placement: Placement, side: Edge, strip: int, width: int) -> Box:
    """Return a plain window of a width whose strip stays where it was; what is added opens towards `side`'s opposite.

    The box is moved as far as needed to be on the screen: a monitor may be gone since.
    """
    width, height = min(width, usable.width), min(placement.height, usable.height)
    x = placement.x if placement.x is not None else usable.x + usable.width - strip
    y = placement.y if placement.y is not None else usable.y
    if side == "right":
        x -= width - strip
    x = max(usable.x, min(x, usable.x + usable.width - width))
    y = max(usable.y, min(y, usable.y + usable.height - height))
    return Box(x, y, width, height)


def side_of(usable: Box, x: int, width: int) -> Edge:
    """Return which half of the screen a window stands in: its pane opens towards the other."""
    return "right" if x + width / 2 >= usable.x + usable.width / 2 else "left"
