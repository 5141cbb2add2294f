"""Notifications: asked for on any thread, shown without markup, and a click leads to what they are about."""

import threading
from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QWidget

from rackside.kit.tray import MOST_BODY, Tray

Until = Callable[[Callable[[], object]], None]


@pytest.fixture(autouse=True)
def no_icon_offscreen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Qt warns of a tray that is not there when an icon is shown offscreen."""
    monkeypatch.setattr(QSystemTrayIcon, "show", lambda _: None)


def test_a_notification_of_another_thread_is_shown_here_as_plain_text_and_opens_its_link(
    qt_app: QApplication, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    del qt_app
    shown: list[tuple[str, str, int]] = []
    opened: list[str] = []
    monkeypatch.setattr(QSystemTrayIcon, "supportsMessages", lambda: True)
    monkeypatch.setattr(
        QSystemTrayIcon,
        "showMessage",
        lambda _self, title, body, _icon: shown.append((title, body, threading.get_ident())),
    )
    window = QWidget()
    tray = Tray(window, lambda: None, lambda: None, opened.append)
    hostile = '<img src="file:///etc/passwd"><a href="x">y</a>\x1b\u202e' + "z " * 5_000
    worker = threading.Thread(target=lambda: tray.notify("Critical", hostile, "alert:a1"))
    worker.start()
    worker.join()
    until(lambda: shown)
    title, body, thread = shown[0]
    assert (title, thread) == ("Critical", threading.get_ident())
    assert not set(body) & set("<>\x1b\u202e")
    assert len(body) <= MOST_BODY
    tray._icon.messageClicked.emit()
    assert opened == ["alert:a1"]
    window.deleteLater()


def test_a_desktop_without_notifications_says_so(qt_app: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    del qt_app
    monkeypatch.setattr(QSystemTrayIcon, "supportsMessages", lambda: False)
    window = QWidget()
    assert not Tray(window, lambda: None, lambda: None).notify("a", "b")
    window.deleteLater()
