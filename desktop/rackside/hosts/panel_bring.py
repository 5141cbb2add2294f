"""The page that brings the list of another program: it is shown first, and watched when the person says so."""

from functools import partial
from pathlib import Path
from typing import ClassVar, Final

from PySide6.QtWidgets import QFileDialog

from rackside.hosts.panel_choice import ChoiceList
from rackside.kit import background
from rackside.kit.cards import StateView, button, column, row
from rackside.kit.panel import Panel
from rackside.kit.slices import Context
from rackside.kit.text import PlainLabel
from rackside.watch.imports.found import Found, NotReadableError
from rackside.watch.imports.read import read

KNOWN: Final = (
    "A backup of Uptime Kuma (JSON), a targets file of Prometheus, hosts exported from Zabbix (XML or YAML), a table"
    " (CSV) with columns such as label, kind and host, or the configuration of an SSH client. The file is only read."
)


class BringPage(Panel):
    """Choose a file, see what it holds, tick what to watch."""

    TOPICS: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, context: Context, _argument: str = "") -> None:
        super().__init__()
        self._context = context
        self._said = StateView("empty", KNOWN)
        self._choices = ChoiceList(context)
        acts = row(button("Choose a file", self._choose, kind="primary"), None)
        parts = (PlainLabel("Bring a list", role="title"), acts, self._said, self._choices)
        self.setLayout(column(*parts, None, gap=12, margins=(24, 20, 24, 20)))

    def title(self) -> str:
        """Return where one is."""
        return "Machines \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK} Bring a list"

    def show_file(self, path: Path) -> None:
        """Read a file on a worker, and show what it holds."""
        self._said.say(f"Reading {path.name}.")
        self._said.show()
        background.run(partial(read, path), self._show, partial(self._fail, path))

    def _choose(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, "Bring a list", str(Path.home()))
        if name:
            self.show_file(Path(name))

    def _show(self, found: list[Found]) -> None:
        self._said.setVisible(not found)
        self._said.say("The file holds nothing that can be watched.")
        self._choices.show_choices(found)

    def _fail(self, path: Path, error: Exception) -> None:
        if not isinstance(error, (NotReadableError, OSError)):
            raise error
        self._choices.show_choices([])
        self._said.say(f"{path.name} cannot be read: {getattr(error, 'strerror', None) or error}")
        self._said.show()
