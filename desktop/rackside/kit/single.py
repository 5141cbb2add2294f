"""One instance for each person: a second start raises the first and ends."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Final

from PySide6.QtCore import QLockFile, QObject
from PySide6.QtNetwork import QLocalServer, QLocalSocket

_RAISE: Final = b"raise\n"
_CONNECT_MS: Final = 500


class SingleInstance(QObject):
    """Holds a lock file in a folder, and listens on a local socket of the same person for those that come later.

    The lock of a process that was killed is stale and taken over; its socket file is removed while we hold the lock.
    """

    def __init__(self, folder: Path, raised: Callable[[], object], parent: QObject | None = None) -> None:
        super().__init__(parent)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._name = "rackside-" + sha256(str(folder.resolve()).encode()).hexdigest()[:16]
        self._lock = QLockFile(str(folder / "desktop.lock"))
        self._lock.setStaleLockTime(0)
        self._raised = raised
        self._server = QLocalServer(self)

    def take(self) -> bool:
        """Become the one instance; False when there is one, which then was asked to raise itself."""
        if not self._lock.tryLock(0):
            self._ask_other()
            return False
        QLocalServer.removeServer(self._name)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._come)
        self._server.listen(self._name)
        return True

    def release(self) -> None:
        """Let the next one be."""
        self._server.close()
        self._lock.unlock()

    def _ask_other(self) -> None:
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if socket.waitForConnected(_CONNECT_MS):
            socket.write(_RAISE)
            socket.waitForBytesWritten(_CONNECT_MS)
            socket.disconnectFromServer()

    def _come(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.disconnected.connect(socket.deleteLater)
            self._raised()
