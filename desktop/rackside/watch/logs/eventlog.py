"""The event log of Windows, through wevtutil, which every Windows has.

Written by its documentation and never run on Windows: only the reading of what it prints is tested.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from typing import Final
from xml.etree import ElementTree as ET

from rackside.watch import programs
from rackside.watch.logs.limits import LINE_BYTES
from rackside.watch.logs.line import CRITICAL, ERROR, Batch, Line
from rackside.watch.proc import printable

CHANNELS: Final = ("System", "Application")
MOST_EVENTS: Final = 500
"""Of one look: at some 3 kB each as XML, 1.5 MB."""
TIMEOUT_S: Final = 20.0
MOST_BYTES: Final = 16 * 2**20
LEVELS: Final = {"1": CRITICAL, "2": ERROR}
"""Windows' own levels: 1 is critical and 2 an error."""
_NAMESPACE: Final = "{http://schemas.microsoft.com/win/2004/08/events/event}"
_EVENT: Final = re.compile(r"<Event[ >].*?</Event>", re.DOTALL)


class EventLog:
    """One channel of the event log."""

    def __init__(self, channel: str) -> None:
        self._channel = channel
        self.name = f"event log {channel}"

    def read(self, position: bytes, at_s: float) -> Batch:
        """Return the events of error level since a position, which is the number of the last record; see `Source`."""
        del at_s
        try:
            if not position.isdigit():
                numbers = [number for number, _ in events(self._ask("*", "/c:1", "/rd:true"))]
                return Batch(position=str(max(numbers, default=0)).encode())
            last = int(position)
            query = f"*[System[(Level=1 or Level=2) and (EventRecordID > {last})]]"
            found = list(events(self._ask(query, f"/c:{MOST_EVENTS}", "/rd:false")))
        except OSError as error:
            return Batch(position=position, problem=f"The {self.name} cannot be read: {printable(str(error))}")
        return Batch(
            lines=[line for _, line in found],
            position=str(max([last, *(number for number, _ in found)])).encode(),
            more=len(found) >= MOST_EVENTS,
        )

    def _ask(self, query: str, *options: str) -> str:
        command = ["wevtutil", "qe", self._channel, f"/q:{query}", "/f:RenderedXml", "/uni:true", *options]
        said = programs.ask(command, within_s=TIMEOUT_S, most_bytes=MOST_BYTES)
        if said is None or said.code:
            raise OSError("wevtutil does not tell it")
        return said.output.decode("utf-16" if said.output[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8", "replace")


def events(said: str) -> Iterator[tuple[int, Line]]:
    """Yield the record number of each event and what it says. What declares entities is none of wevtutil's."""
    for found in _EVENT.finditer(said):
        if "<!" in found[0]:
            continue
        with suppress(ET.ParseError, ValueError, AttributeError, KeyError):
            yield _event(ET.fromstring(found[0]))  # noqa: S314 - without a declaration there are no entities


def _event(event: ET.Element) -> tuple[int, Line]:
    def text(path: str) -> str:
        found = event.find(path.replace("{}", _NAMESPACE))
        return (found.text or "") if found is not None else ""

    provider = event.find(f"{_NAMESPACE}System/{_NAMESPACE}Provider")
    created = event.find(f"{_NAMESPACE}System/{_NAMESPACE}TimeCreated")
    if provider is None or created is None:
        raise ValueError("an event has a provider and a time")
    # Windows gives seven digits of a second, Python takes six.
    stamp = re.sub(r"(\.\d{6})\d+", r"\1", created.attrib["SystemTime"])
    message = text("{}RenderingInfo/{}Message") or " ".join(
        each.text or "" for each in event.iterfind(f"{_NAMESPACE}EventData/{_NAMESPACE}Data")
    )
    line = Line(
        at_s=datetime.fromisoformat(stamp).timestamp(),
        unit=printable(provider.attrib["Name"]),
        level=LEVELS.get(text("{}System/{}Level"), 6),
        text=printable(" ".join(message.split()))[:LINE_BYTES],
    )
    return int(text("{}System/{}EventRecordID")), line
