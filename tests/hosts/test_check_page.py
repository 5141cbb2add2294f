"""The page of a check: it is tried before it is kept, has its label, is changed in its form, and stopped."""

import msgspec
import pytest
from PySide6.QtWidgets import QComboBox, QLineEdit, QSpinBox, QWidget

from rackside.hosts import panel_check
from rackside.hosts.panel_check import CheckPage
from rackside.store import checks
from rackside.store.checks import Watched
from rackside.watch.checks.ping import Ping
from rackside.watch.checks.run import KINDS
from tests.threads.desk import Desk, Until, buttons, desk, texts
from tests.watch.test_checking import entry
from tests.watch.test_checks import HOST, closed_port, silent, speaking

__all__ = ["desk"]


def fill_in(page: QWidget, **values: str) -> None:
    for name, value in values.items():
        next(each for each in page.findChildren(QLineEdit) if each.accessibleName() == name.title()).setText(value)


def choose(page: QWidget, kind: str) -> None:
    kinds = page.findChild(QComboBox)
    assert isinstance(kinds, QComboBox)
    kinds.setCurrentIndex(kinds.findData(kind))


@pytest.mark.usefixtures("socket_enabled")
def test_a_check_is_tried_and_then_watched(desk: Desk, until: Until) -> None:
    page = CheckPage(desk.context, "")
    page.show()
    choose(page, "tcp")
    with speaking(silent) as port:
        fill_in(page, host=HOST, port=str(port))
        buttons(page)["Try it"].click()
        until(lambda: f"{HOST}:{port} takes connections" in texts(page))
    fill_in(page, port=str(closed_port()))
    buttons(page)["Try it"].click()
    until(lambda: "Connection refused" in texts(page))
    fill_in(page, Label="our port")
    for name, value in (("Seconds between two checks", 30), ("Tries more before a failure counts", 5)):
        next(each for each in page.findChildren(QSpinBox) if each.accessibleName() == name).setValue(value)
    buttons(page)["Watch it"].click()
    (held,) = checks.watched(desk.store)
    assert (held.label, held.every_s, held.retries) == ("our port", 30.0, 5)
    assert "our port is watched from now on." in texts(page)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_form_that_is_not_filled_in_keeps_nothing_and_says_why(kind: str, desk: Desk) -> None:
    page = CheckPage(desk.context, "")
    page.show()
    choose(page, kind)
    for act in ("Try it", "Watch it"):
        buttons(page)[act].click()
        assert any(text.startswith("This cannot be") for text in texts(page))
    assert checks.watched(desk.store) == []


def test_a_label_is_needed_and_is_given_once(desk: Desk) -> None:
    page = CheckPage(desk.context, "")
    page.show()
    fill_in(page, host="192.0.2.1")
    buttons(page)["Watch it"].click()
    assert any("Give it a label" in text for text in texts(page))
    for said in ("is watched from now on", "is watched already"):
        fill_in(page, Label="router")
        buttons(page)["Watch it"].click()
        assert any(said in text for text in texts(page))


@pytest.mark.usefixtures("socket_enabled")
def test_one_check_is_done_now_or_stopped(desk: Desk, until: Until, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = Watched(label="ours: 1 & 2", check=msgspec.Raw(msgspec.json.encode(Ping(host=HOST))))
    checks.watch(desk.store, ours)
    page = CheckPage(desk.context, ours.label)
    page.show()
    assert HOST in [each.text() for each in page.findChildren(QLineEdit)]
    buttons(page)["Check now"].click()
    until(lambda: any(f"{HOST} answers" in text for text in texts(page)))
    monkeypatch.setattr(panel_check, "confirm", lambda *_, **__: True)
    buttons(page)["Stop watching"].click()
    assert checks.watched(desk.store) == []
    assert desk.opened == ["hosts:"]
    gone = CheckPage(desk.context, ours.label)
    gone.show()
    assert any("not watched any more" in text for text in texts(gone))


def test_a_check_is_changed_in_its_form(desk: Desk) -> None:
    checks.watch(desk.store, entry("ours", Ping(host=HOST)))
    checks.watch(desk.store, entry("theirs", Ping(host=HOST)))
    page = CheckPage(desk.context, "ours")
    page.show()
    fill_in(page, host="192.0.2.7", Machine="shop", Label="theirs")
    buttons(page)["Keep it"].click()
    assert any("watched already" in text for text in texts(page))
    fill_in(page, Label="our shop")
    buttons(page)["Keep it"].click()
    assert [(each.label, each.host) for each in checks.watched(desk.store)] == [("our shop", "shop"), ("theirs", "")]
    assert desk.opened == ["check:our shop"]


def test_a_new_check_of_a_machine_names_it(desk: Desk) -> None:
    page = CheckPage(desk.context, "?shop")
    page.show()
    fill_in(page, Label="door", host="192.0.2.7")
    buttons(page)["Watch it"].click()
    assert checks.watched(desk.store)[0].host == "shop"
