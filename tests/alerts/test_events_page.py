"""The event log: newest first, filtered, each for how long; and what changed before an alert."""

import time

from PySide6.QtWidgets import QComboBox, QLineEdit

from rackside.alerts.data import load_alert
from rackside.alerts.panel_events import EventsPage
from rackside.kit.stream import Stream
from rackside.store import events, local
from rackside.store.events import Event, EventKind
from rackside.watch.model import Alert
from tests.threads.desk import Desk, Until, desk, texts

__all__ = ["desk"]
AT_S = 1_800_000_000.0


def told(kind: EventKind, sentence: str, *, ago_s: float, lasted_s: float | None = 0.0, subject: str = "") -> Event:
    at_s = time.time() - ago_s
    until_s = 0.0 if lasted_s is None else at_s + lasted_s
    return Event(at_s=at_s, until_s=until_s, kind=kind, subject=subject, sentence=sentence, link=f"check:{subject}")


def titles(page: EventsPage) -> list[tuple[str, str, str]]:
    stream = page.findChild(Stream)
    assert isinstance(stream, Stream)
    rows = [stream._row(place) for place in range(stream.count())]
    return [(row.title, row.figure, row.caption) for row in rows]


def test_it_is_empty_and_then_tells_what_happened_and_for_how_long(desk: Desk, until: Until) -> None:
    page = EventsPage(desk.context)
    page.show()
    assert any("Nothing has happened yet" in text for text in texts(page))
    found = [
        told("software", "openssl 3.0.15 → 3.0.16", ago_s=500, subject="openssl"),
        told("state", "no answer", ago_s=400, lasted_s=240, subject="100 % shop"),
        told("state", "no answer", ago_s=180, lasted_s=None, subject="door"),
    ]
    events.add(desk.store, found)
    page.refresh(page.TOPICS)
    assert titles(page) == [
        ("door: no answer", "3", "min"),
        ("100 % shop: no answer", "4", "min"),
        ("openssl 3.0.15 → 3.0.16", "·", ""),
    ]
    words = page.findChild(QLineEdit)
    assert isinstance(words, QLineEdit)
    words.setText("100 %")
    until(lambda: len(titles(page)) == 1)
    words.setText("100_%")
    until(lambda: any("Nothing like that" in text for text in texts(page)))
    words.setText("")
    kinds = page.findChild(QComboBox)
    assert isinstance(kinds, QComboBox)
    kinds.setCurrentIndex(kinds.findText("Changes"))
    assert [title for title, _, _ in titles(page)] == ["openssl 3.0.15 → 3.0.16"]


def test_ten_thousand_events_are_read_a_page_at_a_time(desk: Desk) -> None:
    events.add(desk.store, [told("state", f"number {number}", ago_s=float(number)) for number in range(10_000)])
    page = EventsPage(desk.context)
    page.show()
    stream = page.findChild(Stream)
    assert isinstance(stream, Stream)
    assert stream.count() == 10_000
    assert stream._row(9_999).title == "number 9999"


def test_an_alert_tells_what_changed_in_the_day_before(desk: Desk) -> None:
    changed = [
        Event(at_s=AT_S - after_s, until_s=AT_S - after_s, kind=kind, subject="nginx", sentence=f"nginx {after_s:.0f}")
        for kind, after_s in (("software", 60.0), ("service", 86_000.0), ("software", 90_000.0), ("state", 30.0))
    ]
    events.add(desk.store, [*changed, Event(at_s=AT_S + 1, kind="software", subject="late", sentence="late")])
    raised = Alert(
        id="0" * 32,
        kind="check.http",
        component="shop",
        severity="critical",
        summary="shop fails",
        signature="check.http//",
        reading="http.bad shop",
        value=100.0,
        raised_at_s=AT_S,
    )
    local.put_alert(desk.store, raised)
    view = load_alert(desk.store, raised.id, AT_S)
    assert view is not None
    assert [each.what for each in view.changes] == ["nginx 60", "nginx 86000"]
