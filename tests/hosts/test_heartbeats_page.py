"""The page of heartbeats: what was heard, what waits, and each gesture as an action in the outbox."""

import msgspec
import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLineEdit

from rackside.hosts import panel_heartbeats
from rackside.hosts.panel_heartbeats import NO_SERVER, NONE_YET, HeartbeatsPage
from rackside.kit import signals
from rackside.settings import Settings
from rackside.store import checks, outbox
from rackside.watch.checks.heartbeat import Heartbeat as HeartbeatCheck
from rackside.watch.standings import read_check
from rackside.words import ago
from rackside_protocol.heartbeats import Heartbeat, RegisterHeartbeat, RemoveHeartbeat, RenewHeartbeat
from rackside_protocol.ids import new_id
from tests.store.pages import fill
from tests.threads.desk import Desk, buttons, desk, texts

__all__ = ["desk"]
ME = "m1"
LONG_AGO_MS = 1_000_000_000_000
BACKUP = Heartbeat(
    id=new_id(), name="backup", address="/beat/secret", last_ms=LONG_AGO_MS, last_state="fail",
    message="<b>exit</b> code 3", count=2, created_ms=LONG_AGO_MS,
)  # fmt: skip


def page(desk: Desk, *, me: str = ME) -> HeartbeatsPage:
    settings = Settings(server_url="https://community.example/")
    made = HeartbeatsPage(msgspec.structs.replace(desk.context, me=lambda: me, settings=lambda: settings))
    made.show()
    QApplication.processEvents()
    return made


def tell(topic: str) -> None:
    signals.changed.emit(frozenset({topic}))
    for _ in range(3):  # the panel's turn, its new widgets, their being shown
        QApplication.processEvents()


def name_field(made: HeartbeatsPage) -> QLineEdit:
    return next(each for each in made.findChildren(QLineEdit) if each.accessibleName() == "Name of the job")


def sent(desk: Desk) -> list[object]:
    return [entry.action for entry in outbox.pending(desk.store)]


def test_without_a_server_it_says_why_there_are_none(desk: Desk) -> None:
    made = page(desk, me="")
    assert NO_SERVER in texts(made)
    assert NONE_YET not in texts(made)
    assert "Listen for it" not in buttons(made)
    assert NONE_YET in texts(page(desk))


def test_each_tells_what_was_heard_in_its_own_words(desk: Desk) -> None:
    fill(desk.store, BACKUP, channel="me:m1")
    shown = texts(page(desk))
    assert "backup" in shown
    assert f"Failed {ago(LONG_AGO_MS / 1_000)}: <b>exit</b> code 3" in shown, "words from elsewhere are words"
    assert not any("secret" in text for text in shown), "an address is a secret, and is copied, not shown"


def test_a_job_is_listened_for_once_it_has_a_name(desk: Desk) -> None:
    fill(desk.store, BACKUP, channel="me:m1")
    made = page(desk)
    listen = buttons(made)["Listen for it"]
    for bad in ("", "../etc", "backup", "x" * 81):
        name_field(made).setText(bad)
        assert not listen.isEnabled(), bad
        name_field(made).returnPressed.emit()
    assert sent(desk) == []
    name_field(made).setText(" nightly report ")
    name_field(made).returnPressed.emit()
    [action] = sent(desk)
    assert isinstance(action, RegisterHeartbeat)
    assert action.name == "nightly report"
    assert name_field(made).text() == ""
    tell("outbox")
    assert {"nightly report", "Waiting to be sent"} <= {*texts(made)}


def test_a_refusal_says_why_and_can_be_dismissed(desk: Desk) -> None:
    action = RegisterHeartbeat(id=new_id(), made_ms=LONG_AGO_MS, name="backup")
    outbox.put(desk.store, action)
    desk.store.outbox.execute("UPDATE actions SET state = 'refused', message = 'You have one already.'")
    made = page(desk)
    assert "You have one already." in texts(made)
    buttons(made)["Dismiss: backup"].click()
    assert sent(desk) == []


def test_one_gesture_watches_it_here_and_leads_to_its_check(desk: Desk) -> None:
    fill(desk.store, BACKUP, channel="me:m1")
    made = page(desk)
    buttons(made)["Watch it: backup"].click()
    [watched] = checks.watched(desk.store)
    assert read_check(bytes(watched.check)) == HeartbeatCheck(name="backup", through="server")
    assert desk.opened == ["check:backup"]
    tell("checks")
    buttons(made)["Its check: backup"].click()
    assert desk.opened == ["check:backup", "check:backup"]


def test_what_has_the_name_of_other_checks_is_watched_under_its_own(desk: Desk) -> None:
    fill(desk.store, BACKUP, channel="me:m1")
    for label in ("backup", "backup 2"):
        other = checks.Watched(label=label, check=msgspec.Raw(b'{"kind":"ping","host":"192.0.2.1"}'))
        checks.watch(desk.store, other)
    buttons(page(desk))["Watch it: backup"].click()
    assert [each.label for each in checks.watched(desk.store)] == ["backup", "backup 2", "backup 3"]
    assert desk.opened == ["check:backup 3"]


def test_its_address_is_copied_and_changed_and_given_up(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(desk.store, BACKUP, channel="me:m1")
    made = page(desk)
    buttons(made)["Copy address: backup"].click()
    assert QGuiApplication.clipboard().text() == "https://community.example/beat/secret"
    buttons(made)["Copy curl line: backup"].click()
    assert QGuiApplication.clipboard().text().startswith("curl ")
    for sure in (False, True):
        monkeypatch.setattr(panel_heartbeats, "confirm", lambda *_, sure=sure, **__: sure)
        buttons(made)["New address: backup"].click()
        buttons(made)["Remove: backup"].click()
    assert [type(action) for action in sent(desk)] == [RenewHeartbeat, RemoveHeartbeat]
    tell("outbox")
    assert "It is removed with the next sync." in texts(made)
    assert "Remove: backup" not in buttons(made)
