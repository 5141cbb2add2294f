"""The rows of a Stack Exchange data dump: one XML element a line, read one at a time, and made into what we keep.

The schema is that of the public dump: https://meta.stackexchange.com/questions/2677. A line is parsed by itself, so no
entity can be declared in it and a broken one harms no other.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

from html_to_markdown import convert

from rackside_protocol.ids import derived_id

QUESTION: Final = "1"
ANSWER: Final = "2"
UP_VOTE: Final = "2"
DUPLICATE: Final = "3"
MOST_TAGS: Final = 5
TAG_CHARACTERS: Final = 32
TITLE_CHARACTERS: Final = 160
BODY_CHARACTERS: Final = 15_800
"""Somewhat less than the wire takes, so that a note about what was cut has room."""
LICENCES: Final = (("2018-05-02", "CC BY-SA 4.0"), ("2011-04-08", "CC BY-SA 3.0"), ("", "CC BY-SA 2.5"))
"""Since when each licence holds (https://stackoverflow.com/help/licensing), newest first."""
LONGEST_LINE_BYTES: Final = 4 * 1024 * 1024
_TAG: Final = re.compile(r"[<|]([^<>|]+)")
_ROW: Final = b"<row"


@dataclass(frozen=True)
class Line:
    """A row of a file: its attributes, or what is wrong with it. `end` is the offset behind it."""

    number: int
    end: int
    row: dict[str, str] | None
    fault: str = ""


def read(path: Path, offset: int = 0, number: int = 0, *, holding: bytes = b"") -> Iterator[Line]:
    """Read a file's rows from an offset on, those that hold these bytes; memory does not grow with the file."""
    with path.open("rb") as file:
        file.seek(offset)
        while content := file.readline(LONGEST_LINE_BYTES):
            number, offset = number + 1, offset + len(content)
            stripped = content.strip()
            if not stripped.startswith(_ROW) or holding not in stripped:
                continue
            try:
                element = ET.fromstring(stripped)  # noqa: S314 - one element a line: nothing can be declared in it
            except ET.ParseError as error:
                yield Line(number, offset, None, f"it is no XML: {error}")
            else:
                yield Line(number, offset, dict(element.attrib))


class Site:
    """One site of the network: makes ids, addresses and texts of what it holds."""

    def __init__(self, host: str) -> None:
        """`host` such as `unix.stackexchange.com`."""
        self.host = host

    def id(self, kind: str, number: str) -> str:
        """Return the id that a row always has here, so that importing it twice makes one object."""
        return derived_id("stackexchange", self.host, kind, str(int(number)))

    def question_url(self, number: str) -> str:
        """Return the address of a question."""
        return f"https://{self.host}/questions/{int(number)}"

    def answer_url(self, number: str) -> str:
        """Return the address of an answer."""
        return f"https://{self.host}/a/{int(number)}"


def moment_ms(text: str) -> int:
    """Return a time of the dump, which is UTC without saying so."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


def markdown(html: str, url: str) -> str:
    """Return an HTML body as Markdown; one that is longer than a text may be is cut, with a link to the whole."""
    text = convert(html).content or ""
    text = text.replace("\0", "").strip()
    if len(text) <= BODY_CHARACTERS:
        return text or "(no text)"
    return f"{text[:BODY_CHARACTERS]}\n\n… [The whole text]({url})"


def title(text: str) -> str:
    """Return a title as long as the wire takes it."""
    clean = " ".join(text.replace("\0", "").split())
    return clean if len(clean) <= TITLE_CHARACTERS else clean[: TITLE_CHARACTERS - 1] + "…"


def tags(text: str) -> list[str]:
    """Return the tags of `<one><two>` or `|one|two|`, as the wire takes them."""
    found = (each.lower().lstrip(".+#-")[:TAG_CHARACTERS] for each in _TAG.findall(text))
    return [each for each in found if re.fullmatch(r"[a-z0-9][a-z0-9.+#-]*", each)][:MOST_TAGS]


def licence(row: dict[str, str]) -> str:
    """Return the licence that a row names, or the one that held when it was written."""
    return row.get("ContentLicense") or next(name for since, name in LICENCES if row["CreationDate"] >= since)


def handle(name: str, number: str) -> str:
    """Return a handle that no two rows share."""
    words = re.findall(r"[a-z0-9]+", name.lower().encode("ascii", "ignore").decode())
    return f"{'-'.join(words)[:24].strip('-') or 'user'}-{int(number)}"
