"""What a slice brings to the window: sections, tabs and views. `app.py` holds the one table of slices.

A slice never imports another: where it leads elsewhere it opens a link (`thread:0192…`), and the window's router asks
the table who shows that.
"""

import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import msgspec

from rackside.kit import background, signals, text
from rackside.kit.panel import Panel
from rackside.settings import Settings
from rackside.store import Store, outbox
from rackside.store.ballast import NoRoom
from rackside.watch.machine import describe
from rackside.watch.model import Machine, Snapshot
from rackside_protocol.actions import Action
from rackside_protocol.ids import Id

if TYPE_CHECKING:
    from rackside.sync.loop import Status
    from rackside.watch.delivery.deliverer import Deliverer

T = TypeVar("T")
_this_machine = cache(describe)


class Context(msgspec.Struct, frozen=True):
    """What every panel is made with: the store to read, the outbox to write to, the router to jump with.

    `store` belongs to the GUI thread. `me` returns the member who is signed in, or the empty string; `snapshot` what
    is seen of this machine now; `sync_status` how sync stands, None before it began; `machine` what this machine is.
    `look_again` makes the watch look at once; `deliverer` returns what delivers alerts, None where nothing does.
    """

    store: Store
    home: Path
    open_link: Callable[[str], None]
    me: Callable[[], Id] = str
    wake_sync: Callable[[], object] = bool
    snapshot: Callable[[], Snapshot] = Snapshot
    look_again: Callable[[], object] = bool
    sync_status: Callable[[], "Status | None"] = lambda: None
    machine: Callable[[], Machine] = _this_machine
    settings: Callable[[], Settings] = Settings
    choose: Callable[[Settings], object] = bool
    deliverer: Callable[[], "Deliverer | None"] = lambda: None

    def act(self, action: Action) -> None:
        """Date an action, unless it has a date, and write it to the outbox, durably; tell sync and the panels.

        Raises:
            NoRoom: the disk is full, which the person has been told; the text stays where she wrote it.
        """
        try:
            made_ms = action.made_ms or time.time_ns() // 1_000_000
            outbox.put(self.store, msgspec.structs.replace(action, made_ms=made_ms))
        except NoRoom as error:
            text.tell(None, "Not written down", str(error))
            raise
        self._outbox_changed()

    def retry(self, action: Id) -> None:
        """Queue a refused action again, as it is."""
        outbox.retry(self.store, action)
        self._outbox_changed()

    def dismiss(self, action: Id) -> None:
        """Take a refused action out of the outbox for good."""
        outbox.dismiss(self.store, action)
        self._outbox_changed()

    def tell(self, topic: str) -> None:
        """Have the watch look at once, and the panels show anew what the person said of something local."""
        self.look_again()
        signals.changed.emit(frozenset({topic}))

    def read(
        self, task: Callable[[Store], T], then: Callable[[T], None], failed: Callable[[Exception], None] | None = None
    ) -> None:
        """Read on a worker, with a store of its own, then show on the GUI thread."""
        background.run(lambda: _with_a_store(self.home, task), then, failed)

    def _outbox_changed(self) -> None:
        signals.changed.emit(frozenset({"outbox"}))
        self.wake_sync()


def _with_a_store(home: Path, task: Callable[[Store], T]) -> T:
    with Store.open(home) as store:
        return task(store)


class Section(msgspec.Struct, frozen=True):
    """A part of the sidebar above the tabs; `place` orders them, smaller is higher. `late`: after the first paint."""

    place: int
    build: Callable[[Context], Panel]
    late: bool = False


class Tab(msgspec.Struct, frozen=True):
    """A tab of the sidebar's list; `place` orders them."""

    place: int
    title: str
    build: Callable[[Context], Panel]


class View(msgspec.Struct, frozen=True):
    """What the reading pane shows for links of a scheme: `build(context, "0192…")` for `thread:0192…`."""

    scheme: str
    build: Callable[[Context, str], Panel]


class Slice(msgspec.Struct, frozen=True):
    """All that one feature brings. At most one slice has the sidebar's `header`."""

    header: Callable[[Context], Panel] | None = None

    sections: tuple[Section, ...] = ()
    tabs: tuple[Tab, ...] = ()
    views: tuple[View, ...] = ()
