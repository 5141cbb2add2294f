"""The composition root: makes the store, the watch, sync and the window, joins them, and takes them down again."""

# ruff: noqa: PLC0415 - what the first paint does not need is imported after it (requests alone costs 86 ms)

import logging
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rackside import paths, settings, window_placement
from rackside.settings import Edge, Probes, Settings
from rackside.store import Store, damage, documents
from rackside.store.ballast import NoRoom
from rackside.watch.model import Snapshot
from rackside_protocol.ideas import Idea

# Once Qt's Python support is loaded, it reads the source of every module that is imported: 20 ms for the ones above.
# isort: split

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from rackside.kit import background, signals, text
from rackside.kit import theme as themes
from rackside.kit.single import SingleInstance
from rackside.kit.slices import Context
from rackside.kit.theme import Choice
from rackside.slices import table
from rackside.window import Window

if TYPE_CHECKING:
    from rackside.kit.tray import Tray
    from rackside.sync.embedded import EmbeddedServer, Owner
    from rackside.sync.http import Client
    from rackside.sync.loop import Status, SyncLoop
    from rackside.watch.delivery.deliverer import Deliverer
    from rackside.watch.delivery.notifications import Notifications
    from rackside.watch.delivery.texts import Note
    from rackside.watch.loop import Watch

log = logging.getLogger(__name__)

NAME: Final = "rackside"
ALREADY_RUNNING: Final = 0
NO_ROOM: Final = 3
SCREENSHOT_HEIGHT_PX: Final = 1_140
SETTLE_S: Final = 4.0
LOOK_EVERY_MS: Final = 50
OFFSCREEN_SAYS: Final = "This plugin does not support"
FEATURES_TAB: Final = 2
LINKS: Final = {"machines": "hosts:", "settings": "settings:"}
"""The views that pictures are taken of, beside those that show the newest of something."""
NOTHING_SEEN: Final = Snapshot()


def run(argv: Sequence[str] = (), *, demo: bool = False) -> int:
    """Open the sidebar and stay until it is closed; return the exit code.

    Args:
        argv: arguments for Qt.
        demo: fill the embedded server with the demo community.
    """
    home = paths.home()
    qInstallMessageHandler(_to_the_log)
    app = QApplication([NAME, *argv])
    app.setApplicationName(NAME)
    app.setApplicationDisplayName("Rackside")
    app.setDesktopFileName(NAME)
    app.setQuitOnLastWindowClosed(False)
    instance = SingleInstance(home)
    if not instance.take():
        return ALREADY_RUNNING
    try:
        desktop = Desktop(home, app, demo=demo)
    except NoRoom as error:
        text.tell(None, "Rackside cannot start", str(error))
        instance.release()
        return NO_ROOM
    desktop.window.show()
    desktop.window.first_painted.connect(lambda: instance.listen(desktop.window.raise_up))
    try:
        return app.exec()
    finally:
        desktop.close()
        instance.release()


def screenshot(target: Path, *, view: str = "sidebar", theme: Choice = "dark", settle_s: float = SETTLE_S) -> None:
    """Draw the real window with the real store into a PNG; the platform and the scale are the environment's.

    Args:
        target: the file to write.
        view: `sidebar`, `thread` (the newest), `ideas`, `machines` or `settings`.
        theme: `light` or `dark`.
        settle_s: for how long this machine is watched first, so that figures and lines are real.
    """
    qInstallMessageHandler(_to_the_log)
    app = QApplication.instance() or QApplication([NAME])
    assert isinstance(app, QApplication)
    desktop = Desktop(paths.home(), app, live=False)
    try:
        themes.apply(theme)
        themes.load_remaining_fonts()
        desktop.start_watch()
        desktop.window.put_plain(SCREENSHOT_HEIGHT_PX)
        desktop.window.show()
        desktop.window.sidebar.build_late()
        desktop.show_view(view)
        _work(app, settle_s)
        if not desktop.window.grab().save(str(target)):
            raise OSError(f"The picture could not be written to {target}.")
    finally:
        desktop.close()


def _work(app: QApplication, seconds: float) -> None:
    """Let the program run for a while, and then until what it reads in the background has come."""
    until = time.monotonic() + seconds
    while time.monotonic() < until or not background.idle():
        app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, LOOK_EVERY_MS)


