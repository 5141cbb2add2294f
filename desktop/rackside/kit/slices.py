"""What a slice brings to the window: sections, tabs and views. `app.py` holds the one table of slices.

A slice never imports another: where it leads elsewhere it opens a link (`thread:0192…`), and the window's router asks
the table who shows that.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from rackside.kit.panel import Panel

if TYPE_CHECKING:
    from rackside.store import Store


@dataclass(frozen=True)
class Context:
    """What every panel is made with. `store` belongs to the GUI thread; a background task opens its own on `home`."""

    store: "Store"
    home: Path
    open_link: Callable[[str], None]


@dataclass(frozen=True)
class Section:
    """A part of the sidebar, above the tabs; `place` orders them, smaller is higher."""

    place: int
    build: Callable[[Context], Panel]


@dataclass(frozen=True)
class Tab:
    """A tab of the sidebar's list; `place` orders them."""

    place: int
    title: str
    build: Callable[[Context], Panel]


@dataclass(frozen=True)
class View:
    """What the reading pane shows for links of a scheme: `build(context, "0192…")` for `thread:0192…`."""

    scheme: str
    build: Callable[[Context, str], Panel]


@dataclass(frozen=True)
class Slice:
    """All that one feature brings."""

    sections: tuple[Section, ...] = ()
    tabs: tuple[Tab, ...] = ()
    views: tuple[View, ...] = field(default=())
