"""The page of how the person hears of alerts: kept as it is chosen, checked as it is typed, tried at a button."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QSpinBox, QWidget

from rackside.alerts.panel_delivery import DeliveryPage
from rackside.alerts.panel_delivery_parts import fares
from rackside.kit import signals
from rackside.settings import Delivery, Mail, Webhook
from rackside.store.secrets import secret
from rackside.watch.delivery.deliverer import Deliverer
from rackside.watch.delivery.model import Status
from rackside.watch.delivery.texts import Note
from tests.threads.desk import Desk, Until, buttons, desk, texts
from tests.watch.delivery.servers import HOST, MailServer, WebServer, mail_server, web_server

__all__ = ["desk"]


class Sitting:
    """The page before somebody, with a deliverer that works."""

    def __init__(self, desk: Desk, home: Path) -> None:
        self.toasts: list[str] = []
        self.deliverer = Deliverer(
            home,
            lambda: desk.context.settings().delivery,
            self.show,
            machine="m",
        )
        self.desk = desk
        self.context = msgspec.structs.replace(desk.context, deliverer=lambda: self.deliverer)
        self.page = DeliveryPage(self.context)
        self.page.show()

    def show(self, note: Note) -> str:
        self.toasts.append(note.title)
        return "dunst 1.9"

    def line(self, name: str) -> QLineEdit:
        return next(each for each in self.page.findChildren(QLineEdit) if each.accessibleName() == name)

    def type_in(self, name: str, text: str) -> None:
        line = self.line(name)
        line.setText(text)
        line.textEdited.emit(text)
        line.editingFinished.emit()

    def tick(self, name: str, *, on: bool = True) -> None:
        boxes = self.page.findChildren(QCheckBox)
        next(each for each in boxes if name in {each.text(), each.accessibleName()}).setChecked(on)

    def choose(self, name: str, option: str) -> None:
        box = next(each for each in self.page.findChildren(QComboBox) if each.accessibleName() == name)
        box.setCurrentIndex(box.findData(option))

    def number(self, name: str, value: int) -> None:
        next(each for each in self.page.findChildren(QSpinBox) if each.accessibleName() == name).setValue(value)

    def kept(self) -> Delivery:
        return self.desk.chosen[-1].delivery


@pytest.fixture
def sitting(desk: Desk, tmp_path: Path) -> Iterator[Sitting]:
    made = Sitting(desk, tmp_path)
    yield made
    made.deliverer.stop()


def test_every_choice_is_kept_as_soon_as_it_is_made(sitting: Sitting) -> None:
    sitting.tick("Show alerts as notifications", on=False)
    sitting.choose("Notify me of", "critical")
    sitting.tick("Keep quiet at certain hours")
    sitting.number("Quiet from", 20)
    sitting.number("Quiet until", 8)
    sitting.tick("Quiet all Sunday")
    sitting.tick("Quiet all Saturday")
    sitting.tick("Critical alerts come through all the same", on=False)
    sitting.tick("Send alerts by e-mail")
    sitting.type_in("Mail server", " mx.example.org ")
    sitting.number("Port", 465)
    sitting.choose("Encryption", "tls")
    sitting.type_in("User", "alice")
    sitting.type_in("Sender", "a@example.org")
    sitting.type_in("Recipients", "b@example.org; c@example.org")
    sitting.choose("E-mail me of", "critical")
    sitting.tick("Post alerts to a web address")
    sitting.type_in("Web address", "https://hooks.example.org/x")
    sitting.choose("Format", "ntfy")
    sitting.choose("Post", "info")
    assert sitting.kept() == Delivery(
        desktop=False,
        desktop_least="critical",
        quiet=True,
        quiet_from_h=20,
        quiet_to_h=8,
        quiet_days=(5, 6),
        critical_breaks_quiet=False,
        mail=Mail(
            on=True,
            host="mx.example.org",
            port=465,
            security="tls",
            user="alice",
            sender="a@example.org",
            recipients=("b@example.org", "c@example.org"),
            least="critical",
        ),
        webhook=Webhook(on=True, url="https://hooks.example.org/x", format="ntfy", least="info"),
    )
    again = DeliveryPage(sitting.context)
    again.show()
    shown = {each.accessibleName(): each.text() for each in again.findChildren(QLineEdit) if each.accessibleName()}
    assert shown["Recipients"] == "b@example.org, c@example.org"
    assert shown["Web address"] == "https://hooks.example.org/x"


def test_what_is_typed_is_checked_while_it_is(sitting: Sitting) -> None:
    assert not any("Name the mail server" in text for text in texts(sitting.page)), "nobody touched it"
    line = sitting.line("Web address")
    line.setText("http://8.8.8.8/")
    line.textEdited.emit(line.text())
    assert any("it has to be https://" in text for text in texts(sitting.page))
    assert sitting.desk.chosen == [], "it is not kept letter by letter"
    line.setText("https://hooks.example.org/")
    line.textEdited.emit(line.text())
    assert not any("https://" in text for text in texts(sitting.page) if text.endswith("reads along."))
    sitting.tick("Send alerts by e-mail")
    assert any("Name the mail server" in text for text in texts(sitting.page))


def test_every_field_has_a_name(sitting: Sitting) -> None:
    for kind in (QLineEdit, QComboBox, QSpinBox, QCheckBox):
        for each in sitting.page.findChildren(kind):
            assert isinstance(each, QWidget)
            inner = isinstance(each.parent(), QSpinBox | QComboBox)
            assert inner or each.accessibleName() or getattr(each, "text", str)(), each


@pytest.mark.usefixtures("socket_enabled")
def test_a_test_uses_the_secret_that_was_just_typed_and_says_what_happened(
    sitting: Sitting, until: Until, tmp_path: Path
) -> None:
    with mail_server(MailServer(password="right")) as server:
        sitting.type_in("Mail server", HOST)
        sitting.number("Port", server.port)
        sitting.choose("Encryption", "none")
        sitting.type_in("User", "alice")
        sitting.type_in("Sender", "a@example.org")
        sitting.type_in("Recipients", "b@example.org")
        for password, said in (
            ("wrong", "does not accept the user alice"),
            ("right", "took the message for b@example"),
        ):
            sitting.type_in("Password", password)
            buttons(sitting.page)["Send a test e-mail"].click()
            assert "Sending. This can take a minute." in texts(sitting.page)
            assert not buttons(sitting.page)["Send a test e-mail"].isEnabled()
            until(lambda said=said: any(said in text for text in texts(sitting.page)))  # type: ignore[misc]
            assert buttons(sitting.page)["Send a test e-mail"].isEnabled()
    assert sitting.line("Password").text() == ""
    assert "right" not in str(sitting.kept())
    until(lambda: any("It is kept in" in text for text in texts(sitting.page)))
    buttons(sitting.page)["Forget the password"].click()
    until(lambda: "It is forgotten." in texts(sitting.page))
    assert secret(tmp_path, "mail") == ""


@pytest.mark.usefixtures("socket_enabled")
def test_how_a_way_fares_is_shown_as_it_changes(sitting: Sitting, until: Until) -> None:
    with web_server(WebServer(status=404)) as server:
        sitting.type_in("Web address", server.url)
        sitting.deliverer.start()
        buttons(sitting.page)["Send a test to the webhook"].click()
        until(lambda: any("refuses the message (404" in text for text in texts(sitting.page)))
        until(lambda: bool(sitting.deliverer.status()["webhook"].error))
        signals.changed.emit(frozenset({"delivery"}))
        until(lambda: not any(text.startswith("Last failure, ") for text in texts(sitting.page)))
        later = DeliveryPage(sitting.context)
        later.show()
        assert any(text.startswith("Last failure, ") for text in texts(later))
        server.status = 200
        buttons(sitting.page)["Send a test to the webhook"].click()
        until(lambda: bool(sitting.deliverer.status()["webhook"].success_s))
        signals.changed.emit(frozenset({"delivery"}))
        until(lambda: any(text.startswith("Last message: ") for text in texts(later)))
        buttons(sitting.page)["Send a test notification"].click()
        until(lambda: sitting.toasts == ["Test"])
        until(lambda: "The notification was handed to dunst 1.9." in texts(sitting.page))


def test_where_nothing_delivers_the_button_says_so(desk: Desk) -> None:
    page = DeliveryPage(desk.context)
    page.show()
    buttons(page)["Send a test e-mail"].click()
    assert "Nothing delivers alerts here." in texts(page)


def test_a_way_says_what_waits_and_what_went_wrong() -> None:
    assert fares(Status()) == ""
    assert fares(Status(waiting=2)) == "2 wait to be sent."
    assert fares(Status(error="No.", error_s=1.0, success_s=1.0)).endswith(": No.")
