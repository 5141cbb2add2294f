"""The page of one machine: its checks, their history, what happened, what is said of it, and its maintenance."""

import time
from functools import partial
from typing import ClassVar, Final

from PySide6.QtWidgets import QComboBox, QFormLayout, QLineEdit, QWidget

from rackside.hosts import data
from rackside.hosts.data import TONES, HostView
from rackside.kit.cards import Card, Dot, SectionHead, StateView, button, column, refill, row
from rackside.kit.forms import number
from rackside.kit.history import HistoryCard
from rackside.kit.panel import Panel
from rackside.kit.slices import Context
from rackside.kit.state_row import StateRow
from rackside.kit.text import PlainLabel, confirm
from rackside.store import checks, events, hosts
from rackside.store.hosts import Host, Maintenance
from rackside.words import clock

EVENTS_SHOWN: Final = 20
MAINTENANCES_H: Final = (1, 4, 24)
HOUR_S: Final = 3_600.0
MOST_SLEEP_H: Final = 24 * 30
LEAST_CHOICE_PX: Final = 160
"""What a long label leaves of the list of histories."""


class HostPage(Panel):
    """One machine."""

    TOPICS: ClassVar[frozenset[str]] = frozenset({"readings", "checks", "events"})

    def __init__(self, context: Context, name: str) -> None:
        super().__init__()
        self._context, self._name = context, name
        self._rows: dict[str, StateRow] = {}
        self._history: HistoryCard | None = None
        self._dot, self._state = Dot(), PlainLabel(tone="dim", wrap=True)
        state = row(self._dot, self._state)
        state.setStretch(1, 1)
        self._checks = Card()
        self._which = QComboBox()
        self._which.setAccessibleName("History of")
        self._which.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._which.setMinimumWidth(LEAST_CHOICE_PX)
        self._which.currentIndexChanged.connect(self._choose_history)
        self._history_place = column()
        self._events = column()
        link = context.open_link
        self._acts = QWidget()
        self._acts.setLayout(
            row(
                button("Add a check", lambda: link(f"check:?{name}"), kind="primary"),
                PlainLabel("Maintenance", role="small", tone="dim"),
                *(button(f"{hours} h", partial(self._maintain, hours)) for hours in MAINTENANCES_H),
                button("Stop watching", self._stop),
                None,
            )
        )
        self._gone = StateView("empty", f"{name} is not watched any more.")
        self._content = QWidget()
        self._form = HostForm(context, name)
        self._content.setLayout(
            column(
                state,
                self._acts,
                SectionHead("Checks"),
                self._checks,
                SectionHead("History"),
                row(self._which, None),
                self._history_place,
                SectionHead("What happened"),
                self._events,
                SectionHead("About this machine"),
                self._form,
                gap=12,
            )
        )
        title = PlainLabel(name, role="title", wrap=True)
        self.setLayout(column(title, self._gone, self._content, None, gap=12, margins=(24, 20, 24, 20)))

    def title(self) -> str:
        """Return where one is."""
        return f"Machines \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK} {self._name}"

    def refresh(self, topics: frozenset[str]) -> None:
        """Show how it stands."""
        found = data.load_hosts(self._context.store, self._context.snapshot())
        view = next((each for each in found if each.name == self._name), None)
        self._gone.setVisible(view is None)
        self._content.setVisible(view is not None)
        if view is None:
            return
        self._dot.set_tone(TONES[view.state])
        self._state.setText(data.said_of(view, time.time()))
        self._show_checks(view)
        if self._history is not None:
            self._history.read()
        if topics & {"events", "checks"}:
            self._show_events(view)

    def _show_checks(self, view: HostView) -> None:
        if [each.label for each in view.checks] != list(self._rows):
            self._checks.clear()
            self._rows = {}
            for each in view.checks:
                made = StateRow(each.label, f"check:{each.label}", self._context.open_link)
                self._rows[each.label] = made
                self._checks.add(made)
        for each in view.checks:
            self._rows[each.label].show_state(TONES[each.state], data.said_of(each, time.time()), each.figure)
        known = {self._which.itemData(place) for place in range(self._which.count())}
        for each in view.checks:
            if each.metric and each.metric not in known:
                self._which.addItem(each.label, each.metric)
        self._which.setVisible(self._which.count() > 1)

    def _choose_history(self, place: int) -> None:
        self._history = HistoryCard(self._context, self._which.itemData(place))
        refill(self._history_place, self._history)
        self._history.read()

    def _show_events(self, view: HostView) -> None:
        found = events.of(self._context.store, [view.name, *(each.label for each in view.checks)], EVENTS_SHOWN)
        if not found:
            refill(self._events, PlainLabel("Nothing happened to it yet.", tone="dim"))
            return
        card = Card()
        for each in found:
            made = StateRow(f"{clock(each.at_s)}", each.link, self._context.open_link)
            made.show_state("dim" if each.until_s else "bad", f"{each.subject}: {each.sentence}", data.lasted(each))
            card.add(made)
        refill(self._events, card)

    def _maintain(self, hours: int) -> None:
        now_s = time.time()
        planned = Maintenance(starts_s=now_s, ends_s=now_s + hours * HOUR_S, host=self._name)
        hosts.plan_maintenance(self._context.store, planned)
        self._context.tell("checks")
        self._context.open_link("maintenance:")

    def _stop(self) -> None:
        sentence = f"Watch nothing of {self._name} any longer? Its history and what happened are kept."
        if not confirm(self, "Stop watching", sentence, yes="Stop watching"):
            return
        for label in self._rows:
            checks.unwatch(self._context.store, label)
        hosts.forget_host(self._context.store, self._name)
        self._context.tell("checks")
        self._context.open_link("hosts:")


class HostForm(QWidget):
    """What a person says of a machine; each word is kept when she leaves its field."""

    def __init__(self, context: Context, name: str) -> None:
        super().__init__()
        self._context, self._name = context, name
        held = hosts.hosts(context.store).get(name, Host(name=name))
        self._group, self._parent, self._note = (QLineEdit(text) for text in (held.group, held.parent, held.note))
        self._sleep = number(round(held.may_sleep_s / HOUR_S), 0, MOST_SLEEP_H, " h")
        self._sleep.setSpecialValueText("never")
        self._said = PlainLabel(role="small", tone="dim", wrap=True)
        form = QFormLayout()
        for label, control in (
            ("Group", self._group),
            ("Behind", self._parent),
            ("May sleep for", self._sleep),
            ("Note", self._note),
        ):
            control.setAccessibleName(label)
            form.addRow(label, control)
            control.editingFinished.connect(self._keep)
        self._parent.setPlaceholderText("The machine before it; while that is down, this one is silent")
        self.setLayout(column(form, self._said, gap=8))

    def _keep(self) -> None:
        said = Host(
            name=self._name,
            group=self._group.text().strip(),
            parent=self._parent.text().strip(),
            may_sleep_s=self._sleep.value() * HOUR_S,
            note=self._note.text().strip(),
        )
        store = self._context.store
        if said == hosts.hosts(store).get(self._name, Host(name=self._name)):
            return
        if said.parent == self._name:
            self._said.setText("A machine is not behind itself. Name the one before it.")
            return
        names = {each.name for each in data.load_hosts(store, self._context.snapshot())}
        hosts.keep_host(store, said)
        unwatched = said.parent and said.parent not in names
        self._said.setText(f"Kept. Nothing of {said.parent} is checked yet." if unwatched else "Kept.")
        self._context.tell("checks")
