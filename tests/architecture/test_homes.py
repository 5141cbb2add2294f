"""Invariant 7: one package, one home. And no SQL outside the store, no writing of rows outside the one door."""

import ast
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = [
    path
    for root in ("desktop", "server", "protocol")
    for path in sorted((ROOT / root).rglob("*.py"))
    if "migrations" not in path.parts
]

HOMES = {
    "PySide6": ["rackside/kit/*", "rackside/*/panel*.py", "rackside/window*.py", "rackside/app.py"],
    "requests": [
        *("rackside/sync/http.py", "rackside/watch/probes/*", "rackside/watch/checks/*", "rackside/watch/delivery/*"),
    ],
    "sqlite_utils": ["rackside/store/*"],
    "sqlite3": ["rackside/store/*", "rackside_server/*"],
    "psutil": ["rackside/watch/*"],
    "pysnmp": ["rackside/watch/checks/*", "rackside/watch/discovery/*"],
    "zeroconf": ["rackside/watch/discovery/*"],
    "netaddr": ["rackside/watch/discovery/*"],
    "jeepney": ["rackside/watch/*"],
    "PyInstaller": [],
    "django": ["rackside_server/*"],
    "granian": ["rackside_server/*"],
    "prometheus_client": ["rackside_server/operating/*", "rackside/watch/checks/*"],
    "rackside": ["rackside/*"],
    "rackside_server": ["rackside_server/*"],
}
"""Each package, and the files that may import it."""


def imported(source: str) -> Iterator[tuple[int, str]]:
    """Yield the line and the top-level package of each import, at whatever depth it stands."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name.partition(".")[0]) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.lineno, node.module.partition(".")[0]


def out_of_place(where: str, source: str) -> list[str]:
    """Name each import that stands outside its package's home."""
    return [
        f"{where}:{line} imports {package}"
        for line, package in imported(source)
        if package in HOMES and not any(fnmatch(where, home) for home in HOMES[package])
    ]


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix().partition("/")[2]


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_each_package_is_imported_in_its_home_only(path: Path) -> None:
    assert out_of_place(relative(path), path.read_text(encoding="utf-8")) == []


def test_a_planted_import_is_found() -> None:
    planted = "def late():\n    from PySide6.QtCore import QObject\n    import requests.adapters\n"
    assert out_of_place("rackside/ideas/data.py", planted) == [
        "rackside/ideas/data.py:2 imports PySide6",
        "rackside/ideas/data.py:3 imports requests",
    ]
    assert out_of_place("rackside_protocol/ideas.py", "import rackside") == [
        "rackside_protocol/ideas.py:1 imports rackside"
    ]
    assert out_of_place("rackside/app.py", "import rackside_server.feed") != []


STATEMENTS = ("SELECT ", "INSERT ", "UPDATE ", "DELETE FROM", "CREATE TABLE", "PRAGMA ", "BEGIN", "COMMIT")


def sql_in(source: str) -> list[int]:
    """Return the lines that hand a statement to `execute` or its kin."""
    lines = []
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if node.func.attr in {"execute", "executemany", "executescript", "query"} and node.args:
            text = "".join(
                part.value
                for part in ast.walk(node.args[0])
                if isinstance(part, ast.Constant) and isinstance(part.value, str)
            )
            if text.lstrip().upper().startswith(STATEMENTS):
                lines.append(node.lineno)
    return lines


DESKTOP_OUTSIDE_STORE = [
    path
    for path in SOURCES
    if fnmatch(relative(path), "rackside/*") and not fnmatch(relative(path), "rackside/store/*")
]


@pytest.mark.parametrize("path", DESKTOP_OUTSIDE_STORE, ids=relative)
def test_the_desktop_has_no_sql_outside_the_store(path: Path) -> None:
    assert sql_in(path.read_text(encoding="utf-8")) == []


def test_planted_sql_is_found() -> None:
    assert sql_in('db.execute(f"SELECT * FROM {table}")\ndb.execute(name)') == [1]


SERVER_FEATURES = ("groups", "threads", "ideas", "people", "sponsors", "heartbeats", "standing")
WRITES = {
    "save",
    "create",
    "update",
    "delete",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
    "add",
    "set",
}
WRITERS = ("actions.py", "bulk.py", "evidence.py", "freshness.py", "invitations.py", "ledger.py")


def writes_in(source: str) -> list[str]:
    """Name each call that writes rows through the ORM: on a manager, a query or a model instance."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES):
            continue
        text = ast.unparse(node.func.value)
        if node.func.attr == "save" or "objects" in text or "visible_to" in text or ".filter(" in text:
            found.append(f"line {node.lineno}: {ast.unparse(node.func)}")
    return found


@pytest.mark.parametrize(
    "path",
    [
        path
        for path in SOURCES
        if any(fnmatch(relative(path), f"rackside_server/{each}/*") for each in SERVER_FEATURES)
        and path.name not in WRITERS
    ],
    ids=relative,
)
def test_rows_change_in_actions_only(path: Path) -> None:
    """Invariant 2."""
    assert writes_in(path.read_text(encoding="utf-8")) == []


def test_a_planted_write_is_found() -> None:
    assert writes_in("Thread.objects.filter(id=1).update(title='x')\nthread.save()") == [
        "line 1: Thread.objects.filter(id=1).update",
        "line 2: thread.save",
    ]
