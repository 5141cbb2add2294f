"""The page of the logs: groups of errors with how often they come, filtered; and why a log cannot be read."""

import time
from pathlib import Path

import msgspec
from PySide6.QtWidgets import QLineEdit

from rackside.kit import signals
from rackside.kit.state_row import StateRow
from rackside.kit.stream import Stream
from rackside.machine.panel_logs import NOT_YET, LogsPage
from rackside.settings import Settings
from rackside.watch.model import GroupSeen, Snapshot, SourceStatus
from tests.threads.desk import Desk, Until, buttons, desk, texts

__all__ = ["desk"]


def group(unit: str, example: str, *, level: int = 3, number: int = 4, usual_per_h: float = 0.0) -> GroupSeen:
    now_s = time.time()
    return GroupSeen(
        signature=f"log.error/{unit}/x",
        unit=unit,
        error="cannot open device",
        example=example,
        level=level,
        count=number,
        first_s=now_s - 600,
        last_s=now_s - 300,
        usual_per_h=usual_per_h,
    )


def spoken(page: LogsPage) -> list[str]:
    return [each.accessibleName() for each in page.findChildren(StateRow) if each.isVisibleTo(page)]


def test_errors_are_listed_with_their_number_and_lead_to_answers(desk: Desk, until: Until) -> None:
    journal = SourceStatus(name="journal", followed=False, sentence="It cannot be read: join the group adm.")
    found = (group("smartd", "Device: /dev/sda, cannot open device"), group("nginx", "upstream", usual_per_h=2.0))
    snapshots = [Snapshot(1.0, followed=(journal,)), Snapshot(2.0, errors=found, followed=(journal,))]
    page = LogsPage(msgspec.structs.replace(desk.context, snapshot=lambda: snapshots[-1]))
    held = snapshots.pop()
    page.resize(700, 900)
    page.show()
    assert "No error was logged since these logs are followed." in texts(page)
    until(lambda: "It cannot be read: join the group adm." in texts(page))
    snapshots.append(held)
    page.refresh(page.TOPICS)
    stream = page.findChild(Stream)
    assert isinstance(stream, Stream)
    rows = [stream._row(place) for place in range(stream.count())]
    assert [(row.figure, row.meta) for row in rows] == [
        ("4", "smartd · 5 min ago · new"),
        ("4", "nginx · 5 min ago · usually 2 an hour"),
    ]
    words = page.findChild(QLineEdit)
    assert isinstance(words, QLineEdit)
    words.setText("NGINX")
    assert stream.count() == 1
    stream.go(0)
    stream.opened.emit(stream._row(0).link)
    assert desk.opened == ["search:cannot open device"]
    words.setText("nothing")
    assert "No error is like that. Clear the filter to see all." in texts(page)


def test_a_file_is_named_checked_while_it_is_typed_and_removed(desk: Desk, until: Until, tmp_path: Path) -> None:
    log, settings = tmp_path / "app.log", Settings()
    log.touch()

    def choose(chosen: Settings) -> None:
        desk.chosen.append(chosen)
        signals.changed.emit(frozenset({"settings"}))

    page = LogsPage(msgspec.structs.replace(desk.context, settings=lambda: settings, choose=choose))
    page.show()
    path = next(each for each in page.findChildren(QLineEdit) if each.accessibleName() == "Path of a log file")
    follow = buttons(page)["Follow it"]
    for bad, why in (
        ("app.log", "Give the whole path"),
        (str(tmp_path), "is no plain file"),
        (str(tmp_path / "nowhere" / "x.log"), "There is no folder"),
    ):
        path.setText(bad)
        assert not follow.isEnabled()
        assert any(why in text for text in texts(page)), bad
        path.returnPressed.emit()
    assert desk.chosen == []
    path.setText(f" {log} ")
    path.returnPressed.emit()
    assert settings.log_files == (str(log),)
    until(lambda: spoken(page) == [f"{log}: {NOT_YET}"] and f"Remove {log}" in buttons(page))
    path.setText(str(log))
    assert "It is followed already." in texts(page)
    buttons(page)[f"Remove {log}"].click()
    assert settings.log_files == ()
    until(lambda: not spoken(page))
