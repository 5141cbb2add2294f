"""Notifications over a real session bus; who shows them there is a stand-in that answers as the specification says."""

import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self

import pytest
from jeepney import HeaderFields, MessageType, message_bus, new_method_return, new_signal  # type: ignore[import-untyped]
from jeepney.bus_messages import DBusNameFlags  # type: ignore[import-untyped]
from jeepney.io.threading import DBusRouter, Proxy, ReceiveStopped, open_dbus_connection  # type: ignore[import-untyped]
from jeepney.wrappers import DBusAddress  # type: ignore[import-untyped]

from rackside.watch.delivery import notifications
from rackside.watch.delivery.notifications import MOST_TEXT, NAME, PATH, NobodyShowsError, Notifications
from rackside.watch.delivery.texts import Note
from tests.watch.test_loop import until

pytestmark = pytest.mark.usefixtures("socket_enabled")
CONFIG = """<busconfig><type>session</type><listen>unix:path={place}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/>
<allow eavesdrop="true"/><allow own="*"/></policy></busconfig>"""
CLICKED, CLOSED = ("ActionInvoked", "us"), ("NotificationClosed", "uu")


class Shown:
    """A program that shows notifications: what it was given, newest last."""

    def __init__(self, can: tuple[str, ...]) -> None:
        self.can = can
        self.taken: list[tuple[Any, ...]] = []
        self.silent = False
        self.keys = iter(range(1, 1_000))
        self.bus = open_dbus_connection("SESSION")
        with DBusRouter(self.bus) as router:
            Proxy(message_bus, router, timeout=5).RequestName(NAME, DBusNameFlags.do_not_queue)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.bus.interrupt()
        self._thread.join()
        self.bus.close()

    def says(self, what: tuple[str, str], *body: object) -> None:
        member, signature = what
        self.bus.send(new_signal(DBusAddress(PATH, interface=NAME), member, signature, body))

    def _serve(self) -> None:
        with suppress(ReceiveStopped, OSError):
            while True:
                message = self.bus.receive()
                if message.header.message_type is MessageType.method_call and not self.silent:
                    self.bus.send(self._answer(message))

    def _answer(self, message: Any) -> Any:
        match message.header.fields[HeaderFields.member]:
            case "GetCapabilities":
                return new_method_return(message, "as", ([*self.can],))
            case "GetServerInformation":
                return new_method_return(message, "ssss", ("stand-in\x1b[2J", "of nobody", "1.0", "1.2"))
            case _:
                self.taken.append(message.body)
                return new_method_return(message, "u", (message.body[1] or next(self.keys),))


@contextmanager
def bus_at(place: Path) -> Iterator[subprocess.Popen[bytes]]:
    config = place.with_suffix(".conf")
    config.write_text(CONFIG.format(place=place))
    place.unlink(missing_ok=True)
    daemon = subprocess.Popen(
        ["/usr/bin/env", "dbus-daemon", "--nofork", "--print-address", f"--config-file={config}"],
        stdout=subprocess.PIPE,
    )
    try:
        assert daemon.stdout is not None
        daemon.stdout.readline()
        yield daemon
    finally:
        daemon.kill()
        daemon.communicate()


@pytest.fixture
def bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    place = tmp_path / "bus"
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={place}")
    with bus_at(place):
        yield place


@pytest.fixture
def made() -> Iterator[Callable[[], Notifications]]:
    all_made: list[Notifications] = []

    def make() -> Notifications:
        all_made.append(Notifications(lambda _: None))
        return all_made[-1]

    yield make
    for each in all_made:
        each.close()


@pytest.mark.usefixtures("bus")
def test_a_click_leads_to_its_own_alert_and_the_end_takes_the_place_of_the_beginning(
    made: Callable[[], Notifications],
) -> None:
    told = made()
    with Shown(("actions", "body", "body-markup")) as desktop:
        assert told.show(Note("Critical", "/srv is full", "alert:a1", urgent=True)) == "stand-in[2J 1.0"
        told.show(Note("Warning", "/var is nearly full", "alert:a2"))
        desktop.says(CLICKED, 1, "default")
        until(lambda: [*told.clicked] == ["alert:a1"])
        told.show(Note("Cleared", "/srv", "alert:a1"))
        assert [each[1] for each in desktop.taken] == [0, 0, 1], "which one each of them replaces"
        assert [each[6]["urgency"] for each in desktop.taken] == [("y", 2), ("y", 1), ("y", 1)]
        desktop.says(CLOSED, 2, 1)
        desktop.says(CLICKED, 2, "default")
        desktop.says(CLICKED, 77, "default")
        desktop.says(CLICKED, 1, "default")
        until(lambda: [*told.clicked] == ["alert:a1", "alert:a1"])


@pytest.mark.usefixtures("bus")
@pytest.mark.parametrize(
    ("can", "shown"), [((), '<b>"x"</b> & y'), (("body-markup",), "&lt;b&gt;&quot;x&quot;&lt;/b&gt; &amp; y")]
)
def test_words_from_elsewhere_are_words(can: tuple[str, ...], shown: str, made: Callable[[], Notifications]) -> None:
    with Shown(can) as desktop:
        told = made()
        told.show(Note("Critical", '<b>"x"</b>\x1b\u202e & y', "alert:a1"))
        told.show(Note("T" * 999, "z" * 9_999, "alert:a2"))
    assert desktop.taken[0][4] == shown
    assert desktop.taken[0][5] == [], "what cannot be clicked gets no action"
    assert len(desktop.taken[1][4]) == MOST_TEXT


@pytest.mark.usefixtures("bus")
def test_where_nobody_shows_them_it_says_so_and_leaves_no_file_open(made: Callable[[], Notifications]) -> None:
    told = made()
    before = len([*Path("/proc/self/fd").iterdir()])
    for _ in range(3):
        with pytest.raises(NobodyShowsError):
            told.show(Note("Critical", "/srv is full", "alert:a1"))
    assert len([*Path("/proc/self/fd").iterdir()]) == before


def test_without_a_bus_it_says_so(made: Callable[[], Notifications], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus")
    with pytest.raises(NobodyShowsError, match="no session bus"):
        made().show(Note("Critical", "/srv is full", "alert:a1"))


@pytest.mark.usefixtures("bus")
def test_one_that_does_not_answer_is_left(made: Callable[[], Notifications], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notifications, "ANSWER_S", 0.2)
    with Shown(()) as desktop:
        desktop.silent = True
        with pytest.raises(NobodyShowsError, match="does not answer"):
            made().show(Note("Critical", "/srv is full", "alert:a1"))


def test_after_the_bus_was_restarted_it_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, made: Callable[[], Notifications]
) -> None:
    place, told = tmp_path / "bus", made()
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={place}")
    with bus_at(place), Shown(()):
        told.show(Note("Critical", "/srv is full", "alert:a1"))
    with pytest.raises(NobodyShowsError):
        told.server()
    with bus_at(place), Shown(()) as desktop:
        told.show(Note("Cleared", "/srv", "alert:a1"))
    assert [each[3] for each in desktop.taken] == ["Cleared"]
