"""The delivering thread with a real store and real servers: nothing is lost, nothing comes twice, nobody waits."""

import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from rackside import settings
from rackside.settings import Delivery, Mail, Settings, Webhook
from rackside.store import Store, deliveries, local
from rackside.store.database import connect
from rackside.store.secrets import keep_secret
from rackside.watch.delivery import ledger, when
from rackside.watch.delivery.deliverer import Deliverer
from rackside.watch.delivery.model import DeliveryError
from rackside.watch.delivery.sending import NOBODY
from rackside.watch.delivery.texts import Note
from rackside.watch.model import Alert
from tests.watch.delivery.making import BAD, CALM, cleared, many
from tests.watch.delivery.servers import HOST, MailServer, WebServer, mail_server, web_server
from tests.watch.test_checks import closed_port, silent, speaking
from tests.watch.test_loop import until, watching

pytestmark = pytest.mark.usefixtures("socket_enabled")


@pytest.fixture(autouse=True)
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(when, "BATCH_S", 0.2)
    monkeypatch.setattr(ledger, "FIRST_PAUSE_S", 0.1)


class Person:
    """What she chose, and what her desktop showed."""

    def __init__(self, home: Path, delivery: Delivery) -> None:
        self.home, self.delivery = home, delivery
        self.toasts: list[Note] = []
        self.tray = True

    def notify(self, note: Note) -> str:
        if not self.tray:
            return ""
        self.toasts.append(note)
        return "a desktop"

    def deliverer(self) -> Deliverer:
        return Deliverer(self.home, lambda: self.delivery, self.notify, machine="here")

    @contextmanager
    def delivering(self) -> Iterator[Deliverer]:
        made = self.deliverer()
        made.start()
        try:
            yield made
        finally:
            made.stop()

    def see(self, deliverer: Deliverer, *alerts: Alert) -> None:
        """Judge as the watch does: it writes alerts down, and offers them."""
        with Store.open(self.home) as store:
            for alert in alerts:
                local.record(store, alert)
        deliverer.offer(alerts)


def posting(url: str) -> Delivery:
    return Delivery(desktop=False, webhook=Webhook(on=True, url=url))


def told(server: WebServer) -> list[tuple[str, str]]:
    return [(each["transition"], each["id"]) for *_, body in server.taken for each in json.loads(body)["alerts"]]


def waiting(home: Path) -> int:
    with Store.open(home) as store:
        return len(deliveries.waiting(store))


def test_an_alert_goes_out_by_every_way(tmp_path: Path) -> None:
    with mail_server(MailServer()) as post_office, web_server(WebServer()) as server:
        chosen = Mail(on=True, host=HOST, port=post_office.port, security="none", sender="a@b.c", recipients=("d@e.f",))
        person = Person(tmp_path, Delivery(mail=chosen, webhook=Webhook(on=True, url=server.url)))
        with person.delivering() as deliverer:
            person.see(deliverer, CALM)
            until(lambda: bool(post_office.taken and server.taken))
            until(lambda: all(status.success_s for status in deliverer.status().values()))
            until(lambda: waiting(tmp_path) == 0)
    assert person.toasts == [Note("Warning", "/srv is 91 % full", "alert:a1")]
    assert post_office.taken[0]["Subject"] == "[here] Warning: /srv is 91 % full"
    assert told(server) == [("raised", "a1")]


def test_five_hundred_alerts_in_a_minute_are_a_few_messages_and_three_notifications_at_most(tmp_path: Path) -> None:
    alerts = many(500)
    with web_server(WebServer()) as server:
        person = Person(tmp_path, msgspec.structs.replace(posting(server.url), desktop=True))
        with person.delivering() as deliverer:
            for start in range(0, 500, 50):
                person.see(deliverer, *alerts[start : start + 50])
            until(lambda: sum(json.loads(body)["count"] for *_, body in server.taken) == 500)
    assert len(server.taken) < 10
    assert 1 <= len(person.toasts) <= 3
    assert person.toasts[0][0].endswith(" alerts"), "many at once are one notification"


