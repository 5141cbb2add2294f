"""Slow SQL statements: counted by their text, never with their parameters, which are what members wrote."""

import re
import time
from collections.abc import Callable
from typing import Any, Final

from django.db.backends.base.base import BaseDatabaseWrapper

from rackside_server.operating import measures

SLOW_S: Final = 0.2
STATEMENT_CHARACTERS: Final = 300
_LITERAL: Final = re.compile(r"'(?:[^']|'')*'|\b\d+(?:\.\d+)?\b|\"s\d+_x\d+\"")
"""Texts, numbers, and the names of savepoints, which are never the same."""
_MARKS: Final = re.compile(r"%s(?:\s*,\s*%s)+")
_ROWS: Final = re.compile(r"\(%s…\)(?:\s*,\s*\(%s…\))+")


def time_statements(connection: BaseDatabaseWrapper, **_: object) -> None:
    """Time the statements of a connection from now on."""
    if timed not in connection.execute_wrappers:
        connection.execute_wrappers.append(timed)


def timed(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:  # noqa: ANN401 - Django's
    """Execute a statement; count it if it was slow, whether it worked or not."""
    began_s = time.perf_counter()
    try:
        return execute(sql, params, many, context)
    finally:
        took_s = time.perf_counter() - began_s
        if took_s >= SLOW_S:
            text = shape(sql)
            measures.SLOW.labels(text).inc()
            measures.SLOW_S.labels(text).inc(took_s)


def shape(sql: str) -> str:
    """Return a statement's text on one line, without literals, and with any list of parameters written as one."""
    text = _ROWS.sub("(%s…)…", _MARKS.sub("%s…", _LITERAL.sub("…", str(sql))))
    return " ".join(text.split())[:STATEMENT_CHARACTERS]
