"""Pinning a thread: by its button or by P, seen at once in the list, and let go of in the same way."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from rackside.store import outbox, pins
from rackside.threads.data import load_rows
from rackside.threads.panel import ThreadPage
from rackside.threads.panel_list import QuestionsTab
from rackside_protocol.threads import Ask
from tests.store.pages import ALICE, fill, number, thread
from tests.threads.desk import Desk, Until, buttons, texts


def open_page(desk: Desk, until: Until) -> tuple[ThreadPage, QPushButton]:
    page = ThreadPage(desk.context, number(1))
    page.show()
    until(lambda: "A title" in texts(page))
    button = page.actions_shown()[0]
    assert isinstance(button, QPushButton)
    return page, button


def test_a_thread_is_pinned_by_its_button_and_let_go_by_the_key(desk: Desk, until: Until) -> None:
    fill(desk.store, thread(1))
    page, button = open_page(desk, until)
    assert (button.isChecked(), button.accessibleName()) == (False, "Pin this thread")
    button.click()
    until(lambda: button.accessibleName() == "Pinned")
    assert button.isChecked()
    assert pins.pinned(desk.store) == [number(1)]
    QTest.keyClick(page, Qt.Key.Key_P)
    until(lambda: not button.isChecked())
    assert pins.pinned(desk.store) == []


def test_the_list_shows_pinned_threads_alone_and_says_how_when_there_are_none(desk: Desk, until: Until) -> None:
    fill(desk.store, thread(1, "Kept"), thread(2, "Not kept"))
    tab = QuestionsTab(desk.context)
    tab.show()
    buttons(tab)["Pinned"].click()
    until(lambda: any("Nothing is pinned." in text for text in texts(tab)))
    pins.pin(desk.store, number(1), on=True)
    assert [row.thread.title for row in load_rows(desk.store, ALICE, "pinned")] == ["Kept"]


def test_an_own_question_that_is_not_sent_yet_is_in_the_list_once_it_is_pinned(desk: Desk) -> None:
    outbox.put(desk.store, Ask(id=number(5), group="linux", title="Mine", body="Why?"))
    assert load_rows(desk.store, ALICE, "pinned") == []
    pins.pin(desk.store, number(5), on=True)
    assert [row.thread.title for row in load_rows(desk.store, ALICE, "pinned")] == ["Mine"]
