"""The history of one reading: hour, day, week, year, with its least, mean and most."""

from functools import partial
from typing import ClassVar, Final

from PySide6.QtWidgets import QWidget

from rackside.kit.cards import Card, StateView, button, column, row
from rackside.kit.chart import HistoryChart, Point
from rackside.kit.panel import Panel
from rackside.kit.slices import Context
from rackside.kit.text import PlainLabel
from rackside.machine import history
from rackside.machine.data import name_of
from rackside.machine.figures import written
from rackside.machine.views import HistoryView, Span

SPANS: Final[tuple[tuple[str, Span], ...]] = (("Hour", "hour"), ("Day", "day"), ("Week", "week"), ("Year", "year"))


class ReadingPanel(Panel):
    """One metric's page."""

    TOPICS: ClassVar[frozenset[str]] = frozenset({"readings"})

    def __init__(self, context: Context, metric: str) -> None:
        super().__init__()
        self._context, self._metric = context, metric
        self._span: Span = "hour"
        self._view: HistoryView | None = None
        self._unit = ""
        self._name = PlainLabel(name_of(metric), role="title", wrap=True)
        self._now = PlainLabel(role="figure")
        self._range = PlainLabel(role="small", tone="dim")
        self._chart = HistoryChart(lambda value: " ".join(written(value, self._unit)).strip())
        self._chart.setFixedHeight(260)
        self._empty = StateView("empty", "Nothing was read in this time yet. Keep Rackside running, and it fills.")
        self._empty.hide()
        card = Card(lines=False)
        card.add(self._chart)
        card.add(self._empty)
        self.setLayout(
            column(
                self._name,
                row(self._now, self._range, None),
                self._span_buttons(),
                card,
                row(button("Find answers", self._find, kind="primary"), None),
                None,
                gap=12,
                margins=(24, 20, 24, 24),
            )
        )

    def title(self) -> str:
        """Return where one is."""
        return f"This machine \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK} {name_of(self._metric)}"

    def refresh(self, topics: frozenset[str]) -> None:
        """Read the span again; a long one only when it was chosen."""
        if self._view is not None and topics == self.TOPICS and self._span != "hour":
            return
        metric, span = self._metric, self._span
        reading, now_s = self._context.snapshot().readings.get(metric), history.now()
        self._unit = reading.unit if reading else self._unit
        self._context.read(lambda store: history.load_history(store, metric, span, reading, now_s), self._show)

    def _span_buttons(self) -> QWidget:
        holder = QWidget()
        layout = row(gap=4)
        for label, span in SPANS:
            made = button(label, partial(self._choose, span), kind="quiet")
            made.setCheckable(True)
            made.setAutoExclusive(True)
            made.setChecked(span == self._span)
            layout.addWidget(made)
        layout.addStretch(1)
        holder.setLayout(layout)
        return holder

    def _choose(self, span: Span) -> None:
        self._span, self._view = span, None
        self.refresh(self.TOPICS)

    def _show(self, view: HistoryView) -> None:
        if view.metric != self._metric:
            return
        self._view = view
        points = [Point(each.at_s, each.low, each.mean, each.high) for each in view.points]
        self._chart.setVisible(bool(points))
        self._empty.setVisible(not points)
        self._chart.show_points(points, self._span, view.end_s, least_top=view.least_top)
        self._now.setText(view.now)
        self._range.setText(f"least {view.low} · mean {view.mean} · most {view.high}" if points else "")

    def _find(self) -> None:
        self._context.open_link(f"search:{name_of(self._metric)}")
