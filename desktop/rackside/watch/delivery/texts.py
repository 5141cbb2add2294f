"""The sentences of messages: subjects and bodies, and JSON for programs. Pure; what others wrote is tamed here."""

import json
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from email.header import Header
from typing import Final, NamedTuple

import msgspec

from rackside import words
from rackside.settings import BodyFormat
from rackside.watch.delivery.model import News, Transition
from rackside.watch.model import Alert

VERSION: Final = 1
MOST_SUBJECT: Final = 180
"""Characters. A line of a mail has at most 998 bytes (RFC 5322, §2.1.1), and phones show some sixty."""
MOST_LINE: Final = 400
MOST_LISTED: Final = 50
"""Alerts that a message lists one by one; the others are counted."""
NAMED: Final = 3
"""Alerts that a subject or a notification names."""
NTFY_BYTES: Final = 4_000
"""A longer message becomes an attachment at ntfy (docs.ntfy.sh, limitations: 4,096 bytes)."""
PRIORITIES: Final = {"critical": "5", "warning": "4", "info": "3"}
BEGAN: Final[dict[Transition, str]] = {"raised": "", "worse": "worse: ", "eased": "better: ", "cleared": "cleared: "}


class Note(NamedTuple):
    """What is shown of a message: its title, its text, and the link that it opens; an urgent one stays until seen."""

    title: str
    text: str
    link: str
    urgent: bool = False


class Post(NamedTuple):
    """What is posted to a web address."""

    body: bytes
    headers: dict[str, str]


class AlertBody(msgspec.Struct, frozen=True, kw_only=True):
    """An alert as programs read it. These names stay. Times are ISO 8601 in UTC, the empty string for what is not yet.

    `duration_s` is how long it lasted, or has lasted until the message was made.
    """

    id: str
    transition: Transition
    kind: str
    component: str
    severity: str
    summary: str
    signature: str
    value: float
    raised_at: str
    cleared_at: str
    duration_s: float
    flaps: int
    missed: int
    machine: str
    link: str


class Body(msgspec.Struct, frozen=True, kw_only=True):
    """A message as programs read it; `alerts` holds at most 50 of `count`. These names stay."""

    version: int
    machine: str
    sent_at: str
    test: bool
    count: int
    text: str
    alerts: list[AlertBody]


def tame(text: str, most: int = MOST_LINE) -> str:
    """Return text from elsewhere as one line: no breaks, no controls, nothing that turns or hides what is shown."""
    shown = "".join(
        letter for letter in text[: 4 * most] if unicodedata.category(letter)[0] != "C" or letter in "\t\r\n"
    )
    line = " ".join(shown.split())
    return line if len(line) <= most else line[: most - 1] + "…"


def subject(batch: Sequence[News], machine: str) -> str:
    """Return the subject of a message: of one alert its sentence, of many their number and the first of them."""
    if len(batch) == 1:
        [news] = batch
        told = f"{_word(news)}: {tame(news.alert.summary)}"
    else:
        told = f"{_counted(batch)}: {_names(batch)}"
    return tame(f"[{tame(machine, 60)}] {told}", MOST_SUBJECT)


def text(batch: Sequence[News], machine: str, now_s: float) -> str:
    """Return the text of a message: a paragraph for each alert, what is wrong first."""
    parts = []
    if any(news.wait == "quiet" for news in batch):
        parts.append("This was held during the quiet hours; what cleared meanwhile is left out.")
    parts += ["\n".join(_lines(news, now_s)) for news in batch[:MOST_LISTED]]
    if len(batch) > MOST_LISTED:
        parts.append(f"And {len(batch) - MOST_LISTED} more. All of them are on the page of alerts in Rackside.")
    parts.append(f"Rackside on {tame(machine, 60)}")
    return "\n\n".join(parts) + "\n"


def note(batch: Sequence[News]) -> Note:
    """Return a desktop notification: of one alert its sentence, of many their number and the first names."""
    urgent = any(news.begins and news.alert.severity == "critical" for news in batch)
    if len(batch) == 1:
        [news] = batch
        return Note(_word(news), f"{tame(news.alert.summary)}{_missed(news)}", _link(news.alert), urgent)
    return Note(_counted(batch), _names(batch), "alerts:", urgent)


def post(batch: Sequence[News], machine: str, now_s: float, shape: BodyFormat) -> Post:
    """Return what is posted to a web address in a shape that its program understands."""
    return SHAPES[shape](batch, machine, now_s)


def trial(now_s: float) -> Alert:
    """Return an alert for a message by which somebody tries whether a way works."""
    return Alert(
        id="test",
        kind="test",
        component="",
        severity="info",
        summary="This is a test: nothing is wrong. Alerts of this machine will come the same way.",
        signature="test//",
        reading="",
        value=0.0,
        raised_at_s=now_s,
    )


def _json(batch: Sequence[News], machine: str, now_s: float) -> Post:
    body = Body(
        version=VERSION,
        machine=tame(machine, 60),
        sent_at=_moment(now_s),
        test=all(news.alert.kind == "test" for news in batch),
        count=len(batch),
        text=subject(batch, machine),
        alerts=[_alert(news, machine, now_s) for news in batch[:MOST_LISTED]],
    )
    return _posted(msgspec.to_builtins(body))


