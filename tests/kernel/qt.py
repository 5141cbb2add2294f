"""Qt for tests: one application, offscreen, whose warnings fail the test; and waiting for what was asked of it."""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import pytest

from tests.kernel.canary import Canary

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

PATIENCE_S = 20
OFFSCREEN_SAYS = "This plugin does not support"


@pytest.fixture(scope="session")
def _one_application() -> Iterator["QApplication"]:
    from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler  # noqa: PLC0415 - not for all tests
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415 - as above

    def to_the_log(kind: QtMsgType, _where: QMessageLogContext, message: str) -> None:
        if kind not in {QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg} and not message.startswith(OFFSCREEN_SAYS):
            logging.getLogger("qt").warning(message)

    qInstallMessageHandler(to_the_log)
    app = QApplication.instance() or QApplication(["rackside"])
    assert isinstance(app, QApplication)
    yield app
    qInstallMessageHandler(None)


@pytest.fixture
def qt_app(_one_application: "QApplication") -> Iterator["QApplication"]:
    """The application in the dark theme; at the end no background work is left and every window is deleted."""
    from PySide6.QtCore import QCoreApplication, QEvent  # noqa: PLC0415 - not for all tests

    from rackside.kit import background, theme  # noqa: PLC0415 - as above

    theme.apply("dark")
    theme.load_remaining_fonts()
    yield _one_application
    background.wait()
    for window in _one_application.topLevelWidgets():
        window.close()
        window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    _one_application.processEvents()


@pytest.fixture
def until(qt_app: "QApplication") -> Callable[[Callable[[], object]], None]:
    """Let Qt work until something is true."""

    def wait(true: Callable[[], object]) -> None:
        end = monotonic() + PATIENCE_S
        while not true():
            assert monotonic() < end, "it did not become true"
            qt_app.processEvents()

    return wait


@pytest.fixture
def canary(tmp_path: Path) -> Iterator[Canary]:
    """A file that sings when anything in this process opens it."""
    bird = Canary(tmp_path / "canary.png")
    yield bird
    bird.close()
