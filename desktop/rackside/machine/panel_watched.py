"""The page of what is watched: all of it, a form that tries a check before it is kept, and one check with its end."""

from functools import partial
from typing import ClassVar, Final

import msgspec
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QLineEdit, QSpinBox, QWidget

from rackside.kit import background
from rackside.kit.cards import Card, SectionHead, StateView, button, column, row
from rackside.kit.panel import Panel
from rackside.kit.slices import Context
from rackside.kit.stream import ListSource, Row, Stream
from rackside.kit.text import PlainLabel, confirm
from rackside.machine import data
from rackside.machine.views import NetworkView
from rackside.store import checks
from rackside.store.checks import Watched
from rackside.watch.checking import read_check
from rackside.watch.checks.check import Check, Result
from rackside.watch.checks.run import KINDS, run

EVERY_S: Final = 60
LEAST_EVERY_S: Final = 5
MOST_EVERY_S: Final = 86_400
NONE_YET: Final = "Nothing is watched yet. Add a machine, a port, a page or a certificate, and try it first."
NO_FIGURE: Final = "\N{EN DASH}"
TONES: Final = {"ok": "ok", "warning": "warn", "critical": "bad", "unknown": "dim"}


class WatchedPage(Panel):
    """Everything that is watched, what is wrong first, and the form for one more."""

    TOPICS: ClassVar[frozenset[str]] = frozenset({"readings", "checks"})

    def __init__(self, context: Context, _argument: str = "") -> None:
        super().__init__()
        self._context = context
        self._shown: list[Row] = []
        self._stream = Stream("Watched")
        self._stream.opened.connect(context.open_link)
        self._card = Card(lines=False)
        self._card.add(self._stream)
        self._empty = StateView("empty", NONE_YET)
        self._form = CheckForm(context)
        parts = (PlainLabel("Watched", role="title"), self._card, self._empty, SectionHead("Add a check"), self._form)
        self.setLayout(column(*parts, None, gap=12, margins=(24, 20, 24, 20)))

    def title(self) -> str:
        """Name the page."""
        return "Watched"

    def refresh(self, topics: frozenset[str]) -> None:
        """Show them as they stand now; the list is drawn anew only when something in it changed."""
        del topics
        snapshot = self._context.snapshot()
        views = {view.name: view for view in data.watched(snapshot.readings, data.worst_by_reading(snapshot.alerts))}
        held = checks.watched(self._context.store)
        order = {name: place for place, name in enumerate(views)}
        held.sort(key=lambda each: (order.get(each.label, len(order)), each.label))
        rows = [_row(each, views.get(each.label)) for each in held]
        if rows != self._shown:
            self._shown = rows
            self._stream.show_source(ListSource(rows))
        self._card.setVisible(bool(rows))
        self._empty.setVisible(not rows)


class CheckPage(Panel):
    """One check: what it is, what it finds now, its history, and the way to stop it."""

    TOPICS: ClassVar[frozenset[str]] = frozenset({"readings", "checks"})

    def __init__(self, context: Context, label: str) -> None:
        super().__init__()
        self._context, self._label = context, label
        self._found = Outcome()
        held = [each for each in checks.watched(context.store) if each.label == label]
        if not held:
            gone = StateView("empty", f"{label} is not watched any more.")
            self.setLayout(column(gone, None, margins=(24, 20, 24, 20)))
            return
        self._watched = held[0]
        card = Card()
        for name, value in msgspec.json.decode(self._watched.check).items():
            card.add(_fact(str(name), str(value)))
        card.add(_fact("every", f"{self._watched.every_s:.0f} s"))
        acts = row(
            button("Check now", self._check, kind="primary"),
            button("History", self._show_history),
            button("Stop watching", self._stop),
            None,
        )
        parts = (PlainLabel(label, role="title", wrap=True), card, acts, self._found)
        self.setLayout(column(*parts, None, gap=12, margins=(24, 20, 24, 20)))

    def title(self) -> str:
        """Name the page."""
        return "Watched"

    def _check(self) -> None:
        self._found.begin(read_check(bytes(self._watched.check)))

    def _show_history(self) -> None:
        seen = data.watched(self._context.snapshot().readings, {})
        metric = next((view.metric for view in seen if view.name == self._label), "")
        if metric:
            self._context.open_link(f"reading:{metric}")
        else:
            self._found.say("It was not checked yet; its history begins with the first check.", "dim")

    def _stop(self) -> None:
        if confirm(self, "Stop watching", f"Watch {self._label} no longer? Its history is kept.", yes="Stop watching"):
            checks.unwatch(self._context.store, self._label)
            self._context.open_link("watched:")


