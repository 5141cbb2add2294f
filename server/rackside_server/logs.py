"""The log: one JSON object a line on stderr, with secrets struck out."""

import logging
import re
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from rackside_server.present import now_answered

STRUCK: Final = "[struck out]"
_NAMED: Final = re.compile(
    r"(?i)(\bbearer\s+"
    r"|(?:\bcode|[\w-]*(?:token|passw(?:or)?d|secret(?:_key)?|verifier|session_?id|cookie|authorization))"
    r"[\"']?\s*[=:]\s*(?:bearer\s+)?[\"']?)"
    r"[\w.~+/=%-]+"
)
"""What follows a name that secrets have."""
_DEVICE_TOKEN: Final = re.compile(r"\brackside_[\w-]{20,}")
_IN_URL: Final = re.compile(r"(\w+://[^\s:/@]*:)[^\s@]+(?=@)")


def without_secrets(text: str) -> str:
    """Return a text with what follows "Bearer", "token=", "password:" and their kin struck out.

    Also struck out are device tokens and passwords in URLs wherever they stand, and the secrets that the request which
    is being answered brought.
    """
    present = now_answered()
    if present is not None:
        for secret in present.secrets:
            text = text.replace(secret, STRUCK)
    text = _IN_URL.sub(rf"\1{STRUCK}", text)
    text = _DEVICE_TOKEN.sub(STRUCK, text)
    return _NAMED.sub(rf"\1{STRUCK}", text)


class JsonFormatter(logging.Formatter):
    """Writes a record as one line of JSON; `extra={"facts": {...}}` adds fields of its own to it."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        present = now_answered()
        entry: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": without_secrets(record.getMessage()),
        }
        if present is not None:
            entry["request"] = present.request_id
        for name, fact in getattr(record, "facts", {}).items():
            entry[name] = without_secrets(fact) if isinstance(fact, str) else fact
        if record.exc_info:
            entry["traceback"] = without_secrets(self.formatException(record.exc_info))
        return msgspec.json.encode(entry).decode()
