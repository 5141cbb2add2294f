"""The window, with slices of its own kind: what is shown where, and by which key."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QToolButton, QWidget

from rackside.kit.cards import StateView, column
from rackside.kit.panel import Panel
from rackside.kit.slices import Context, Section, Slice, Tab, View
from rackside.kit.text import PlainLabel
from rackside.store import Store
from rackside.window import Window
from rackside.window_placement import LEAST_PX, MOST_PX, RAIL_PX, Placement, load


class Named(Panel):
    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.setLayout(column(PlainLabel(name)))

    def title(self) -> str:
        return self.name


class Search(Named):
    def take(self, argument: str) -> bool:
        self.name = argument
        return True


@pytest.fixture
def window(qt_app: QApplication, tmp_path: Path) -> Iterator[Window]:
    del qt_app
    holder: list[Window] = []
    with Store.open(tmp_path) as store:
        context = Context(store=store, home=tmp_path, open_link=lambda link: holder[0].open_link(link))  # noqa: PLW0108 - not there yet
        slices = [
            Slice(
                header=lambda _context: Named("host"),
                sections=(
                    Section(20, lambda _context: Named("second")),
                    Section(10, lambda _context: Named("first")),
                ),
                tabs=(
                    Tab(2, "Questions", lambda _context: Named("questions")),
                    Tab(1, "For you", lambda _: Named("you")),
                ),
                views=(
                    View("thread", lambda _context, argument: Named(f"thread {argument}")),
                    View("search", lambda _context, argument: Search(argument)),
                ),
            )
        ]
        holder.append(Window(slices, context, Placement(docked=False)))
        holder[0].show()
        QApplication.processEvents()
        yield holder[0]
        holder[0].leave()


def shown(window: QWidget) -> list[str]:
    return [panel.name for panel in window.findChildren(Named) if panel.isVisible()]


def press(window: Window, text: str) -> None:
    QTest.keySequence(window, text)
    QApplication.processEvents()


class TestSidebar:
    def test_parts_stand_in_their_places(self, window: Window) -> None:
        sections = [panel for panel in window.sidebar.findChildren(Named) if panel.name in {"first", "second", "you"}]
        assert [panel.name for panel in sorted(sections, key=lambda p: p.mapTo(window, p.pos()).y())] == [
            "first",
            "second",
            "you",
        ]

    def test_a_tab_is_made_when_it_is_chosen(self, window: Window) -> None:
        assert "questions" not in [panel.name for panel in window.findChildren(Named)]
        press(window, "Ctrl+2")
        assert "questions" in shown(window)
        assert "you" not in shown(window)

    def test_typing_searches_in_place(self, window: Window) -> None:
        press(window, "Ctrl+K")
        assert QApplication.focusWidget() is window.sidebar.ask.edit
        QTest.keyClicks(window.sidebar.ask.edit, "disk")
        QTest.keyClick(window.sidebar.ask.edit, Qt.Key.Key_Return)
        assert window.pane.link() == "search:disk"
        first = window.pane.findChild(Search)
        QTest.keyClicks(window.sidebar.ask.edit, "s?")
        QTest.keyClick(window.sidebar.ask.edit, Qt.Key.Key_Return)
        assert window.pane.link() == "search:disks?"
        assert window.pane.findChild(Search) is first
        assert QApplication.focusWidget() is window.sidebar.ask.edit


class TestPane:
    def test_a_link_opens_it_towards_the_middle_and_escape_closes_it(self, window: Window) -> None:
        alone = window.geometry()
        window.open_link("thread:1")
        assert "thread 1" in shown(window)
        assert window.width() > alone.width()
        press(window, "Escape")
        assert "thread 1" not in shown(window)
        assert window.width() == alone.width()

    def test_back_and_forward(self, window: Window) -> None:
        for number in range(3):
            window.open_link(f"thread:{number}")
        window.pane.back()
        window.pane.back()
        assert window.pane.link() == "thread:0"
        window.pane.forward()
        assert window.pane.link() == "thread:1"
        window.open_link("thread:9")
        window.pane.forward()
        assert window.pane.link() == "thread:9"

    def test_a_panel_that_is_left_is_gone(self, window: Window) -> None:
        for number in range(5):
            window.open_link(f"thread:{number}")
        QApplication.sendPostedEvents(None, 52)
        assert len([panel for panel in window.findChildren(Named) if panel.name.startswith("thread")]) == 1

    def test_a_link_that_nobody_shows_says_so(self, window: Window) -> None:
        window.open_link("hologram:1")
        assert any(view.isVisible() for view in window.pane.findChildren(StateView))

    def test_the_key_sheet_is_a_key_away(self, window: Window) -> None:
        press(window, "?")
        assert window.pane.link() == "keys:"


class TestStrip:
    def test_it_collapses_to_a_rail_and_back(self, window: Window) -> None:
        press(window, "Ctrl+B")
        assert window.width() == RAIL_PX
        press(window, "Ctrl+B")
        assert window.width() >= LEAST_PX

    def test_it_is_as_wide_as_it_is_dragged_within_bounds(self, window: Window) -> None:
        window._dragged(-9_999)
        assert window._strip.width() == MOST_PX
        window._dragged(9_999)
        assert window._strip.width() == LEAST_PX

    def test_it_tells_whether_it_is_watched(self, window: Window) -> None:
        told: list[bool] = []
        window.watched.connect(told.append)
        window.collapse(on=True)
        window.collapse(on=False)
        window.hide()
        window.show()
        assert told == [False, True, False, True]

    def test_it_remembers_where_it_was(self, window: Window, tmp_path: Path) -> None:
        press(window, "Ctrl+2")
        window._dragged(-40)
        window.close()
        assert load(tmp_path).tab == 1
        assert load(tmp_path).width == 420

    def test_closing_ends_the_program_where_there_is_no_tray(self, window: Window) -> None:
        ended: list[bool] = []
        window.quit_asked.connect(lambda: ended.append(True))
        window.close()
        assert ended == [True]


def test_every_label_is_plain_and_every_button_has_a_name(window: Window) -> None:
    window.open_link("keys:")
    for label in window.findChildren(QLabel):
        assert label.textFormat() == Qt.TextFormat.PlainText, label.text()
    for each in window.findChildren(QToolButton):
        assert each.accessibleName() or each.text()
