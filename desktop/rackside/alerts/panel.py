"""One alert: what it is, what the person wants of it, and what happened to it before."""

import time
from collections.abc import Sequence
from functools import partial
from typing import ClassVar, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QSizePolicy, QWidget

from rackside.alerts import data
from rackside.alerts.data import AlertRow, AlertView, EventView
from rackside.kit import background
from rackside.kit.cards import Badge, Card, Dot, SectionHead, StateView, button, column, row
from rackside.kit.panel import Panel
from rackside.kit.slices import Context
from rackside.kit.text import ElidedLabel, PlainLabel, TapLabel
from rackside.store import local
from rackside.watch.journal import last_lines
from rackside.watch.names import name_of

SNOOZES_H: Final = (1, 4, 8)
OF_SERVICES: Final = frozenset({"service.failed", "service.restarts"})
NO_LINES: Final = "The journal tells nothing of it, or may not be read by you."
WHEN_PX: Final = 96
HOUR_S: Final = 3_600.0


class AlertPanel(Panel):
    """The page of one alert."""

    TOPICS: ClassVar[frozenset[str]] = frozenset({"alerts"})

    def __init__(self, context: Context, alert: str) -> None:
        super().__init__()
        self._context, self._alert = context, alert
        self._body = column(gap=12, margins=(24, 20, 24, 24))
        self.setLayout(self._body)

    def title(self) -> str:
        """Return where one is."""
        return "This machine \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK} Alert"

    def refresh(self, topics: frozenset[str]) -> None:
        """Draw it anew."""
        del topics
        _empty(self._body)
        view = data.load_alert(self._context.store, self._alert, time.time())
        if view is None:
            self._body.addWidget(StateView("empty", "This alert cleared long ago and is no longer kept."))
            return
        self._body.addWidget(PlainLabel(view.title, role="title", wrap=True))
        self._body.addWidget(self._state(view))
        if view.open:
            self._body.addWidget(self._choices(view))
        self._body.addWidget(self._ways_on(view))
        if view.said:
            self._body.addWidget(SectionHead("What the check found"))
            self._body.addWidget(PlainLabel(view.said, wrap=True))
        self._body.addWidget(SectionHead("What happened"))
        self._body.addWidget(_listed(view.events))
        if view.kind in OF_SERVICES:
            self._body.addWidget(SectionHead("What it logged last"))
            self._body.addWidget(self._lines(view.component))
        if view.changes:
            self._body.addWidget(SectionHead("What changed in the day before"))
            self._body.addWidget(_listed(view.changes))
        self._body.addStretch(1)

    def _state(self, view: AlertView) -> QWidget:
        holder = QWidget()
        parts: list[QWidget | None] = [Dot(view.state), PlainLabel(view.sentence, tone="dim")]
        if view.acknowledged:
            parts.append(Badge("Acknowledged"))
        if view.snoozed_until:
            parts.append(Badge(f"Quiet until {view.snoozed_until}"))
        holder.setLayout(row(*parts, None))
        return holder

    def _choices(self, view: AlertView) -> QWidget:
        holder = QWidget()
        known = "I do not know of it" if view.acknowledged else "Acknowledge"
        parts: list[QWidget | None] = [button(known, lambda: self._acknowledge(on=not view.acknowledged))]
        if view.snoozed_until:
            parts.append(button("Wake it", lambda: self._snooze(0)))
        else:
            parts.append(PlainLabel("Snooze", role="small", tone="dim"))
            parts += [button(f"{hours} h", partial(self._snooze, hours)) for hours in SNOOZES_H]
        holder.setLayout(row(*parts, None))
        return holder

    def _ways_on(self, view: AlertView) -> QWidget:
        holder = QWidget()
        link = self._context.open_link
        about = (
            button(f"Its check, {view.check}", lambda: link(f"check:{view.check}"))
            if view.check
            else button(f"History of {name_of(view.metric)}", lambda: link(f"reading:{view.metric}"))
        )
        holder.setLayout(
            row(
                button("Find answers", lambda: link(f"answers:{view.id}"), kind="primary"),
                button("Ask peers with context", lambda: link(f"ask:alert:{view.id}")),
                about,
                None,
            )
        )
        return holder

    def _lines(self, unit: str) -> Card:
        """Show the last lines of a service, once a worker has read them."""
        card = Card()
        said = PlainLabel("They are read.", role="small", tone="dim", wrap=True)
        said.setContentsMargins(12, 7, 12, 7)
        card.add(said)
        background.run(partial(last_lines, unit), lambda lines: said.setText("\n".join(lines) or NO_LINES))
        return card

    def _acknowledge(self, *, on: bool) -> None:
        local.acknowledge(self._context.store, self._alert, time.time() if on else 0.0)
        self._context.tell("alerts")

    def _snooze(self, hours: int) -> None:
        local.snooze(self._context.store, self._alert, time.time() + hours * HOUR_S if hours else 0.0)
        self._context.tell("alerts")


class AlertsPanel(Panel):
    """All alerts, open ones first."""

    TOPICS: ClassVar[frozenset[str]] = frozenset({"alerts"})

    def __init__(self, context: Context, _argument: str = "") -> None:
        super().__init__()
        self._context = context
        self._body = column(gap=12, margins=(24, 20, 24, 24))
        self.setLayout(self._body)

    def title(self) -> str:
        """Return where one is."""
        return "This machine \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK} Alerts"

    def refresh(self, topics: frozenset[str]) -> None:
        """Draw them anew."""
        del topics
        _empty(self._body)
        alerts = data.load_alerts(self._context.store, time.time())
        self._body.addWidget(PlainLabel("Alerts", role="title"))
        if not alerts:
            self._body.addWidget(StateView("empty", "Nothing is wrong, and nothing was in the last 90 days."))
        else:
            card = Card()
            for alert in alerts:
                card.add(self._row(alert))
            self._body.addWidget(card)
        hear = button("How you hear of alerts", lambda: self._context.open_link("delivery:"), kind="link")
        self._body.addWidget(hear, alignment=Qt.AlignmentFlag.AlignLeft)
        self._body.addStretch(1)

    def _row(self, alert: AlertRow) -> QWidget:
        name = TapLabel(alert.title)
        name.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        name.tapped = lambda: self._context.open_link(f"alert:{alert.id}")  # type: ignore[method-assign]
        holder = QWidget()
        sentence = ElidedLabel(alert.sentence, role="small", tone="dim")
        holder.setLayout(row(Dot(alert.state), name, sentence, margins=(12, 9, 12, 9)))
        return holder


def _listed(events: Sequence[EventView]) -> Card:
    card = Card()
    for event in events:
        holder = QWidget()
        when = PlainLabel(event.when, role="small", tone="dim")
        when.setMinimumWidth(WHEN_PX)
        layout = row(when, PlainLabel(event.what, wrap=True), margins=(12, 7, 12, 7))
        layout.setStretch(1, 1)
        holder.setLayout(layout)
        card.add(holder)
    return card


def _empty(body: QLayout) -> None:
    while (item := body.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