class CheckForm(QWidget):
    """The fields of a kind of check; what is typed is checked while it is, and can be tried before it is kept."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._label = QLineEdit()
        self._label.setPlaceholderText("What it is called in the sidebar and in alerts")
        self._label.setAccessibleName("Label")
        self._kind = QComboBox()
        self._kind.setAccessibleName("Kind")
        for name, kind in KINDS.items():
            self._kind.addItem(f"{name}: {kind.SHOWN}", name)
        self._kind.currentIndexChanged.connect(self._lay_out_fields)
        self._every = QSpinBox()
        self._every.setRange(LEAST_EVERY_S, MOST_EVERY_S)
        self._every.setValue(EVERY_S)
        self._every.setSuffix(" s")
        self._every.setAccessibleName("Seconds between two checks")
        self._fields: dict[str, QLineEdit | QCheckBox] = {}
        self._form = QFormLayout()
        self._outcome = Outcome()
        acts = row(button("Try it", self._try), button("Watch it", self._keep, kind="primary"), None)
        every = row(PlainLabel("every"), self._every, None)
        self.setLayout(column(self._label, self._kind, self._form, every, acts, self._outcome, gap=8))
        self._lay_out_fields()

    def _lay_out_fields(self) -> None:
        while self._form.rowCount():
            self._form.removeRow(0)
        self._fields = {}
        kind = KINDS[self._kind.currentData()]
        common = Check.__struct_fields__
        fields = sorted(
            msgspec.structs.fields(kind),
            key=lambda field: (field.name != kind.TARGET, not field.required, field.name in common),
        )
        for field in fields:
            name = field.name.replace("_", " ")
            if field.type is bool:
                self._fields[field.name] = QCheckBox(name)
                self._form.addRow("", self._fields[field.name])
            else:
                made = QLineEdit()
                made.setPlaceholderText("needed" if field.required else f"{field.default}" if field.default else "")
                made.textChanged.connect(self._say_problem)
                self._fields[field.name] = made
                self._form.addRow(name, made)
            self._fields[field.name].setAccessibleName(name)

    def _check(self) -> Check:
        """Return the check that is typed.

        Raises:
            msgspec.ValidationError: it is none yet.
        """
        given: dict[str, object] = {}
        for name, control in self._fields.items():
            value = control.isChecked() if isinstance(control, QCheckBox) else control.text().strip()
            if value:
                given[name] = value
        return msgspec.convert(given, KINDS[self._kind.currentData()], strict=False)

    def _say_problem(self) -> None:
        try:
            self._check()
        except msgspec.ValidationError as error:
            self._outcome.say(f"Not yet: {error}", "dim")
        else:
            self._outcome.say("", "dim")

    def _try(self) -> None:
        try:
            self._outcome.begin(self._check())
        except msgspec.ValidationError as error:
            self._outcome.say(f"This cannot be tried: {error}", "bad")

    def _keep(self) -> None:
        label = self._label.text().strip()
        try:
            body = msgspec.Raw(msgspec.json.encode(self._check()))
        except msgspec.ValidationError as error:
            self._outcome.say(f"This cannot be watched: {error}", "bad")
            return
        if not label:
            self._outcome.say("Give it a label, by which you know it again.", "bad")
        elif checks.watch(self._context.store, Watched(label=label, check=body, every_s=float(self._every.value()))):
            self._label.clear()
            self._outcome.say(f"{label} is watched from now on.", "ok")
        else:
            self._outcome.say(f"{label} is watched already. Choose another label.", "bad")


class Outcome(QWidget):
    """What a check found when it was tried: not yet, under way, or the sentence in its tone."""

    def __init__(self) -> None:
        super().__init__()
        self._said = PlainLabel(wrap=True)
        self.setLayout(column(self._said))

    def say(self, sentence: str, tone: str) -> None:
        """Show a sentence."""
        self._said.set_tone(tone)  # type: ignore[arg-type] # one of ours
        self._said.setText(sentence)

    def begin(self, check: Check) -> None:
        """Do a check on a worker, and show what it finds."""
        self.say("Checking.", "dim")
        background.run(partial(run, check), self._show)

    def _show(self, found: Result) -> None:
        self.say(found.sentence, TONES[found.level])


def _row(each: Watched, view: NetworkView | None) -> Row:
    link = f"check:{each.label}"
    if view is None:
        return Row(link=link, title=each.label, meta="Not checked yet", figure=NO_FIGURE, tone="dim")
    figure, _, unit = view.figure.partition(" ")
    return Row(link=link, title=each.label, meta=view.word, figure=figure or NO_FIGURE, caption=unit, tone=view.state)


def _fact(name: str, value: str) -> QWidget:
    made = QWidget()
    about = PlainLabel(name.replace("_", " "), role="small", tone="dim")
    about.setMinimumWidth(96)
    layout = row(about, PlainLabel(value, wrap=True), margins=(12, 7, 12, 7))
    layout.setStretch(1, 1)
    made.setLayout(layout)
    return made
