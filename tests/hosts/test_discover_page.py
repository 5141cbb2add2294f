"""Looking in a network from the page: nothing before it is asked, what is there and why, ticked, watched, stopped."""

from collections.abc import Callable
from threading import Event
from typing import Any

import keyring
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QListWidget

from rackside.hosts import panel_discover
from rackside.hosts.found import choices
from rackside.hosts.panel_discover import DiscoverPage
from rackside.hosts.panel_secret import SecretPage
from rackside.kit.stream import Stream
from rackside.store import checks
from rackside.watch.checks.secrets import read_secret
from rackside.watch.discovery.device import Device, Scan
from tests.threads.desk import Desk, Until, buttons, desk, texts

__all__ = ["desk"]
ROUTER = Device(
    address="192.0.2.1", seen_s=1.0, kind="router", confidence="sure", why=("is the gateway",), gateway=True
)
PHONE = Device(address="192.0.2.9", seen_s=1.0, kind="phone", vendor="Example", ports=(80,))
HERE = Device(address="192.0.2.2", seen_s=1.0, local=True, ports=(22,))
SCAN = Scan(subnet="192.0.2.0/24", at_s=1.0, took_s=4.0, devices=(ROUTER, HERE, PHONE), notes=("No echo here.",))


def looks(monkeypatch: pytest.MonkeyPatch, look: Callable[..., Any]) -> None:
    monkeypatch.setattr(panel_discover, "look_around", look)


def test_what_is_found_is_told_with_its_reasons_and_watched_when_ticked(
    desk: Desk, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks(monkeypatch, lambda *_, **__: (SCAN, []))
    page = DiscoverPage(desk.context)
    page.resize(700, 900)
    page.show()
    assert any("Nothing is sent before you press the button" in text for text in texts(page))
    buttons(page)["Look"].click()
    until(lambda: any("3 devices on 192.0.2.0/24 in 4 s. No echo here." in text for text in texts(page)))
    stream, listed = page.findChild(Stream), page.findChild(QListWidget)
    assert isinstance(stream, Stream)
    assert isinstance(listed, QListWidget)
    assert (stream._row(0).chips, stream._row(0).meta) == (("router",), "sure: is the gateway")
    ticked = [
        listed.item(place).text().split(" — ")[0]
        for place in range(listed.count())
        if listed.item(place).checkState() == Qt.CheckState.Checked
    ]
    assert ticked == ["192.0.2.1 ping"]
    buttons(page)["Watch 1 check"].click()
    (held,) = checks.watched(desk.store)
    assert (held.label, held.host) == ("192.0.2.1 ping", "192.0.2.1")


def test_this_machine_is_not_offered_and_others_phones_are_not_ticked() -> None:
    found = choices(SCAN.devices)
    assert {each.host for each in found} == {"192.0.2.1", "192.0.2.9"}
    assert [each.label for each in found if each.wanted] == ["192.0.2.1 ping"]


def test_a_look_is_stopped(desk: Desk, until: Until, monkeypatch: pytest.MonkeyPatch) -> None:
    def look(*_: object, cancelled: Event, **__: object) -> tuple[Scan, list[object]]:
        cancelled.wait(20)
        return Scan(subnet="192.0.2.0/24", at_s=1.0, took_s=1.0, devices=(), complete=False), []

    looks(monkeypatch, look)
    page = DiscoverPage(desk.context)
    page.show()
    buttons(page)["Look"].click()
    buttons(page)["Stop"].click()
    until(lambda: any("It was stopped before its end." in text for text in texts(page)))
    assert "Nobody answers on 192.0.2.0/24." in texts(page)
    assert "Look" in buttons(page)


def test_a_subnet_that_is_none_is_said(desk: Desk, until: Until) -> None:
    page = DiscoverPage(desk.context)
    page.show()
    next(each for each in page.findChildren(QLineEdit) if each.accessibleName() == "Subnet").setText("8.8.8.0/24")
    buttons(page)["Look"].click()
    until(lambda: any("on the public internet" in text for text in texts(page)))


def test_a_secret_is_kept_by_its_name_and_gone_from_the_form(
    desk: Desk, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyring.core, "_keyring_backend", keyring.core.load_keyring("keyring.backends.fail.Keyring"))
    page = SecretPage(desk.context, "core")
    page.show()
    buttons(page)["Keep it"].click()
    assert any("give a community" in text for text in texts(page))
    field = next(each for each in page.findChildren(QLineEdit) if each.accessibleName() == "Community (2c)")
    field.setText("hush")
    buttons(page)["Keep it"].click()
    until(lambda: any("It is kept" in text for text in texts(page)))
    assert (field.text(), read_secret("core").community) == ("", "hush")