def test_offering_never_waits_although_a_server_does_not_answer(tmp_path: Path) -> None:
    with speaking(silent) as port:
        person = Person(tmp_path, msgspec.structs.replace(posting(f"http://127.0.0.1:{port}/"), desktop=True))
        with person.delivering() as deliverer:
            before = {*threading.enumerate()}
            person.see(deliverer, CALM)
            until(lambda: any(thread.name == "webhook" for thread in {*threading.enumerate()} - before))
            assert len(person.toasts) == 1
            began = time.monotonic()
            deliverer.offer(many(500))
            assert time.monotonic() - began < 1
            person.see(deliverer, replace(BAD, id="b", component="/var"))
            until(lambda: len(person.toasts) >= 2)


def test_what_was_queued_when_the_program_ended_goes_out_once_at_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with web_server(WebServer()) as server:
        person = Person(tmp_path, posting(server.url))
        monkeypatch.setattr(when, "BATCH_S", 3_600.0)
        with person.delivering() as deliverer:
            person.see(deliverer, CALM)
            until(lambda: waiting(tmp_path) == 1)
        assert server.taken == []
        with Store.open(tmp_path) as store, store.local as connection:
            body = deliveries.waiting(store)[0].body
            due = msgspec.json.decode(body) | {"due_s": time.time()}
            connection.execute("UPDATE deliveries SET body = ?, due_s = ?", (msgspec.json.encode(due), time.time()))
        for _ in range(3):
            with person.delivering() as deliverer:
                until(lambda: told(server) == [("raised", "a1")])
                until(lambda: waiting(tmp_path) == 0)
    assert told(server) == [("raised", "a1")]


def test_what_was_judged_when_the_program_was_killed_is_told_at_the_next_start_and_so_is_its_end(
    tmp_path: Path,
) -> None:
    with web_server(WebServer()) as server, Store.open(tmp_path) as store:
        person = Person(tmp_path, posting(server.url))
        local.record(store, CALM)
        with person.delivering():
            until(lambda: told(server) == [("raised", "a1")])
            until(lambda: waiting(tmp_path) == 0)
        local.record(store, cleared(CALM, CALM.raised_at_s + 60))
        for _ in range(2):
            with person.delivering():
                until(lambda: told(server) == [("raised", "a1"), ("cleared", "a1")])
                until(lambda: waiting(tmp_path) == 0)


def test_a_server_that_comes_back_gets_what_it_missed_once(tmp_path: Path) -> None:
    with web_server(WebServer(status=503)) as server:
        person = Person(tmp_path, posting(server.url))
        with person.delivering() as deliverer:
            person.see(deliverer, CALM)
            until(lambda: len(server.taken) >= 2)
            assert "cannot take it now (503" in deliverer.status()["webhook"].error
            server.taken.clear()
            server.status = 200
            until(lambda: bool(server.taken))
            until(lambda: deliverer.status()["webhook"].error == "")
            time.sleep(0.3)
    assert told(server) == [("raised", "a1")]


def test_a_way_that_is_put_right_is_tried_at_once(tmp_path: Path) -> None:
    with web_server(WebServer()) as server:
        person = Person(tmp_path, posting(server.url.replace("/hook", "") + "/hook"))
        server.status = 404
        with person.delivering() as deliverer:
            person.see(deliverer, CALM)
            until(lambda: "404" in deliverer.status()["webhook"].error)
            server.status = 200
            server.taken.clear()
            time.sleep(0.3)
            assert server.taken == [], "a refusal that lasts is not tried again soon"
            deliverer.again()
            until(lambda: told(server) == [("raised", "a1")])


