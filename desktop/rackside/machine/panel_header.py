"""The head of the sidebar: which machine, since when, how fresh, and how many alerts."""

import time
from functools import partial
from typing import ClassVar, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QSizePolicy

from rackside.kit.cards import Badge, column, row
from rackside.kit.panel import Panel
from rackside.kit.slices import Context
from rackside.kit.text import ElidedLabel, tooltip
from rackside.machine import history

MINUTE_MS: Final = 60_000


class Header(Panel):
    """Two lines and a badge; the badge opens the alerts."""

    TOPICS: ClassVar[frozenset[str]] = frozenset({"alerts", "sync", "thread"})

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._host = ElidedLabel(role="strong")
        self._system = ElidedLabel(role="small", tone="dim")
        self._system.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._sync = ElidedLabel(role="small", tone="dim")
        self._badge = AlertBadge(context)
        first = row(self._host, self._system, gap=6)
        first.setStretch(1, 1)
        lines = column(first, self._sync, gap=1)
        layout = row(lines, self._badge, gap=8)
        layout.setStretch(0, 1)
        layout.setAlignment(self._badge, Qt.AlignmentFlag.AlignVCenter)
        self.setLayout(layout)
        self._minute = QTimer(self, interval=MINUTE_MS)
        self._minute.timeout.connect(partial(self.refresh, self.TOPICS))
        self._minute.start()

    def refresh(self, topics: frozenset[str]) -> None:
        """Read it again."""
        del topics
        context = self._context
        view = history.load_header(context.store, context.machine(), context.sync_status(), time.time())
        for label, text in ((self._host, view.host), (self._system, view.system), (self._sync, view.sync)):
            if label.whole() != text:
                label.setText(text)
        tooltip(self._sync, view.trouble and f"{view.sync}\n{view.trouble}")
        word = "alert" if view.alerts == 1 else "alerts"
        tone = view.worst if view.alerts else "ok"
        self._badge.show_state(f"{view.alerts} {word}" if view.alerts else "All well", tone)


class AlertBadge(Badge):
    """How many alerts are open."""

    def __init__(self, context: Context) -> None:
        super().__init__("All well", "ok")
        self._context = context
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Open the alerts."""
        del event
        self._context.open_link("alerts:")
