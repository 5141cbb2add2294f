"""A person at a desktop: a real store, real panels, and the links that she opened."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from rackside.kit.slices import Context
from rackside.settings import Settings
from rackside.store import Store

Until = Callable[[Callable[[], object]], None]


@dataclass
class Desk:
    """Her store, what panels are made with, and what she opened and chose."""

    context: Context
    store: Store
    opened: list[str] = field(default_factory=list)
    chosen: list[Settings] = field(default_factory=list)


@pytest.fixture
def desk(qt_app: QApplication, tmp_path: Path) -> Iterator[Desk]:
    """Sit down at an empty one."""
    del qt_app
    with Store.open(tmp_path) as store:
        held: list[Desk] = []
        settings = Settings()
        context = Context(
            store=store,
            home=tmp_path,
            open_link=lambda link: held[0].opened.append(link),  # noqa: PLW0108 - not there yet
            settings=lambda: settings,
            choose=lambda chosen: held[0].chosen.append(chosen),  # noqa: PLW0108 - as above
        )
        held.append(Desk(context, store))
        yield held[0]


def texts(widget: QWidget) -> list[str]:
    """Return what stands on a widget where it can be seen."""
    return [each.text() for each in widget.findChildren(QLabel) if each.isVisibleTo(widget)]


def buttons(widget: QWidget) -> dict[str, QPushButton]:
    """Return the buttons that can be seen, by what a screen reader says of them."""
    shown = (each for each in widget.findChildren(QPushButton) if each.isVisibleTo(widget))
    return {each.accessibleName() or each.text(): each for each in shown}
