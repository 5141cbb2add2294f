"""The page of maintenance: what is planned, and the form for one more time of it."""

import time
from functools import partial
from typing import ClassVar, Final

from PySide6.QtCore import QDateTime
from PySide6.QtWidgets import QComboBox, QDateTimeEdit, QFormLayout, QLineEdit, QWidget

from rackside.figures import span_of
from rackside.hosts import data
from rackside.kit.cards import Card, Dot, SectionHead, StateView, button, column, row
from rackside.kit.forms import number
from rackside.kit.panel import Panel
from rackside.kit.slices import Context
from rackside.kit.text import ElidedLabel, PlainLabel
from rackside.store import hosts
from rackside.store.hosts import Maintenance
from rackside.watch.maintenance import covers, wrong
from rackside.words import clock

HOUR_S: Final = 3_600.0
MOST_H: Final = 24 * 14
REPEATS: Final = (("Once", "once"), ("Every day", "daily"), ("Every week", "weekly"))
GROUP: Final = "group"
HOST: Final = "host"


class MaintenancePage(Panel):
    """Every time of maintenance; one that is over is not kept."""

    TOPICS: ClassVar[frozenset[str]] = frozenset({"checks"})

    def __init__(self, context: Context, _argument: str = "") -> None:
        super().__init__()
        self._context = context
        self._card = Card()
        self._empty = StateView(
            "empty", "No maintenance is planned. While there is some, nothing it is of is an alert."
        )
        self._of = QComboBox()
        self._starts = QDateTimeEdit(QDateTime.currentDateTime())
        self._starts.setCalendarPopup(True)
        self._hours = number(2, 1, MOST_H, " h")
        self._repeat = QComboBox()
        for label, repeat in REPEATS:
            self._repeat.addItem(label, repeat)
        self._note = QLineEdit()
        self._note.setPlaceholderText("What is done, as it stands beside the machine")
        form = QFormLayout()
        for label, control in (
            ("Of", self._of),
            ("Begins", self._starts),
            ("Lasts", self._hours),
            ("Repeats", self._repeat),
            ("Note", self._note),
        ):
            control.setAccessibleName(label)
            form.addRow(label, control)
        self._said = PlainLabel(role="small", tone="dim", wrap=True)
        acts = row(button("Plan it", self._plan, kind="primary"), None)
        parts = (PlainLabel("Maintenance", role="title"), self._card, self._empty, SectionHead("Plan one"), form, acts)
        self.setLayout(column(*parts, self._said, None, gap=12, margins=(24, 20, 24, 20)))

    def title(self) -> str:
        """Return where one is."""
        return "Machines \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK} Maintenance"

    def refresh(self, topics: frozenset[str]) -> None:
        """Show what is planned, and of what more can be."""
        del topics
        planned = [each for each in hosts.maintenance(self._context.store) if not _is_over(each)]
        self._card.clear()
        for each in planned:
            self._card.add(self._row(each))
        self._card.setVisible(bool(planned))
        self._empty.setVisible(not planned)
        found = data.load_hosts(self._context.store, self._context.snapshot())
        chosen = self._of.currentData()
        self._of.clear()
        self._of.addItem("Everything", ("", ""))
        for group in sorted({each.group for each in found if each.group}):
            self._of.addItem(f"Group {group}", (GROUP, group))
        for host in sorted(each.name for each in found):
            self._of.addItem(host, (HOST, host))
        self._of.setCurrentIndex(max(0, self._of.findData(chosen)))

    def _row(self, each: Maintenance) -> QWidget:
        made = QWidget()
        of = each.host or (f"Group {each.group}" if each.group else "Everything")
        repeat = next(label for label, repeat in REPEATS if repeat == each.repeat).lower()
        when = f"{clock(each.starts_s)} for {span_of(each.ends_s - each.starts_s)}, {repeat}"
        about = ElidedLabel(" · ".join(part for part in (of, when, each.note) if part))
        end = button("End it", partial(self._end, each.id), kind="link", hint=f"End the maintenance of {of}")
        layout = row(Dot("info" if covers(each, time.time()) else "dim"), about, end, margins=(12, 7, 12, 7))
        layout.setStretch(1, 1)
        made.setLayout(layout)
        return made

    def _plan(self) -> None:
        kind, name = self._of.currentData()
        starts_s = float(self._starts.dateTime().toSecsSinceEpoch())
        planned = Maintenance(
            starts_s=starts_s,
            ends_s=starts_s + self._hours.value() * HOUR_S,
            host=name if kind == HOST else "",
            group=name if kind == GROUP else "",
            repeat=self._repeat.currentData(),
            note=self._note.text().strip(),
        )
        problem = wrong(planned) or ("It is over already." if _is_over(planned) else "")
        self._said.setText(problem or "Planned.")
        if not problem:
            hosts.plan_maintenance(self._context.store, planned)
            self._note.clear()
            self._context.tell("checks")

    def _end(self, maintenance_id: str) -> None:
        hosts.end_maintenance(self._context.store, maintenance_id)
        self._context.tell("checks")


def _is_over(each: Maintenance) -> bool:
    return each.repeat == "once" and each.ends_s <= time.time()
