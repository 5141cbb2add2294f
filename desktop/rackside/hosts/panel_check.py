"""The page of one check: how it stands, its history, and the form that tries it before it is kept."""

import time
from functools import partial
from typing import ClassVar, Final, Literal, get_args, get_origin

import msgspec
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QLayout, QLineEdit, QWidget

from rackside.hosts import data
from rackside.kit import background
from rackside.kit.cards import SectionHead, StateView, button, column, refill, row
from rackside.kit.forms import number
from rackside.kit.history import HistoryCard
from rackside.kit.panel import Panel
from rackside.kit.slices import Context
from rackside.kit.text import PlainLabel, confirm
from rackside.store import checks
from rackside.store.checks import RETRIES, Watched
from rackside.watch.checks.check import Check, Result
from rackside.watch.checks.fields import hint, problem, shown, spoken, typed
from rackside.watch.checks.run import KINDS, run
from rackside.watch.standings import read_check

EVERY_S: Final = 60
LEAST_EVERY_S: Final = 5
MOST_EVERY_S: Final = 86_400
MOST_RETRIES: Final = 20
NEW_OF: Final = "?"
"""What a link to the form of a new check has before the machine that it is of and, after a `#`, its kind."""
NAME_PX: Final = 116
TONES: Final = {"ok": "ok", "warning": "warn", "critical": "bad", "unknown": "dim"}


class CheckPage(Panel):
    """One check: how it stands, its history, and its form; without a label, the form of a new one."""

    TOPICS: ClassVar[frozenset[str]] = frozenset({"readings", "checks"})

    def __init__(self, context: Context, argument: str) -> None:
        super().__init__()
        self._context = context
        is_new = not argument or argument.startswith(NEW_OF)
        self._label = "" if is_new else argument
        self._state = PlainLabel(tone="dim", wrap=True)
        self._history: HistoryCard | None = None
        self._history_place = column()
        self._found = Outcome()
        held = checks.one(context.store, self._label) if self._label else None
        if self._label and held is None:
            gone = StateView("empty", f"{self._label} is not watched any more.")
            self.setLayout(column(gone, None, margins=(24, 20, 24, 20)))
            return
        parts: list[QWidget | QLayout] = [PlainLabel(self._label or "Add a check", role="title", wrap=True)]
        if held is not None:
            acts = row(
                button("Check now", partial(self._check, held), kind="primary"),
                button("Stop watching", self._stop),
                None,
            )
            parts += [self._state, acts, self._found, self._history_place, SectionHead("What is checked")]
        host, _, kind = argument.removeprefix(NEW_OF).partition("#") if is_new else ("", "", "")
        parts.append(CheckForm(context, held, host, kind))
        self.setLayout(column(*parts, None, gap=12, margins=(24, 20, 24, 20)))

    def title(self) -> str:
        """Return where one is."""
        return f"Machines \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK} {self._label or 'Add a check'}"

    def refresh(self, topics: frozenset[str]) -> None:
        """Show how it stands."""
        del topics
        found = data.load_hosts(self._context.store, self._context.snapshot())
        view = next((each for host in found for each in host.checks if each.label == self._label), None)
        if view is None:
            return
        self._state.setText(data.said_of(view, time.time()))
        if self._history is None and view.metric:
            self._history = HistoryCard(self._context, view.metric)
            refill(self._history_place, self._history)
        if self._history is not None:
            self._history.read()

    def _check(self, held: Watched) -> None:
        self._found.begin(read_check(bytes(held.check)))

    def _stop(self) -> None:
        if confirm(self, "Stop watching", f"Watch {self._label} no longer? Its history is kept.", yes="Stop watching"):
            checks.unwatch(self._context.store, self._label)
            self._context.tell("checks")
            self._context.open_link("hosts:")


