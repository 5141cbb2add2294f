"""The server's clock, in milliseconds since 1970-01-01T00:00Z, and how a test or an import sets it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_set_to: ContextVar[int | None] = ContextVar("_set_to", default=None)


def now_ms() -> int:
    """Return the present moment, or the one that `at` has set."""
    moment_ms = _set_to.get()
    return time.time_ns() // 1_000_000 if moment_ms is None else moment_ms


@contextmanager
def at(moment_ms: int) -> Iterator[None]:
    """Let what runs within happen at a moment: for tests, imports and the demo."""
    token = _set_to.set(moment_ms)
    try:
        yield
    finally:
        _set_to.reset(token)


def iso(at_ms: int) -> str:
    """Return a time of the wire as ISO 8601."""
    return datetime.fromtimestamp(at_ms / 1000, UTC).isoformat()