def _slack(batch: Sequence[News], machine: str, now_s: float) -> Post:
    told = f"{subject(batch, machine)}\n\n{text(batch, machine, now_s)}"
    for sign, written in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):  # `<!channel>` would call everybody
        told = told.replace(sign, written)
    return _posted({"text": told})


def _teams(batch: Sequence[News], machine: str, now_s: float) -> Post:
    def block(run: str, **how: object) -> dict[str, object]:
        # Of the blocks of a card, this one alone reads no Markdown in what it shows.
        return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": run, **how}]}

    blocks = [block(subject(batch, machine), weight="bolder")]
    blocks += [block(part) for part in text(batch, machine, now_s).strip().split("\n\n")]
    card = {"type": "AdaptiveCard", "version": "1.4", "body": blocks}
    return _posted(
        {
            "type": "message",
            "attachments": [{"contentType": "application/vnd.microsoft.card.adaptive", "content": card}],
        }
    )


def _ntfy(batch: Sequence[News], machine: str, now_s: float) -> Post:
    title = Header(subject(batch, machine), "utf-8", maxlinelen=10_000).encode()
    worst = next(iter(batch)).alert.severity if any(news.begins for news in batch) else "info"
    body = text(batch, machine, now_s).encode()[:NTFY_BYTES].decode("utf-8", "ignore").encode()
    headers = {"Content-Type": "text/plain; charset=utf-8", "Title": title, "Priority": PRIORITIES[worst]}
    return Post(body, headers)


SHAPES: Final[Mapping[BodyFormat, Callable[[Sequence[News], str, float], Post]]] = {
    "json": _json,
    "slack": _slack,
    "teams": _teams,
    "ntfy": _ntfy,
}


def _posted(body: object) -> Post:
    return Post(json.dumps(body, ensure_ascii=False).encode(), {"Content-Type": "application/json"})


def _alert(news: News, machine: str, now_s: float) -> AlertBody:
    alert = news.alert
    return AlertBody(
        id=alert.id,
        transition=news.transition,
        kind=tame(alert.kind),
        component=tame(alert.component),
        severity=alert.severity,
        summary=tame(alert.summary),
        signature=tame(alert.signature),
        value=alert.value,
        raised_at=_moment(alert.raised_at_s),
        cleared_at=_moment(alert.cleared_at_s),
        duration_s=_duration_s(alert, now_s),
        flaps=alert.flaps,
        missed=news.missed,
        machine=tame(machine, 60),
        link=_link(alert),
    )


def _lines(news: News, now_s: float) -> list[str]:
    alert = news.alert
    lines = [f"{_word(news)}: {tame(alert.summary)}{_missed(news)}"]
    if news.alert.kind == "test":
        return lines
    lasted = words.span(_duration_s(alert, now_s))
    if news.transition == "cleared":
        lines.append(
            f"From {words.clock(alert.raised_at_s, now_s)} to {words.clock(alert.cleared_at_s, now_s)}: {lasted}."
        )
    else:
        since = "" if now_s - alert.raised_at_s < words.MINUTE_S else f", {lasted} ago"
        lines.append(f"Since {words.clock(alert.raised_at_s, now_s)}{since}.")
    lines.append(f"Signature: {tame(alert.signature)}")
    return lines


def _word(news: News) -> str:
    if news.alert.kind == "test":
        return "Test"
    match news.transition:
        case "raised":
            return {"info": "Information", "warning": "Warning", "critical": "Critical"}[news.alert.severity]
        case "worse":
            return f"Worse, now {news.alert.severity}"
        case "eased":
            return f"Better, now {news.alert.severity}"
        case "cleared":
            return "Cleared"


def _missed(news: News) -> str:
    if not news.missed:
        return ""
    return f" (it came and went {news.missed} time{'s' if news.missed != 1 else ''} since the last message)"


def _counted(batch: Sequence[News]) -> str:
    begun = [news for news in batch if news.begins]
    critical = sum(news.alert.severity == "critical" for news in begun)
    parts = []
    if begun:
        parts.append(
            f"{len(begun)} alert{'s' if len(begun) != 1 else ''}" + (f", {critical} critical" if critical else "")
        )
    if len(begun) < len(batch):
        parts.append(f"{len(batch) - len(begun)} better or cleared")
    return "; ".join(parts)


def _names(batch: Sequence[News]) -> str:
    named = "; ".join(f"{BEGAN[news.transition]}{tame(news.alert.summary, 60)}" for news in batch[:NAMED])
    return named + (f"; and {len(batch) - NAMED} more" if len(batch) > NAMED else "")


def _link(alert: Alert) -> str:
    return "delivery:" if alert.kind == "test" else f"alert:{alert.id}"


def _duration_s(alert: Alert, now_s: float) -> float:
    return max(0.0, (alert.cleared_at_s or now_s) - alert.raised_at_s)


def _moment(at_s: float) -> str:
    return datetime.fromtimestamp(at_s, UTC).isoformat(timespec="seconds") if at_s else ""