def test_without_room_on_the_disk_alerts_are_told_all_the_same_and_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with web_server(WebServer()) as server:
        person = Person(tmp_path, posting(server.url))
        with person.delivering() as deliverer, caplog.at_level(logging.INFO):
            until((tmp_path / "local.db").exists)
            blocker = connect(tmp_path / "local.db")
            until(lambda: blocker.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'told'").fetchone()[0] == 1)
            blocker.execute("ALTER TABLE told RENAME TO told_gone")
            deliverer.offer([CALM])
            until(lambda: told(server) == [("raised", "a1")])
            blocker.execute("ALTER TABLE told_gone RENAME TO told")
            deliverer.again()
            until(lambda: blocker.execute("SELECT count(*) FROM told").fetchone()[0] == 2)
            blocker.close()
            time.sleep(0.3)
        assert "cannot be kept now" in caplog.text
    assert told(server) == [("raised", "a1")]


def test_a_desktop_without_a_tray_says_so_and_nothing_heaps_up(tmp_path: Path) -> None:
    person = Person(tmp_path, Delivery())
    person.tray = False
    with person.delivering() as deliverer:
        person.see(deliverer, *many(20))
        until(lambda: deliverer.status()["desktop"].error == NOBODY)
        until(lambda: waiting(tmp_path) == 0)


def test_how_a_way_fares_is_known_after_a_restart(tmp_path: Path) -> None:
    person = Person(tmp_path, posting(f"http://127.0.0.1:{closed_port()}/"))
    with person.delivering() as deliverer:
        person.see(deliverer, CALM)
        until(lambda: bool(deliverer.status()["webhook"].error))
        until(lambda: waiting(tmp_path) == 1)
    person.delivery = Delivery(desktop=False)
    with person.delivering() as deliverer:
        until(lambda: "cannot be reached" in deliverer.status()["webhook"].error)


def test_a_test_says_what_happened_for_every_way(tmp_path: Path) -> None:
    keep_secret(tmp_path, "webhook", "s")
    with mail_server(MailServer()) as post_office, web_server(WebServer()) as server:
        chosen = Mail(host=HOST, port=post_office.port, security="none", sender="a@b.c", recipients=("d@e.f",))
        person = Person(tmp_path, Delivery(desktop=False, mail=chosen, webhook=Webhook(url=server.url)))
        deliverer = person.deliverer()
        assert deliverer.test("mail") == f"localhost:{post_office.port} took the message for d@e.f."
        assert deliverer.test("webhook") == "localhost took the message."
        assert deliverer.test("desktop") == "The notification was handed to a desktop."
        server.status = 403
        with pytest.raises(DeliveryError, match="refuses the message"):
            deliverer.test("webhook")
    assert post_office.taken[0]["Subject"].startswith("[here] Test: This is a test")
    assert json.loads(server.taken[0][2])["test"] is True
    assert "X-Rackside-Signature" in server.taken[0][1]
    assert person.toasts[0][0] == "Test"
    deliverer.start()
    until(lambda: "403" in deliverer.status()["webhook"].error)
    assert deliverer.status()["mail"].success_s
    deliverer.stop()


def test_secrets_are_neither_in_the_settings_nor_in_the_log_nor_in_the_store(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG), mail_server(MailServer(password="right")) as post_office:
        chosen = Mail(
            on=True, host=HOST, port=post_office.port, security="none", user="u", sender="a@b.c", recipients=("d@e.f",)
        )
        person = Person(tmp_path, Delivery(desktop=False, mail=chosen))
        settings.save(tmp_path, Settings(delivery=person.delivery))
        keep_secret(tmp_path, "mail", "hunter2-wrong")
        with person.delivering() as deliverer:
            person.see(deliverer, CALM)
            until(lambda: bool(deliverer.status()["mail"].error))
    assert post_office.logins
    assert "hunter2" not in caplog.text
    for path in tmp_path.iterdir():
        assert path.name == "secret-mail" or b"hunter2" not in path.read_bytes()


def test_it_ends_at_once_also_when_it_never_began(tmp_path: Path) -> None:
    person = Person(tmp_path, Delivery())
    person.deliverer().stop()
    began = time.monotonic()
    with person.delivering():
        pass
    assert time.monotonic() - began < 5


def test_the_watch_offers_what_it_judged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from rackside.watch import loop  # noqa: PLC0415 - patched here alone

    offered: list[Alert] = []
    monkeypatch.setattr(loop, "VISIBLE_TICK_S", 0.05)
    monkeypatch.setattr("rackside.watch.rules.Judge.look", lambda *_: (CALM,))
    take: Callable[..., object] = offered.extend
    with watching(tmp_path) as watch:
        watch._offer = take
        until(lambda: bool(offered))
    with Store.open(tmp_path) as store:
        assert local.open_alerts(store) == [CALM], "it is written down before it is told"
