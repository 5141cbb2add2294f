"""The one signal of the desktop: something that panels show has changed."""

from PySide6.QtCore import QObject, Qt, Signal, Slot


class _Bus(QObject):
    changed = Signal(object)
    posted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.posted.connect(self._forward, Qt.ConnectionType.QueuedConnection)

    @Slot(object)
    def _forward(self, topics: frozenset[str]) -> None:
        self.changed.emit(topics)


_bus = _Bus()
changed = _bus.changed
"""Emitted on the GUI thread with a `frozenset[str]` of topics: document kinds, or one of `readings`, `alerts`,
`outbox`, `pins`, `trials`, `sync`, `settings`, `theme`. Panels read the store again; the signal carries no data."""


def announce(topics: frozenset[str]) -> None:
    """Emit `changed` soon, on the GUI thread; called from whichever thread changed something."""
    _bus.posted.emit(topics)
