"""The page of the logs: groups of errors with how often they come, filtered; and why a log cannot be read."""

import time

import msgspec
from PySide6.QtWidgets import QLineEdit

from rackside.kit.stream import Stream
from rackside.machine.panel_logs import LogsPage
from rackside.watch.model import GroupSeen, Snapshot, SourceStatus
from tests.threads.desk import Desk, Until, desk, texts

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
