"""A question is sent as its person saw it: what is masked stays masked until she restores it, and nothing is lost."""

import time

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget

from rackside import bridges
from rackside.store import local, outbox
from rackside.threads.panel_ask import AskPage
from rackside.threads.panel_capsule import CapsuleEditor
from rackside.threads.panel_words import MaskedEdit
from rackside.watch.model import Alert, Machine, Reading, Snapshot
from rackside_protocol.groups import Group
from rackside_protocol.ids import new_id
from rackside_protocol.threads import MAX_CAPSULE_CHARACTERS, Ask
from tests.store.pages import fill, number
from tests.threads.desk import Desk, buttons, texts

HEIMDALL = Machine("heimdall", "Debian 12", "6.1.0", 8, 32 << 30, 0.0)
DISK = "disk.used/ext4/"
SUMMARY = "heimdall: /srv/customers/acme is 92 % full, mounted from 192.0.2.17 and 192.0.2.18"


def page(desk: Desk, summary: str = SUMMARY, *, alert_id: str = "") -> AskPage:
    """Open the page from an alert that is open since 20 minutes."""
    now = time.time()
    alert = Alert(
        alert_id or new_id(), "disk.used", "/srv", "warning", summary, DISK, "disk.used /srv", 92.0, now - 1200
    )
    local.put_alert(desk.store, alert)
    local.add_readings(desk.store, {"disk.used /srv": [(now - 60 * at, 92.0 - at) for at in range(40)]})
    fill(desk.store, Group(id=number(800), slug="linux", name="Linux"), channel="public")
    snapshot = Snapshot(at_s=now, readings={"disk.used /srv": Reading("disk.used", 92.0, "%", "/srv")})
    made = AskPage(
        desk.context,
        lambda _text: [(f"thread:{number(1)}", "The log ate the disk")],
        bridges.offer_of(desk.store, alert.id, HEIMDALL, snapshot),
    )
    made.refresh(frozenset({"group"}))
    made.show()
    return made


def box_of(widget: QWidget) -> MaskedEdit:
    found = widget.findChild(MaskedEdit)
    assert isinstance(found, MaskedEdit)
    return found


def written(foot: QWidget) -> QPlainTextEdit:
    found = foot.findChild(QPlainTextEdit)
    assert isinstance(found, QPlainTextEdit)
    return found


def write_and_send(made: AskPage) -> None:
    foot = made.foot()
    assert foot is not None
    written(foot).setPlainText("It fills up.")
    buttons(foot)["Ask"].click()


