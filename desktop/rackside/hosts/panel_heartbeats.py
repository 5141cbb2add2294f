"""The page of heartbeats: jobs that say that they were done, at an address of the community's server or in a folder."""

from collections.abc import Callable
from functools import partial
from typing import ClassVar, Final

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from rackside.hosts.beats import Beat, load_beats, watch_beat
from rackside.kit.cards import Card, Dot, SectionHead, StateView, button, column, disable, row
from rackside.kit.panel import Panel
from rackside.kit.plain import plain
from rackside.kit.slices import Context
from rackside.kit.text import ElidedLabel, PlainLabel, confirm
from rackside.watch.checks.heartbeat import spool
from rackside_protocol.heartbeats import RegisterHeartbeat, RemoveHeartbeat, RenewHeartbeat
from rackside_protocol.ids import new_id
from rackside_protocol.registry import encode, read_action

ABOUT: Final = (
    "A job calls its address when it is done, with /start before, and /fail or its exit code when it fails. Whoever"
    " knows the address can say so in its place, and nothing else."
)
OF_THIS_MACHINE: Final = (
    "Jobs of this machine need no server: they touch a file in {folder}, and a check of the kind heartbeat names it."
)
BELOW_NAME_PX: Final = 14
LINK_PADDING_PX: Final = 4
NO_SERVER: Final = "The addresses are given by the community's server, which this console is not connected to."
NONE_YET: Final = "No job is listened for yet. Name one, such as backup."
NOT_A_NAME: Final = "A name has letters, digits, spaces and . @ + - _, begins with one of the first two, 80 at most."


class HeartbeatsPage(Panel):
    """Every heartbeat with what was heard last, and the form for one more."""

    TOPICS: ClassVar[frozenset[str]] = frozenset({"heartbeat", "outbox", "checks", "settings"})

    def __init__(self, context: Context, _argument: str = "") -> None:
        super().__init__()
        self._context = context
        self._shown: list[Beat] = []
        self._card = Card()
        self._empty = StateView("empty", NONE_YET)
        self._offline = StateView("empty", NO_SERVER, action="Connect", act=lambda: context.open_link("welcome:"))
        self._name = QLineEdit()
        self._name.setPlaceholderText("What the job is called, such as backup")
        self._name.setAccessibleName("Name of the job")
        self._name.textChanged.connect(self._check)
        self._name.returnPressed.connect(self._add)
        self._add_button = button("Listen for it", self._add, kind="primary")
        self._said = PlainLabel(role="small", tone="dim", wrap=True)
        self._adding = QWidget()
        form = row(self._name, self._add_button)
        form.setStretch(0, 1)
        self._adding.setLayout(column(SectionHead("Listen for one more"), form, self._said, gap=8))
        folder = PlainLabel(OF_THIS_MACHINE.format(folder=spool()), role="small", tone="dim", wrap=True)
        watch = button("Watch a file", lambda: context.open_link("check:?#heartbeat"))
        title, about = PlainLabel("Heartbeats", role="title"), PlainLabel(ABOUT, tone="dim", wrap=True)
        here = (SectionHead("On this machine"), folder, row(watch, None))
        parts = (title, about, self._card, self._empty, self._offline, self._adding, *here)
        self.setLayout(column(*parts, None, gap=12, margins=(24, 20, 24, 20)))
        self._check()

    def title(self) -> str:
        """Return where one is."""
        return "Machines \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK} Heartbeats"

    def refresh(self, topics: frozenset[str]) -> None:
        """Show what was heard; drawn anew only where something changed, so that the focus stays."""
        del topics
        found = load_beats(self._context.store, self._context.settings().server_url)
        connected = bool(self._context.me())
        if found != self._shown:
            self._shown = found
            self._card.clear()
            for each in found:
                self._card.add(self._row(each))
        self._card.setVisible(bool(found))
        self._empty.setVisible(connected and not found)
        self._offline.setVisible(not connected)
        self._adding.setVisible(connected)
        self._check()

    def _row(self, each: Beat) -> QWidget:
        name, sentence = ElidedLabel(each.name, role="strong"), ElidedLabel(each.sentence, role="small", tone="dim")
        top = row(Dot(each.tone), name, sentence)
        top.setStretch(2, 1)
        made = QWidget()
        acts = row(*self._acts(each), None, gap=4, margins=(BELOW_NAME_PX, 0, 0, 0))
        made.setLayout(column(top, acts, gap=2, margins=(12, 8, 12, 6)))
        return made

    def _acts(self, each: Beat) -> list[QWidget]:
        if each.waits:
            return [_dim(f"It {each.waits} with the next sync.")]
        if each.refused:
            return [self._act("Dismiss", each, lambda: self._context.dismiss(each.id))]
        if not each.address:
            return [_dim("Waiting to be sent")]
        watched = (
            self._act("Its check", each, lambda: self._context.open_link(f"check:{each.watched}"))
            if each.watched
            else self._act("Watch it", each, partial(self._watch, each.name))
        )
        line = self._act("Copy curl line", each, lambda: self._copy(f"curl -fsS -m 10 --retry 5 {each.address}"))
        return [
            watched,
            self._act("Copy address", each, lambda: self._copy(each.address)),
            line,
            self._act("New address", each, partial(self._renew, each)),
            self._act("Remove", each, partial(self._remove, each)),
        ]

    def _act(self, label: str, each: Beat, act: Callable[[], object]) -> QPushButton:
        made = button(label, act, kind="link")
        made.setAccessibleName(plain(f"{label}: {each.name}"))
        return made

    def _check(self) -> None:
        """Say while it is typed what is wrong with a name."""
        name = self._name.text().strip()
        taken = name in {each.name for each in self._shown}
        problem = f"{name} is listened for already." if taken else "" if not name or _is_name(name) else NOT_A_NAME
        disable(self._add_button, problem or ("" if name else "Name the job first."))
        self._said.setText(problem)

    def _add(self) -> None:
        if self._add_button.isEnabled():
            self._context.act(RegisterHeartbeat(id=new_id(), name=self._name.text().strip()))
            self._name.clear()

    def _watch(self, name: str) -> None:
        label = watch_beat(self._context.store, name)
        self._context.tell("checks")
        self._context.open_link(f"check:{label}")

    def _copy(self, what: str) -> None:
        QGuiApplication.clipboard().setText(what)
        self._said.setText("Copied.")

    def _renew(self, each: Beat) -> None:
        sure = f"{each.name} gets another address. What calls the one that it has now is not heard any more."
        if confirm(self, "New address", sure, yes="New address"):
            self._context.act(RenewHeartbeat(id=new_id(), heartbeat=each.id))

    def _remove(self, each: Beat) -> None:
        sure = f"The server listens for {each.name} no longer, and its address is unknown from then on."
        if confirm(self, "Remove a heartbeat", sure, yes="Remove"):
            self._context.act(RemoveHeartbeat(id=new_id(), heartbeat=each.id))


def _dim(sentence: str) -> PlainLabel:
    made = PlainLabel(sentence, role="small", tone="dim")
    made.setContentsMargins(LINK_PADDING_PX, 0, 0, 0)
    return made


def _is_name(name: str) -> bool:
    try:
        read_action(encode(RegisterHeartbeat(id=new_id(), made_ms=1, name=name)))
    except ValueError:
        return False
    return True