def _to_the_log(kind: QtMsgType, _where: QMessageLogContext, message: str) -> None:
    if not message.startswith(OFFSCREEN_SAYS):
        loud = kind not in {QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg}
        log.log(logging.WARNING if loud else logging.DEBUG, "Qt: %s", message)


class Desktop:
    """Everything that lives as long as the program does."""

    def __init__(self, home: Path, app: QApplication, *, demo: bool = False, live: bool = True) -> None:
        """Make all parts; those that are not seen start after the first paint, or never if not `live`."""
        self._home, self._app, self._demo = home, app, demo
        self.settings = settings.load(home)
        themes.apply(self.settings.theme)
        self.store = Store.open(home)
        self.watch: Watch | None = None
        self.sync: SyncLoop | None = None
        self._deliverer: Deliverer | None = None
        self._server: EmbeddedServer | None = None
        self._tray: Tray | None = None
        self._notifications: Notifications | None = None
        self.context = Context(
            store=self.store,
            home=home,
            open_link=self._open_link,
            me=lambda: self.settings.member,
            wake_sync=self._wake_sync,
            snapshot=lambda: self.watch.snapshot if self.watch else NOTHING_SEEN,
            sync_status=self._status,
            look_again=self._look_again,
            settings=lambda: self.settings,
            choose=self._choose,
            deliverer=self.deliverer,
        )
        remembered = window_placement.load(home)
        remembered.docked, remembered.edge = self.settings.docked, self.settings.edge
        self.window = Window(table(), self.context, remembered)
        self.window.moved_to.connect(self._moved_to)
        self.window.watched.connect(self._watched)
        self.window.sync_asked.connect(self._wake_sync)
        self.window.quit_asked.connect(app.quit)
        signals.changed.connect(self._changed)
        if live:
            self.window.first_painted.connect(self._start)

    def close(self) -> None:
        """Take everything down, the window first: a widget that outlives the application aborts it."""
        self.window.hide()
        if self._deliverer is not None:
            self._deliverer.stop()  # before the tray goes with the window
        if self._notifications is not None:
            self._notifications.close()
        self.window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        for part in (self.watch, self.sync):
            if part is not None:
                part.stop()
        background.wait()
        if self._server is not None:
            self._server.stop()
        self.store.close()

    def start_watch(self) -> None:
        """Begin to watch this machine."""
        from rackside.watch.loop import Watch

        offer = self.deliverer().offer
        self.watch = Watch(self._home, self._allowed, signals.announce, offer, lambda: self.settings.log_files)
        self.watch.start()

    def deliverer(self) -> "Deliverer":
        """Return what delivers alerts, made when it is first asked for."""
        if self._deliverer is None:
            from rackside.watch.delivery.deliverer import Deliverer
            from rackside.watch.delivery.notifications import Notifications

            self._notifications = Notifications(signals.announce)
            self._deliverer = Deliverer(
                self._home,
                lambda: self.settings.delivery,
                self._notify,
                machine=self.context.machine().name,
                on_change=signals.announce,
            )
        return self._deliverer

    def start_sync(self) -> None:
        """Begin to sync."""
        from rackside.sync.loop import SyncLoop

        self.sync = SyncLoop(self._home, self._connect, signals.announce, period_s=float(self.settings.poll_s))
        self.sync.start()

    def show_view(self, view: str) -> None:
        """Show one of the views that pictures are taken of."""
        if view == "thread":
            newest = documents.threads(self.store, "newest", me="", limit=1)
            self.window.open_link(f"thread:{newest[0].id}" if newest else "thread:")
        elif view == "ideas":
            self.window.sidebar.tabs.choose(FEATURES_TAB)
            newest_idea = documents.of_kind(self.store, Idea, limit=1)
            self.window.open_link(f"idea:{newest_idea[0].id}" if newest_idea else "propose:")
        elif view in LINKS:
            self.window.open_link(LINKS[view])

    def _start(self) -> None:
        from rackside.kit.tray import Tray

        self.start_watch()
        themes.load_remaining_fonts()
        self.window.sidebar.build_late()
        if Tray.available():
            self._tray = Tray(self.window, self.window.raise_up, self.window.leave, self._clicked)
            self.window.can_hide = True
        self.deliverer().start()
        if self.settings.embedded or self._demo:
            self._start_server()
        else:
            self.start_sync()
        if not self.settings.consent:
            self.window.open_link("welcome:")
        self._tell_of_damage()

    def _tell_of_damage(self) -> None:
        """Say once what became of a file that was damaged."""
        sentences = damage.notes(self._home)
        if sentences:
            text.tell(self.window, "A file was damaged", "\n\n".join(sentences))
            damage.forget_notes(self._home)

    def _start_server(self) -> None:
        from rackside.sync.embedded import EmbeddedServer
        from rackside.sync.http import keep_token

        self._server = EmbeddedServer(self._home / "server", demo=self._demo)
        server = self._server

        def wait() -> "Owner":
            owner = server.wait()
            keep_token(self._home, owner.access_token)
            return owner

        background.run(wait, self._own, self._server_failed)

    def _own(self, owner: "Owner") -> None:
        """Take over who the embedded server says its owner is, and sync with it."""
        self.settings.server_url, self.settings.member, self.settings.handle = owner.url, owner.member, owner.handle
        self._choose(self.settings)
        self.start_sync()

    def _server_failed(self, error: Exception) -> None:
        log.error("%s", error)
        self.start_sync()

    def _open_link(self, link: str) -> None:
        if link == "signin:":
            self._sign_in()
        else:
            self.window.open_link(link)

    def _notify(self, note: "Note") -> str:
        """Show a notification, by the desktop itself or from the tray; return by what. Called on any thread."""
        from rackside.watch.delivery.notifications import NobodyShowsError

        try:
            if self._notifications is not None:
                return self._notifications.show(note)
        except NobodyShowsError as error:
            log.info("No notification over the session bus: %s", error)
        shown = self._tray is not None and self._tray.notify(note.title, note.text, note.link)
        return "the tray" if shown else ""

    def _clicked(self, link: str) -> None:
        self.window.raise_up()
        self._open_link(link)

    def _moved_to(self, docked: bool, edge: Edge) -> None:  # noqa: FBT001 - as Qt's signal hands it over
        if (docked, edge) != (self.settings.docked, self.settings.edge):
            self.settings.docked, self.settings.edge = docked, edge
            self._choose(self.settings)

    def _wake_sync(self) -> None:
        if self.sync is not None:
            self.sync.wake()

    def _watched(self, on: bool) -> None:  # noqa: FBT001 - as Qt's signal hands it over
        if self.watch is not None:
            self.watch.visible(on=on)

    def _look_again(self) -> None:
        if self.watch is not None:
            self.watch.again()

    def _status(self) -> "Status | None":
        return self.sync.status if self.sync else None

    def _allowed(self) -> Probes | None:
        return self.settings.probes if self.settings.consent else None

    def _connect(self) -> "Client | None":
        from rackside.sync.connect import connect

        return connect(self._home)

    def _choose(self, chosen: Settings) -> None:
        settings.save(self._home, chosen)
        signals.changed.emit(frozenset({"settings"}))

    def _sign_in(self) -> None:
        """Let the person sign in with her browser; the answer comes on a worker."""
        import webbrowser

        from rackside.kit.text import tell
        from rackside.sync.http import keep_token
        from rackside.sync.signin import sign_in
        from rackside_protocol.accounts import Token

        server = self.settings.server_url

        def ask() -> Token:
            token = sign_in(server, webbrowser.open)
            keep_token(self._home, token.access_token)
            return token

        def done(token: Token) -> None:
            self.settings.member, self.settings.handle = token.member, token.handle
            self._choose(self.settings)

        background.run(ask, done, lambda error: tell(self.window, "Not signed in", str(error)))

    def _changed(self, topics: frozenset[str]) -> None:
        if "settings" in topics:
            self.settings = settings.load(self._home)
            if self.settings.theme != themes.choice():
                themes.apply(self.settings.theme)
            self.window.put(docked=self.settings.docked, edge=self.settings.edge)
            self._wake_sync()
            if self._deliverer is not None:
                self._deliverer.again()
        if topics & {"alerts", "settings"}:
            self._show_alerts()
        if "notification" in topics and self._notifications is not None:
            self._clicked(self._notifications.clicked.popleft())

    def _show_alerts(self) -> None:
        from rackside.machine.history import load_header

        head = load_header(self.store, self.context.machine(), self._status(), time.time())
        tone = head.worst if head.alerts else "dim"
        word = f"{head.alerts} open alert{'s' if head.alerts != 1 else ''}" if head.alerts else "No open alerts"
        self.window.rail.mark("alert", tone, word)
        if self._tray is not None:
            self._tray.state(tone, f"Rackside: {word.lower()}")