def sent(desk: Desk) -> list[Ask]:
    return [entry.action for entry in outbox.pending(desk.store) if isinstance(entry.action, Ask)]


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a box told the person, which she closed."""
    held: list[str] = []
    monkeypatch.setattr("rackside.threads.panel_ask.tell", lambda _parent, _title, sentence: held.append(sentence))
    return held


def test_an_alert_gives_title_signature_and_context_masked(desk: Desk) -> None:
    made = page(desk)
    write_and_send(made)
    [ask] = sent(desk)
    assert ask.title == "/srv/customers/<path> is 92 % full, mounted from <ipv4> and <ipv4>"
    assert ask.signature == DISK
    assert ask.capsule.startswith("Alert: <name>: /srv/customers/<path> is 92 % full")
    assert "System: Debian 12, kernel 6.1.0" in ask.capsule
    assert "warning at 90 %" in ask.capsule
    assert not any(secret in ask.capsule for secret in ("heimdall", "acme", "192.0.2"))


@pytest.mark.parametrize(
    "hostile",
    [
        "a\u202eb\u200bc\u2066d\ufeff\u00ad\u180e\u3164e",
        "tab\tnbsp\u00a0nul\x00bell\x07esc\x1b[31m",
        "\u2028line\u2029end\r\nof\rit",
        "  leading and trailing  \n\n",
        "<b>no</b> &amp; \U0001f600 \U000e0041\U000f0000",
        "e" + "\u0301" * 40,
    ],
)
def test_what_the_editor_shows_is_what_the_outbox_holds(desk: Desk, hostile: str) -> None:
    made = page(desk, f"{hostile} is full")
    box = box_of(made)
    pasted = QMimeData()
    pasted.setText(hostile)
    box.insertFromMimeData(pasted)
    box.insertPlainText(hostile)
    shown = box.toPlainText()
    write_and_send(made)
    [ask] = sent(desk)
    assert ask.capsule.encode() == shown.encode()
    assert not set(shown) & set(
        "\u202e\u200b\u2066\ufeff\u00ad\u180e\u3164\x00\x07\x1b\u00a0\u2028\u2029\r\U000e0041\U000f0000"
    )


def test_a_masked_word_is_restored_undone_and_masked_again_by_keyboard(desk: Desk) -> None:
    made = page(desk)
    box = box_of(made)
    before = box.toPlainText()
    box.setFocus()
    for _ in range(3):
        QTest.keyClick(box, Qt.Key.Key_Tab)
    assert box.textCursor().selectedText() == "<ipv4>"
    assert "Restore this one" not in buttons(made)
    QTest.keyClick(box, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    assert "Behind <ipv4> stands: 192.0.2.17" in texts(made)
    QTest.keyClick(buttons(made)["Restore this one"], Qt.Key.Key_Space)
    assert box.toPlainText() == before.replace("<ipv4>", "192.0.2.17", 1)
    box.undo()
    assert box.toPlainText() == before
    box.redo()
    QTest.keyClick(box, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    assert box.toPlainText() == before


def test_all_of_a_kind_are_restored_at_once_and_nothing_of_another(desk: Desk) -> None:
    made = page(desk)
    box = box_of(made)
    for _ in range(3):
        box.step()
    buttons(made)["Show what was masked"].click()
    buttons(made)["Restore all 2 <ipv4>"].click()
    assert "from 192.0.2.17 and 192.0.2.18" in box.toPlainText()
    assert "<name>: /srv/customers/<path>" in box.toPlainText()


def test_what_is_restored_is_sent_and_stands_in_no_draft_even_when_it_is_edited(desk: Desk) -> None:
    made = page(desk)
    box = box_of(made)
    box.restore(*box.words())
    cursor = box.textCursor()
    cursor.setPosition(box.toPlainText().index("192.0.2.17") + 4)
    cursor.insertText("x")
    drafts = " ".join(outbox.draft(desk.store, key) for key in ("ask.title", "ask.capsule", "ask.tags"))
    assert not any(secret in drafts for secret in ("heimdall", "acme", "2.17", "192."))
    write_and_send(made)
    assert "192.x0.2.17" in sent(desk)[0].capsule


def test_masking_again_finds_what_was_typed_too(desk: Desk) -> None:
    made = page(desk)
    box = box_of(made)
    box.moveCursor(box.textCursor().MoveOperation.End)
    box.insertPlainText("\nseen by kim@example.com from heimdall")
    box.mask_again()
    assert box.toPlainText().endswith("\nseen by <email> from <name>")
    box.undo()
    assert box.toPlainText().endswith("\nseen by kim@example.com from heimdall")


def test_threads_like_the_alert_stand_there_before_a_title_is_typed(desk: Desk) -> None:
    made = page(desk)
    made.findChildren(QLineEdit)[0].clear()
    QApplication.processEvents()
    same = buttons(made)["This is it, me too: The log ate the disk"]
    same.click()
    assert desk.opened == [f"metoo:{number(1)}"]


def test_the_signature_is_shown_and_can_be_left_out(desk: Desk) -> None:
    made = page(desk)
    assert f"Signature {DISK}: joins it to others with the same alert." in texts(made)
    buttons(made)["Leave it out"].click()
    write_and_send(made)
    assert sent(desk)[0].signature == ""


def test_a_context_that_is_too_long_says_so_and_nothing_is_lost(desk: Desk, told: list[str]) -> None:
    made = page(desk)
    box = box_of(made)
    box.moveCursor(box.textCursor().MoveOperation.End)
    box.insertPlainText("x" * MAX_CAPSULE_CHARACTERS)
    shown, foot = box.toPlainText(), made.foot()
    write_and_send(made)
    assert foot is not None
    over = len(shown) - MAX_CAPSULE_CHARACTERS
    assert told == [f"The context is {over:,} characters too long. Shorten it; nothing is lost."]
    assert (sent(desk), box.toPlainText()) == ([], shown)
    assert written(foot).toPlainText() == "It fills up."
    assert f"{over:,} characters too long to be sent. Shorten it; nothing is lost." in texts(made)


def test_a_draft_of_the_same_alert_is_taken_up_again(desk: Desk) -> None:
    alert = new_id()
    made = page(desk, alert_id=alert)
    made.findChildren(QLineEdit)[0].setText("My own title")
    box_of(made).setPlainText("my own words")
    again = page(desk, alert_id=alert)
    assert again.findChildren(QLineEdit)[0].text() == "My own title"
    assert box_of(again).toPlainText() == "my own words"


def test_everything_of_the_editor_has_a_name_for_a_screen_reader(desk: Desk) -> None:
    made = page(desk)
    editor = made.findChild(CapsuleEditor)
    assert isinstance(editor, CapsuleEditor)
    assert box_of(made).accessibleName() == "Context that is sent, with masked words"
    assert all(buttons(editor))
