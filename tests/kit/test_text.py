"""Labels, tooltips and message boxes show what they are given, character for character."""

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox, QToolTip, QWidget

from rackside.kit.text import ElidedLabel, PlainLabel, TapLabel, confirm, tip, tooltip
from tests.kernel.canary import Canary

pytestmark = pytest.mark.usefixtures("qt_app")


def test_a_label_is_plain(canary: Canary) -> None:
    label = PlainLabel(f'<img src="{canary.path}">')
    label.grab()
    assert label.textFormat() == Qt.TextFormat.PlainText
    assert not canary.sang()


def test_a_tooltip_shows_markup_as_characters(canary: Canary) -> None:
    widget = QWidget()
    tooltip(widget, f'<img src="{canary.path}">')
    assert "&lt;img" in widget.toolTip()
    QToolTip.showText(QPoint(0, 0), widget.toolTip(), widget)
    QApplication.processEvents()
    QToolTip.hideText()
    assert not canary.sang()


def test_no_text_is_no_tooltip() -> None:
    assert tip("") == ""


def test_a_long_name_is_elided_in_the_middle_and_whole_in_the_tooltip() -> None:
    name = "/srv/backups/of-the-file-server-in-the-second-building/2026/november"
    label = ElidedLabel(name)
    label.setFixedWidth(150)
    label.grab()
    assert label.text().startswith("/srv")
    assert label.text().endswith("ber")
    assert "…" in label.text()
    assert name in label.toolTip()
    label.setFixedWidth(900)
    label.grab()
    assert label.text() == name
    assert label.toolTip() == ""


def test_a_label_that_opens_something_does_so_by_key_and_click() -> None:
    taps: list[str] = []
    label = TapLabel("Details")
    label.tapped = lambda: taps.append("tap")  # type: ignore[method-assign]
    label.show()
    QTest.mouseClick(label, Qt.MouseButton.LeftButton)
    QTest.keyClick(label, Qt.Key.Key_Return)
    QTest.keyClick(label, Qt.Key.Key_Space)
    assert taps == ["tap"] * 3


@pytest.mark.parametrize(("key", "answer"), [(Qt.Key.Key_Escape, False), (Qt.Key.Key_Return, False)])
def test_nothing_is_done_unless_yes_was_chosen(key: Qt.Key, *, answer: bool, canary: Canary) -> None:
    def press() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        assert box.textFormat() == Qt.TextFormat.PlainText
        QTest.keyClick(box, key)

    QTimer.singleShot(0, press)
    assert confirm(None, "Sign out", f'<img src="{canary.path}">', yes="Sign out") is answer
    assert not canary.sang()


def test_yes_is_yes() -> None:
    def press() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        next(each for each in box.buttons() if each.text() == "Sign out").click()

    QTimer.singleShot(0, press)
    assert confirm(None, "Sign out", "Sign this device out?", yes="Sign out")
