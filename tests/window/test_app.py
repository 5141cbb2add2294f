"""The whole program: its window with every slice, its one instance, its picture, its clean end."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QMessageBox, QTextBrowser, QTextEdit

from rackside.app import Desktop
from rackside.kit.rich import SafeBrowser
from rackside.kit.single import SingleInstance
from tests.kernel.canary import Canary

Until = Callable[[Callable[[], object]], None]
LINKS = (
    *(
        "welcome:",
        "settings:",
        "outbox:",
        "keys:",
        "alerts:",
        "alert:x",
        "reading:cpu.used",
        "delivery:",
        "search:disk",
        "answers:x",
    ),
    *("ask:", "ask:alert:x", "propose:", "profile:edit", "thread:x", "idea:x", "member:x", "sponsor:", "edit:x"),
)


@pytest.fixture
def desktop(qt_app: QApplication, tmp_path: Path) -> Iterator[Desktop]:
    made = Desktop(tmp_path, qt_app, live=False)
    made.window.show()
    made.window.sidebar.build_late()
    qt_app.processEvents()
    yield made
    made.close()


def assert_safe(desktop: Desktop) -> None:
    for label in desktop.window.findChildren(QLabel):
        assert label.textFormat() == Qt.TextFormat.PlainText, label.text()
    for box in desktop.window.findChildren(QMessageBox):
        assert box.textFormat() == Qt.TextFormat.PlainText
    for browser in desktop.window.findChildren(QTextBrowser):
        assert isinstance(browser, SafeBrowser)
    for edit in desktop.window.findChildren(QTextEdit):
        assert isinstance(edit, SafeBrowser)
    for each in desktop.window.findChildren(QAbstractButton):
        assert each.text() or each.accessibleName() or each.isHidden(), each


class TestWholeWindow:
    def test_every_tab_is_drawn_before_there_is_anything(self, desktop: Desktop, qt_app: QApplication) -> None:
        for index in range(desktop.window.sidebar.tabs.count()):
            desktop.window.sidebar.tabs.choose(index)
            qt_app.processEvents()
            assert_safe(desktop)

    @pytest.mark.parametrize("link", LINKS)
    def test_every_link_is_drawn_before_there_is_anything(
        self, desktop: Desktop, qt_app: QApplication, link: str
    ) -> None:
        desktop.window.open_link(link)
        qt_app.processEvents()
        assert desktop.window.pane.link() == link
        assert_safe(desktop)

    @pytest.mark.parametrize("scheme", ["thread", "search", "reading", "alert", "idea", "member", "hologram"])
    def test_a_hostile_link_opens_nothing(
        self, desktop: Desktop, qt_app: QApplication, scheme: str, canary: Canary
    ) -> None:
        desktop.window.open_link(f'{scheme}:<img src="{canary.path}">' + "x" * 5_000)
        qt_app.processEvents()
        desktop.window.grab()
        assert_safe(desktop)
        assert not canary.sang()

    def test_nothing_is_asked_of_the_network_before_the_person_agrees(self, desktop: Desktop) -> None:
        assert desktop._allowed() is None
        assert desktop._connect() is None


class TestPlace:
    def test_the_edge_chosen_in_the_settings_and_in_the_menu_is_one(self, desktop: Desktop) -> None:
        desktop.window.put(docked=False, edge="left")
        assert (desktop.settings.docked, desktop.settings.edge) == (False, "left")
        desktop.settings.edge = "right"
        desktop.context.choose(desktop.settings)
        assert desktop.window._placed.edge == "right"


class TestOneInstance:
    def test_a_second_start_raises_the_first(self, until: Until, tmp_path: Path) -> None:
        raised: list[bool] = []
        first, second = SingleInstance(tmp_path), SingleInstance(tmp_path)
        assert first.take()
        first.listen(lambda: raised.append(True))
        assert not second.take()
        until(lambda: raised)
        first.release()
        assert second.take()
        second.release()

    def test_the_lock_of_one_that_was_killed_is_taken_over(self, qt_app: QApplication, tmp_path: Path) -> None:
        del qt_app
        program = (
            "import os, signal, sys; from pathlib import Path; from rackside.kit.single import SingleInstance\n"
            "one = SingleInstance(Path(sys.argv[1])); assert one.take(); os.kill(os.getpid(), signal.SIGKILL)"
        )
        subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=False)
        assert (tmp_path / "desktop.lock").exists()
        instance = SingleInstance(tmp_path)
        assert instance.take()
        instance.release()


def started(program: str, home: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"RACKSIDE_HOME": str(home), "QT_QPA_PLATFORM": "offscreen"}
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


class TestProcess:
    def test_it_opens_and_ends_without_a_word(self, tmp_path: Path) -> None:
        program = (
            "from PySide6.QtCore import QTimer; from rackside import app, window; import sys\n"
            "shown = window.Window.showEvent\n"
            "def show(self, event):\n    shown(self, event); QTimer.singleShot(1500, self, self.leave)\n"
            "window.Window.showEvent = show; sys.exit(app.run([]))"
        )
        done = started(program, tmp_path)
        assert (done.returncode, done.stderr) == (0, "")

    def test_a_picture_is_drawn(self, tmp_path: Path) -> None:
        target = tmp_path / "sidebar.png"
        program = (
            "from pathlib import Path; from rackside import app\n"
            f"app.screenshot(Path({str(target)!r}), view='settings', theme='light', settle_s=0.5)"
        )
        done = started(program, tmp_path)
        assert (done.returncode, done.stderr) == (0, "")
        picture = QImage(str(target))
        assert picture.width() > 900
        assert picture.height() == 1_140

    @pytest.mark.parametrize(
        "module",
        ["requests", "sqlite_utils", "markdown_it", "pygments", "keyring", "psutil", "nh3", "PySide6.QtNetwork"],
    )
    def test_the_first_paint_does_without(self, tmp_path: Path, module: str) -> None:
        program = (
            "from PySide6.QtWidgets import QApplication; from rackside import app, paths; import os, sys\n"
            "application = QApplication(['rackside']); desktop = app.Desktop(paths.home(), application)\n"
            f"desktop.window.first_painted.connect(lambda: os._exit({module!r} in sys.modules))\n"
            "desktop.window.first_painted.disconnect(desktop._start)\n"
            "desktop.window.show(); application.exec()"
        )
        assert started(program, tmp_path).returncode == 0
