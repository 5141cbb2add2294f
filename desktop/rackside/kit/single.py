"""One instance for each person: a second start raises the first and ends."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QLockFile, QObject

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalServer

_RAISE: Final = b"raise\n"
_CONNECT_MS: Final = 500


class SingleInstance(QObject):
    """Holds a lock file in a folder, and listens on a local socket of the same person for those that come later.

    The lock of a process that was killed is stale and taken over; its socket file is removed while we hold the lock.
    QtNetwork is loaded only to listen, after the first paint, or to speak to the other instance.
    """

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._name = "rackside-" + sha256(str(folder.resolve()).encode()).hexdigest()[:16]
        self._lock = QLockFile(str(folder / "desktop.lock"))
        self._lock.setStaleLockTime(0)
        self._server: QLocalServer | None = None

    def take(self) -> bool:
        """Become the one instance; False when there is one, which then was asked to raise itself."""
        if self._lock.tryLock(0):
            return True
        self._ask_other()
        return False

    def listen(self, raised: Callable[[], object]) -> None:
        """Call `raised` whenever another start asks for the window."""
        from PySide6.QtNetwork import QLocalServer  # noqa: PLC0415 - see the class

        QLocalServer.removeServer(self._name)
        server = self._server = QLocalServer(self)
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)

        def come() -> None:
            while (socket := server.nextPendingConnection()) is not None:
                socket.disconnected.connect(socket.deleteLater)
                raised()

        server.newConnection.connect(come)
        server.listen(self._name)

    def release(self) -> None:
        """Let the next one be."""
        if self._server is not None:
            self._server.close()
        self._lock.unlock()

    def _ask_other(self) -> None:
        from PySide6.QtNetwork import QLocalSocket  # noqa: PLC0415 - see the class

        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if socket.waitForConnected(_CONNECT_MS):
            socket.write(_RAISE)
            socket.waitForBytesWritten(_CONNECT_MS)
            socket.disconnectFromServer()
