"""The tasks of the yardstick of contextual answers, read by its own reader from the folder that a person names."""

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

Task: TypeAlias = tuple[str, list[dict[str, Any]], dict[str, str], list[tuple[dict[str, Any], set[str]]]]
"""Name, documents, links from a duplicate to its problem, queries with what is right."""


def tasks(pack: Path) -> Iterator[Task]:
    """Yield the tasks of the half that may be looked at."""
    spec = importlib.util.spec_from_file_location("score", pack / "score.py")
    assert spec is not None
    assert spec.loader is not None
    score = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(score)
    yield from score.Pack(str(pack), "dev").tasks()
