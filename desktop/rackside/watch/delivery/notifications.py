"""Notifications by the desktop itself (org.freedesktop.Notifications 1.2), which lead to what they are about.

Most desktops of Linux take them over the session bus, GNOME among them, which has no tray.
"""

import html
import os
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from rackside import resources
from rackside.watch import proc
from rackside.watch.delivery.texts import Note, tame

if TYPE_CHECKING:
    from jeepney.io.threading import DBusConnection  # type: ignore[import-untyped]

NAME: Final = "org.freedesktop.Notifications"
PATH: Final = "/org/freedesktop/Notifications"
ANSWER_S: Final = 5.0
"""The bus may have to start the program that shows them."""
MOST_HELD: Final = 100
"""Notifications whose clicks are known; desktops keep fewer."""
MOST_TITLE: Final = 120
MOST_TEXT: Final = 400
MOST_NAME: Final = 60
NORMAL, CRITICAL = 1, 2
AS_LONG_AS_USUAL: Final = -1
CLICKED: Final = "default"


class NobodyShowsError(Exception):
    """No program on the session bus shows notifications, or it does not answer."""


class Notifications:
    """Shows notifications; safe on any thread. It connects when it is first asked, and again when the bus was lost."""

    def __init__(self, on_click: Callable[[frozenset[str]], object]) -> None:
        """Prepare; `on_click` is told `notification` on a thread of its own, and `clicked` then has the link."""
        self.clicked: deque[str] = deque(maxlen=MOST_HELD)
        self._on_click = on_click
        self._lock = threading.Lock()
        self._session: _Session | None = None

    def show(self, note: Note) -> str:
        """Show a notification, in place of the one before that leads to the same alert; return who shows it.

        Raises:
            NobodyShowsError: nobody does.
        """
        with self._lock:
            return self._asked(lambda session: session.show(note))

    def server(self) -> str:
        """Return who shows notifications here.

        Raises:
            NobodyShowsError: nobody does.
        """
        with self._lock:
            return self._asked(_Session.server)

    def close(self) -> None:
        """Hang up; what is shown stays, and a click on it leads nowhere."""
        with self._lock:
            self._hang_up()

    def _asked(self, what: "Callable[[_Session], str]") -> str:
        """Ask the one who shows them; who was asked before may be gone, and another one in its place."""
        if self._session is not None:
            try:
                return what(self._session)
            except NobodyShowsError:
                self._hang_up()
        if not proc.LINUX:
            raise NobodyShowsError("there is a session bus on Linux only")
        self._session = _Session(self._heard)
        return what(self._session)

    def _hang_up(self) -> None:
        if self._session is not None:
            self._session.close()
        self._session = None

    def _heard(self, link: str) -> None:
        self.clicked.append(link)
        self._on_click(frozenset({"notification"}))


class _Session:
    """A connection to the bus, and the program that shows notifications there."""

    def __init__(self, heard: Callable[[str], None]) -> None:
        from jeepney import MatchRule, message_bus  # type: ignore[import-untyped]
        from jeepney.io.common import RouterClosed  # type: ignore[import-untyped]
        from jeepney.io.threading import DBusRouter, Proxy, open_dbus_connection
        from jeepney.wrappers import DBusErrorResponse  # type: ignore[import-untyped]

        class Quiet(DBusRouter):  # type: ignore[misc]
            def _receiver(self) -> None:
                with suppress(OSError):  # the bus is gone, which the next who asks is told
                    super()._receiver()

        self._failures = (OSError, EOFError, ValueError, KeyError, RouterClosed, DBusErrorResponse)
        self._heard = heard
        self._links: dict[int, str] = {}
        try:
            self._bus: DBusConnection = open_dbus_connection("SESSION", auth_timeout=ANSWER_S)
        except self._failures as error:
            raise NobodyShowsError("there is no session bus") from error
        self._router: DBusRouter = Quiet(self._bus)
        signals = MatchRule(type="signal", interface=NAME, path=PATH)
        try:
            Proxy(message_bus, self._router, timeout=ANSWER_S).AddMatch(signals)
            self._router.filter(signals, queue=self)
            [self._can] = self._call("GetCapabilities")
            self._name = self.server()
        except NobodyShowsError:
            self.close()
            raise
        except self._failures as error:
            self.close()
            raise NobodyShowsError("the session bus does not answer") from error

    def server(self) -> str:
        name, _, version, _ = self._call("GetServerInformation")
        return tame(f"{name} {version}".strip(), MOST_NAME)

    def show(self, note: Note) -> str:
        about_one = note.link.startswith("alert:")
        before = next((key for key, link in [*self._links.items()] if about_one and link == note.link), 0)
        text = tame(note.text, MOST_TEXT)
        [key] = self._call(
            "Notify",
            "susssasa{sv}i",
            (
                "Rackside",
                before,
                resources.file("icons/rackside.svg").as_uri(),
                tame(note.title, MOST_TITLE),
                html.escape(text) if "body-markup" in self._can else text,
                [CLICKED, "Open"] if "actions" in self._can else [],
                {"urgency": ("y", CRITICAL if note.urgent else NORMAL), "desktop-entry": ("s", "rackside")},
                AS_LONG_AS_USUAL,
            ),
        )
        self._links.pop(before, None)
        self._links[key] = note.link
        while len(self._links) > MOST_HELD:
            del self._links[next(iter(self._links))]
        return self._name

    def put_nowait(self, message: Any) -> None:  # noqa: ANN401 - jeepney has no types
        """Take a signal, as the queue of a filter does."""
        from jeepney import HeaderFields

        match message.header.fields[HeaderFields.member], message.body:
            case "ActionInvoked", (int() as key, _) if key in self._links:
                self._heard(self._links[key])
            case "NotificationClosed", (int() as key, _):
                self._links.pop(key, None)

    def close(self) -> None:
        self._router.close()
        self._bus.close()
        for end in (self._bus._stop_r, self._bus._stop_w):  # noqa: SLF001 - jeepney 0.9 leaves them open
            os.close(end)

    def _call(self, member: str, signature: str | None = None, body: tuple[object, ...] = ()) -> tuple[Any, ...]:
        from jeepney import DBusAddress, MessageType, new_method_call

        message = new_method_call(DBusAddress(PATH, NAME, NAME), member, signature, body)
        try:
            answer = self._router.send_and_get_reply(message, timeout=ANSWER_S)
        except self._failures as error:
            raise NobodyShowsError("the session bus does not answer") from error
        if answer.header.message_type is MessageType.error:
            raise NobodyShowsError(tame(str(answer.body)))
        return tuple(answer.body)
