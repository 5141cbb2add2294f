"""A list of checks that could be watched, each with a tick box, and one button that watches those that are ticked."""

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from rackside.kit.cards import button, column, disable, row
from rackside.kit.plain import plain
from rackside.kit.slices import Context
from rackside.kit.text import PlainLabel
from rackside.store import checks
from rackside.watch.imports.found import Found, watch, why_not
from rackside.words import counted

TALLEST_PX = 480


class ChoiceList(QWidget):
    """The list. What is watched already cannot be ticked."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._list = QListWidget()
        self._list.setAccessibleName("Checks to watch")
        self._list.setUniformItemSizes(True)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.itemChanged.connect(self._count)
        self._watch = button("Watch", self._keep, kind="primary")
        self._said = PlainLabel(role="small", tone="dim", wrap=True)
        acts = row(
            self._watch, button("All", lambda: self._tick(on=True)), button("None", lambda: self._tick(on=False)), None
        )
        self.setLayout(column(self._list, acts, self._said, gap=8))
        self._choices: Sequence[Found] = ()
        self.hide()

    def show_choices(self, choices: Sequence[Found]) -> None:
        """Show them; nothing is watched before the button is pressed."""
        self._choices = choices
        taken = {each.label for each in checks.watched(self._context.store)}
        self._list.blockSignals(True)
        self._list.clear()
        for each in choices:
            why = why_not(each, taken)
            item = QListWidgetItem(plain(f"{each.label} \N{EM DASH} {why or _short(each)}"))
            if why:
                item.setFlags(Qt.ItemFlag.ItemIsSelectable)
            else:
                item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable)
                item.setCheckState(Qt.CheckState.Checked if each.wanted else Qt.CheckState.Unchecked)
                taken.add(each.label)
            self._list.addItem(item)
        self._list.blockSignals(False)
        rows = self._list.sizeHintForRow(0) * len(choices) + 2 * self._list.frameWidth()
        self._list.setFixedHeight(min(TALLEST_PX, rows))
        self._said.setText("")
        self._count()
        self.setVisible(bool(choices))

    def _chosen(self) -> list[Found]:
        return [
            each
            for place, each in enumerate(self._choices)
            if self._list.item(place).checkState() == Qt.CheckState.Checked
        ]

    def _count(self) -> None:
        chosen = len(self._chosen())
        self._watch.setText(f"Watch {counted(chosen, 'check')}" if chosen else "Watch")
        disable(self._watch, "" if chosen else "Tick what to watch.")

    def _tick(self, *, on: bool) -> None:
        for place in range(self._list.count()):
            item = self._list.item(place)
            if item.flags() & Qt.ItemFlag.ItemIsUserCheckable:
                item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)

    def _keep(self) -> None:
        added = sum(watch(self._context.store, each) for each in self._chosen())
        self._context.tell("checks")
        self.show_choices(self._choices)
        self._said.setText(f"{counted(added, 'check')} {'is' if added == 1 else 'are'} watched from now on.")


def _short(each: Found) -> str:
    fields = msgspec.to_builtins(each.check)
    return " ".join([str(fields.pop("kind")), *(str(value) for value in fields.values())])
