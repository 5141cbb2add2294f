"""Signing in through the browser, and signing out."""

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from rackside import words
from rackside.kit import background
from rackside.kit.cards import StateView, button, column, row
from rackside.kit.panel import Panel
from rackside.kit.slices import Context
from rackside.kit.text import PlainLabel, tell
from rackside.store import outbox
from rackside_protocol.accounts import Token


class SignInPage(Panel):
    """One button, a wait that can be cancelled, and what came of it."""

    TOPICS = frozenset({"settings"})

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._cancelled = False
        self._waiting = False
        self._layout = column(None, margins=(24, 20, 24, 20), gap=12)
        self.setLayout(self._layout)

    def title(self) -> str:
        """Name the page."""
        return "Sign in"

    def refresh(self, topics: frozenset[str]) -> None:
        """Show who is signed in, or how to begin."""
        del topics
        settings = self._context.settings()
        if self._waiting:
            return
        if settings.embedded:
            self._show(StateView("notice", "The server on this machine signs its owner in by itself."))
        elif not settings.consent or not settings.server_url:
            sentence = "First choose a server in the settings, and agree to what is sent."
            self._show(
                StateView("notice", sentence, action="Settings", act=lambda: self._context.open_link("settings:"))
            )
        elif settings.handle:
            line = QWidget()
            line.setLayout(row(button("Sign out of this console", self._sign_out), None))
            self._show(PlainLabel(f"Signed in as {settings.handle} at {settings.server_url}.", wrap=True), line)
        else:
            line = QWidget()
            line.setLayout(row(button("Open the browser and sign in", self._begin, kind="primary"), None))
            note = (
                f"{settings.server_url} asks you to sign in or to sign up, and gives this console a token of its own."
            )
            self._show(PlainLabel(note, tone="dim", wrap=True), line)

    def _begin(self) -> None:
        from rackside.sync.signin import sign_in  # noqa: PLC0415 - requests costs 86 ms, and is needed from here on only

        self._cancelled, self._waiting = False, True
        sentence = "Waiting for the browser. This console listens on 127.0.0.1 until it comes back."
        self._show(StateView("loading", sentence, action="Cancel", act=self._cancel))
        url = self._context.settings().server_url
        background.run(
            lambda: sign_in(url, _open_in_browser, cancelled=lambda: self._cancelled), self._done, self._failed
        )

    def _cancel(self) -> None:
        self._cancelled = True

    def _done(self, token: Token) -> None:
        from rackside.sync.http import keep_token  # noqa: PLC0415 - as above

        self._waiting = False
        where = keep_token(self._context.home, token.access_token)
        settings = self._context.settings()
        settings.member, settings.handle = token.member, token.handle
        self._context.choose(settings)
        self._context.wake_sync()
        self._show(StateView("notice", f"Signed in as {token.handle}. The token is kept {where}."))

    def _failed(self, error: Exception) -> None:
        self._waiting = False
        self._show(StateView("error", str(error), action="Try again", act=self._begin))

    def _sign_out(self) -> None:
        waiting = outbox.count(self._context.store, "queued", "sending")
        if waiting:
            whose = (
                "It would be sent under the name of whoever signs in next. Sync first, or take it out of the outbox."
            )
            tell(self, "Not signed out", f"{words.counted(waiting, 'thing')} you wrote still waits to be sent. {whose}")
            return
        from rackside.sync.http import keep_token  # noqa: PLC0415 - as above

        keep_token(self._context.home, "")
        settings = self._context.settings()
        settings.member = settings.handle = ""
        self._context.choose(settings)

    def _show(self, *parts: QWidget) -> None:
        while (item := self._layout.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for part in parts:
            self._layout.addWidget(part)
        self._layout.addStretch(1)


def _open_in_browser(address: str) -> None:
    QDesktopServices.openUrl(QUrl(address))
