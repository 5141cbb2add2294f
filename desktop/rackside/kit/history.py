"""The history of one reading on a card: hour, day, week, year, with its least, mean and most."""

import time
from functools import partial
from typing import Final

import msgspec
from PySide6.QtWidgets import QWidget

from rackside.figures import written
from rackside.kit.cards import Card, StateView, button, column, row
from rackside.kit.chart import HistoryChart, Point, Span
from rackside.kit.slices import Context
from rackside.kit.text import PlainLabel
from rackside.store import Store, local
from rackside.watch.model import Reading

SPANS: Final[tuple[tuple[str, Span], ...]] = (("Hour", "hour"), ("Day", "day"), ("Week", "week"), ("Year", "year"))
CHART_PX: Final = 260
_WHOLE: Final = 100.0


class HistoryView(msgspec.Struct, frozen=True):
    """One reading over a span of time that ends at `end_s`; its figures as they are shown."""

    metric: str
    unit: str
    points: tuple[Point, ...]
    end_s: float
    now: str = ""
    low: str = ""
    mean: str = ""
    high: str = ""


def load_history(store: Store, key: str, span: Span, reading: Reading | None, now_s: float) -> HistoryView:
    """Load a reading over a span that ends now; `reading` is the newest one, if it is read at all just now."""
    unit = reading.unit if reading else ""
    points = tuple(Point(each.at_s, each.low, each.mean, each.high) for each in local.history(store, key, span, now_s))
    now = _text(reading.value, unit) if reading else ""
    if not points:
        return HistoryView(key, unit, points, now_s, now)
    low, high = min(each.low for each in points), max(each.high for each in points)
    mean = sum(each.mean for each in points) / len(points)
    return HistoryView(key, unit, points, now_s, now, *(_text(each, unit) for each in (low, mean, high)))


def _text(value: float, unit: str) -> str:
    return " ".join(written(value, unit)).strip()


class HistoryCard(QWidget):
    """The chart of one reading. Call `read` when there may be more of it."""

    def __init__(self, context: Context, metric: str) -> None:
        super().__init__()
        self._context, self._metric = context, metric
        self._span: Span = "hour"
        self._view: HistoryView | None = None
        self._unit = ""
        self._now = PlainLabel(role="figure")
        self._range = PlainLabel(role="small", tone="dim")
        self._chart = HistoryChart(lambda value: _text(value, self._unit))
        self._chart.setFixedHeight(CHART_PX)
        self._empty = StateView("empty", "Nothing was read in this time yet. Keep Rackside running, and it fills.")
        self._empty.hide()
        card = Card(lines=False)
        card.add(self._chart)
        card.add(self._empty)
        self.setLayout(column(row(self._now, self._range, None), self._span_buttons(), card, gap=12))

    def read(self) -> None:
        """Read it again; a long span only when it was chosen."""
        if self._view is None or self._span == "hour":
            self._read()

    def _read(self) -> None:
        metric, span = self._metric, self._span
        reading, now_s = self._context.snapshot().readings.get(metric), time.time()
        self._unit = reading.unit if reading else self._unit
        self._context.read(lambda store: load_history(store, metric, span, reading, now_s), self._show)

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
        self._read()

    def _show(self, view: HistoryView) -> None:
        self._view = view
        self._chart.setVisible(bool(view.points))
        self._empty.setVisible(not view.points)
        least_top = _WHOLE if view.unit == "%" else 0.0
        self._chart.show_points(view.points, self._span, view.end_s, least_top=least_top)
        self._now.setText(view.now)
        self._range.setText(f"least {view.low} · mean {view.mean} · most {view.high}" if view.points else "")
