"""Numbers and arithmetic of sponsoring: what a creative may be, when a receipt counts, how long a key lasts. Pure."""

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

from rackside_protocol.sponsors import MAX_SERVINGS_A_DAY

TITLE_CHARACTERS = 60
BODY_CHARACTERS = 200
TERMS = 40
TERM_CHARACTERS = 40
RECEIPT_LATE_H = 72
CLOCK_SKEW_H = 1
"""How much earlier than here a console's clock may begin a day."""
HOUR_MS = 60 * 60 * 1_000
REPUBLISH_SERVED_EVERY_MS = HOUR_MS
SECRET_BYTES = 32


def wrong_campaign(
    *, title: str, body: str, link: str, terms: list[str], starts_at: datetime | None, ends_at: datetime | None
) -> str:
    """Say what is wrong with a campaign; empty when nothing is."""
    return wrong_creative(title, body, link) or wrong_terms(terms) or wrong_period(starts_at, ends_at)


def wrong_creative(title: str, body: str, link: str) -> str:
    """Say what is wrong with a creative: text of a length, and one https link; empty when nothing is."""
    for name, text, longest in (("title", title, TITLE_CHARACTERS), ("body", body, BODY_CHARACTERS)):
        if not text.strip() or len(text) > longest:
            return f"The {name} has 1 to {longest} characters; this one has {len(text)}."
        if any(ord(character) < ord(" ") for character in text):
            return f"The {name} is one line of plain text."
    return "" if _is_https(link) else "The link starts with https://, names a host, and carries no user or password."


def wrong_terms(terms: list[str]) -> str:
    """Say what is wrong with targeting terms: lower-case words that a machine can have; empty when nothing is."""
    if len(terms) > TERMS:
        return f"At most {TERMS} terms; these are {len(terms)}."
    for term in terms:
        if not term or len(term) > TERM_CHARACTERS or term != term.strip().lower():
            return f"A term is lower-case text of at most {TERM_CHARACTERS} characters, unlike {term!r}."
    return ""


def wrong_period(starts_at: datetime | None, ends_at: datetime | None) -> str:
    """Say what is wrong with a campaign's moments; empty when nothing is."""
    return "A campaign ends after it starts." if starts_at and ends_at and ends_at <= starts_at else ""


def moment_ms(moment: datetime | None) -> int:
    """Return a moment as the wire has it; 0 for none."""
    return int(moment.timestamp() * 1_000) if moment is not None else 0


def wrong_serial(serial: int) -> str:
    """Say what is wrong with a serving's number of its day; empty when nothing is."""
    if 1 <= serial <= MAX_SERVINGS_A_DAY:
        return ""
    return f"A console shows at most {MAX_SERVINGS_A_DAY} panels a day, numbered from 1."


def moment(now_ms: int) -> datetime:
    """Return a moment of the wire as a time."""
    return datetime.fromtimestamp(now_ms / 1_000, UTC)


def day_of(now_ms: int) -> date:
    """Return the UTC day of a moment."""
    return moment(now_ms).date()


def wrong_day(day: str, now_ms: int) -> str:
    """Say why a receipt of this UTC day is not taken now; empty when it is."""
    try:
        ends = datetime.combine(date.fromisoformat(day) + timedelta(days=1), datetime.min.time(), UTC)
    except (ValueError, OverflowError):
        return "The receipt's day is not a date."
    now = moment(now_ms)
    if now > ends + timedelta(hours=RECEIPT_LATE_H):
        return f"Receipts are taken up to {RECEIPT_LATE_H} hours after their day."
    if now < ends - timedelta(days=1, hours=CLOCK_SKEW_H):
        return "The receipt's day has not come yet. Check this machine's clock."
    return ""


def oldest_day(today: date) -> date:
    """Return the oldest day of which a receipt may still come."""
    return today - timedelta(hours=RECEIPT_LATE_H, days=1)


def key_period(day: date) -> tuple[date, date]:
    """Return the first and last day of the serving key that is valid on this day: its calendar month."""
    return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])


def _is_https(link: str) -> bool:
    try:
        parts = urlsplit(link)
        return parts.scheme == "https" and bool(parts.hostname) and parts.username is None and link.isprintable()
    except ValueError:
        return False
