"""The log: one JSON object a line on stderr, with tokens struck out."""

import logging
import re
from datetime import UTC, datetime

import msgspec

_SECRET = re.compile(
    r"(?i)\b(bearer\s+|(?:access_token|code|code_verifier|password|token)[\"']?\s*[=:]\s*[\"']?)[\w.~+/=-]+"
)


def without_secrets(text: str) -> str:
    """Return a text with what follows "Bearer", "token=", "password:" and their kin struck out."""
    return _SECRET.sub(r"\1[struck out]", text)


class JsonFormatter(logging.Formatter):
    """Writes a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        entry = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": without_secrets(record.getMessage()),
        }
        if record.exc_info:
            entry["traceback"] = without_secrets(self.formatException(record.exc_info))
        return msgspec.json.encode(entry).decode()