class CheckForm(QWidget):
    """The fields of a kind of check; what is typed is checked while it is, and can be tried before it is kept."""

    def __init__(self, context: Context, held: Watched | None = None, host: str = "", kind: str = "") -> None:
        super().__init__()
        self._context, self._held = context, held
        self._label = QLineEdit(held.label if held else "")
        self._label.setPlaceholderText("What it is called in the sidebar and in alerts")
        self._label.setAccessibleName("Label")
        self._host = QLineEdit(held.host if held else host)
        self._host.setPlaceholderText("The machine that it is of; without, the one that it asks")
        self._host.setAccessibleName("Machine")
        self._kind = QComboBox()
        self._kind.setAccessibleName("Kind")
        for name, each in KINDS.items():
            self._kind.addItem(f"{name}: {each.SHOWN}", name)
        self._kind.setCurrentIndex(max(0, self._kind.findData(kind)))
        self._kind.currentIndexChanged.connect(self._lay_out_fields)
        self._every = number(round(held.every_s) if held else EVERY_S, LEAST_EVERY_S, MOST_EVERY_S, " s")
        self._every.setAccessibleName("Seconds between two checks")
        self._retries = number(held.retries if held else RETRIES, 0, MOST_RETRIES, "")
        self._retries.setAccessibleName("Tries more before a failure counts")
        self._fields: dict[str, QLineEdit | QCheckBox | QComboBox] = {}
        self._form = QFormLayout()
        self._outcome = Outcome()
        acts = row(
            button("Try it", self._try), button("Keep it" if held else "Watch it", self._keep, kind="primary"), None
        )
        top = QFormLayout()
        for name, control in (
            ("Label", self._label),
            ("Machine", self._host),
            ("Kind", self._kind),
            ("Every", self._every),
            ("Retries", self._retries),
        ):
            top.addRow(_named(name), control)
        self.setLayout(column(top, self._form, acts, self._outcome, gap=8))
        self._lay_out_fields()
        if held is not None:
            self._fill(msgspec.json.decode(held.check))

    def _fill(self, given: dict[str, object]) -> None:
        self._kind.setCurrentIndex(max(0, self._kind.findData(given.get("kind"))))
        for name, control in self._fields.items():
            if isinstance(control, QCheckBox):
                control.setChecked(bool(given.get(name)))
            elif isinstance(control, QComboBox):
                control.setCurrentText(str(given.get(name, control.itemText(0))))
            elif name in given:
                control.setText(shown(name, given[name]))
        self._outcome.say("", "dim")

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
            name = spoken(field.name)
            if field.type is bool:
                self._fields[field.name] = QCheckBox(name)
                self._form.addRow(_named(""), self._fields[field.name])
            elif get_origin(field.type) is Literal:
                self._fields[field.name] = _choice(get_args(field.type), str(field.default))
                self._form.addRow(_named(name), self._fields[field.name])
            else:
                made = QLineEdit()
                made.setPlaceholderText(hint(self._kind.currentData(), field))
                made.textChanged.connect(self._say_problem)
                self._fields[field.name] = made
                self._form.addRow(_named(name), made)
            self._fields[field.name].setAccessibleName(name)

    def _check(self) -> Check:
        """Return the check that is typed.

        Raises:
            msgspec.ValidationError: it is none yet.
        """
        given: dict[str, object] = {}
        for name, control in self._fields.items():
            value = _value(control)
            if value:
                given[name] = typed(name, value) if isinstance(value, str) else value
        return msgspec.convert(given, KINDS[self._kind.currentData()], strict=False)

    def _say_problem(self) -> None:
        try:
            self._check()
        except msgspec.ValidationError as error:
            self._outcome.say(f"Not yet: {problem(error)}", "dim")
        else:
            self._outcome.say("", "dim")

    def _try(self) -> None:
        try:
            self._outcome.begin(self._check())
        except msgspec.ValidationError as error:
            self._outcome.say(f"This cannot be tried: {problem(error)}", "bad")

    def _keep(self) -> None:
        label = self._label.text().strip()
        try:
            body = msgspec.Raw(msgspec.json.encode(self._check()))
        except msgspec.ValidationError as error:
            self._outcome.say(f"This cannot be watched: {problem(error)}", "bad")
            return
        store, every_s = self._context.store, float(self._every.value())
        host, retries = self._host.text().strip(), self._retries.value()
        made = Watched(label=label, check=body, every_s=every_s, host=host, retries=retries)
        if not label:
            self._outcome.say("Give it a label, by which you know it again.", "bad")
        elif not (checks.change(store, self._held.label, made) if self._held else checks.watch(store, made)):
            self._outcome.say(f"{label} is watched already. Choose another label.", "bad")
        else:
            self._kept(made)

    def _kept(self, made: Watched) -> None:
        self._context.tell("checks")
        if self._held is None:
            self._label.clear()
            self._outcome.say(f"{made.label} is watched from now on.", "ok")
        elif made.label != self._held.label:
            self._context.open_link(f"check:{made.label}")
        else:
            self._held = made
            self._outcome.say("Kept.", "ok")


def _choice(values: tuple[str, ...], first: str) -> QComboBox:
    made = QComboBox()
    made.addItems([first, *(each for each in values if each != first)])
    return made


def _value(control: QLineEdit | QCheckBox | QComboBox) -> str | bool:
    match control:
        case QCheckBox():
            return control.isChecked()
        case QComboBox():
            return control.currentText()
        case _:
            return control.text().strip()


def _named(name: str) -> PlainLabel:
    made = PlainLabel(name, tone="dim")
    made.setMinimumWidth(NAME_PX)
    return made


class Outcome(QWidget):
    """What a check found when it was tried: not yet, under way, or the sentence in its tone."""

    def __init__(self) -> None:
        super().__init__()
        self._said = PlainLabel(wrap=True)
        self.setLayout(column(self._said))
        self.hide()

    def say(self, sentence: str, tone: str) -> None:
        """Show a sentence."""
        self._said.set_tone(tone)  # type: ignore[arg-type] # one of ours
        self._said.setText(sentence)
        self.setVisible(bool(sentence))

    def begin(self, check: Check) -> None:
        """Do a check on a worker, and show what it finds."""
        self.say("Checking.", "dim")
        background.run(partial(run, check), self._show)

    def _show(self, found: Result) -> None:
        self.say(found.sentence, TONES[found.level])
