"""The one signal of the desktop: something that panels show has changed."""

from PySide6.QtCore import QObject, Signal


class _Bus(QObject):
    changed = Signal(object)


_bus = _Bus()
changed = _bus.changed
"""Emitted on the GUI thread with a `frozenset[str]` of topics: document kinds, or one of `readings`, `alerts`,
`outbox`, `sync`, `settings`, `theme`. Panels read the store again; the signal itself carries no data."""
