"""The page that looks in a network when asked: who is there, what each is and why, and what to watch of it."""

from collections.abc import Sequence
from functools import partial
from threading import Event
from typing import ClassVar, Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QProgressBar

from rackside.hosts import found
from rackside.hosts.panel_choice import ChoiceList
from rackside.kit import background
from rackside.kit.cards import Card, SectionHead, StateView, button, column, row
from rackside.kit.panel import Panel
from rackside.kit.slices import Context
from rackside.kit.stream import ListSource, Row, Stream
from rackside.kit.text import PlainLabel
from rackside.store.events import Event as Happened
from rackside.watch.checks.snmp import description
from rackside.watch.discovery.around import look_around
from rackside.watch.discovery.device import Device, Scan
from rackside.words import counted

UNASKED: Final = (
    "Nothing is sent before you press the button. It asks every address of the subnet once, gently, and tries a short"
    " list of ports on those that answer. Look only where it is yours to look."
)


class _Progress(QObject):
    """How far a scan is, told by its thread."""

    told = Signal(int, int, str)


class DiscoverPage(Panel):
    """Name a subnet, look, tick what to watch."""

    TOPICS: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, context: Context, _argument: str = "") -> None:
        super().__init__()
        self._context = context
        self._cancelled: Event | None = None
        self._subnet = QLineEdit(found.own_subnet())
        self._subnet.setAccessibleName("Subnet")
        self._subnet.setPlaceholderText("192.168.1.0/24")
        self._subnet.returnPressed.connect(self._look)
        self._secret = QLineEdit()
        self._secret.setAccessibleName("Name of an SNMP secret")
        self._secret.setPlaceholderText("SNMP: the name of a secret, or empty to ask nobody")
        self._mine = QCheckBox("Public addresses of it are mine")
        self._button = button("Look", self._look, kind="primary")
        self._stop = button("Stop", self._cancel)
        self._stop.hide()
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.hide()
        self._said = PlainLabel(UNASKED, tone="dim", wrap=True)
        self._progress = _Progress(self)
        self._progress.told.connect(self._show_progress)
        self._head = SectionHead("Who is there")
        self._stream = Stream("Devices")
        self._stream.opened.connect(context.open_link)
        self._card = Card(lines=False)
        self._card.add(self._stream)
        self._empty = StateView("empty", "")
        self._watch_head = SectionHead("What to watch of it")
        self._choices = ChoiceList(context)
        for each in (self._head, self._card, self._empty, self._watch_head):
            each.hide()
        first = row(self._subnet, self._button, self._stop)
        first.setStretch(0, 1)
        second = row(self._secret, button("Keep a secret", lambda: context.open_link("secret:")))
        second.setStretch(0, 1)
        parts = (PlainLabel("Look in a network", role="title"), first, second, self._mine, self._bar, self._said)
        results = (self._head, self._card, self._empty, self._watch_head, self._choices)
        self.setLayout(column(*parts, *results, None, gap=12, margins=(24, 20, 24, 20)))

    def title(self) -> str:
        """Return where one is."""
        return "Machines \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK} Look in a network"

    def _look(self) -> None:
        if self._cancelled is not None:
            return
        self._cancelled = Event()
        secret = self._secret.text().strip()
        task = partial(
            look_around,
            self._context.home,
            self._subnet.text(),
            credentials=secret,
            on_progress=self._progress.told.emit,
            cancelled=self._cancelled,
            allow_public=self._mine.isChecked(),
            ask_snmp=description if secret else None,
        )
        self._bar.setRange(0, 0)
        self._are_busy(busy=True)
        background.run(task, partial(self._show, secret), self._fail)

    def _cancel(self) -> None:
        if self._cancelled is not None:
            self._cancelled.set()
            self._said.setText("Stopping.")

    def _are_busy(self, *, busy: bool) -> None:
        self._bar.setVisible(busy)
        self._stop.setVisible(busy)
        self._button.setVisible(not busy)

    def _show_progress(self, done: int, of: int, what: str) -> None:
        self._bar.setRange(0, of)
        self._bar.setValue(done)
        self._said.setText(f"{what}.")

    def _show(self, secret: str, looked: tuple[Scan, list[Happened]]) -> None:
        scan, happened = looked
        self._cancelled = None
        self._are_busy(busy=False)
        news = f", {counted(len(happened), 'change')} since the last time" if happened else ""
        done = "" if scan.complete else " It was stopped before its end."
        said = f"{counted(len(scan.devices), 'device')} on {scan.subnet} in {scan.took_s:.0f} s{news}.{done}"
        self._said.setText(" ".join([said, *scan.notes]))
        self._stream.show_source(ListSource([_row(each) for each in scan.devices]))
        self._head.setVisible(bool(scan.devices))
        self._card.setVisible(bool(scan.devices))
        self._empty.setVisible(not scan.devices)
        self._empty.say(f"Nobody answers on {scan.subnet}.")
        self._watch_head.setVisible(bool(scan.devices))
        self._choices.show_choices(found.choices(scan.devices, secret))

    def _fail(self, error: Exception) -> None:
        self._cancelled = None
        self._are_busy(busy=False)
        self._said.setText(str(error))


def _row(each: Device) -> Row:
    chips = tuple(part for part in (each.kind, each.vendor) if part and part != "unknown")
    reasons: Sequence[str] = each.why or ("nothing tells what it is",)
    about = "this machine" if each.local else f"{each.confidence}: {', '.join(reasons)}"
    meta = about if each.shown == each.address else f"{each.address} · {about}"
    return Row(link=f"hosts:{each.shown}", title=each.shown, meta=meta, chips=chips)
