"""What is missing on this machine, and the exact remedy. Works before Qt or anything else can be imported."""

import importlib
import os
import platform
import shutil
import socket
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from rackside import qt_libraries
from rackside.store import database

Verdict: TypeAlias = Literal["ok", "note", "missing"]
LEAST_FREE_BYTES = 200 * 1024 * 1024


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. `note` works with less; `missing` does not work until the remedy is carried out."""

    what: str
    verdict: Verdict
    saying: str
    remedy: str = ""


def examine(home: Path) -> list[Finding]:
    """Look at everything the console needs; `home` is its data folder."""
    return [
        _python(),
        _libraries(),
        _qt(),
        _display(),
        _sqlite(),
        _folder(home),
        *_damaged(home),
        _keyring(),
        _notifications(),
        _ping(),
    ]


def has_display() -> bool:
    """Return whether a window can be shown here."""
    drawn = os.environ.get("QT_QPA_PLATFORM", "") in {"offscreen", "minimal", "vnc"}
    return drawn or not sys.platform.startswith("linux") or any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY")))


def _python() -> Finding:
    version = platform.python_version()
    if (3, 11) <= sys.version_info[:2] <= (3, 13):
        return Finding("Python", "ok", version)
    return Finding("Python", "missing", f"{version}; 3.11 to 3.13 is needed", "uv python install 3.13")


def _libraries() -> Finding:
    absent = qt_libraries.missing()
    if not absent:
        return Finding("System libraries of Qt", "ok", "all can be opened")
    return Finding("System libraries of Qt", "missing", ", ".join(absent), qt_libraries.remedy(absent))


def _qt() -> Finding:
    try:
        version = importlib.import_module("PySide6").__version__
    except ImportError as error:
        return Finding("PySide6", "missing", str(error), 'pip install "rackside[desktop]"')
    return Finding("PySide6", "ok", version)


def _display() -> Finding:
    if not sys.platform.startswith("linux"):
        return Finding("Display", "ok", platform.system())
    if os.environ.get("WAYLAND_DISPLAY"):
        saying = "Wayland has no way to dock at an edge: the sidebar is a plain window"
        return Finding("Display", "note", saying, "QT_QPA_PLATFORM=xcb rackside (docks through XWayland where it can)")
    if os.environ.get("DISPLAY"):
        return Finding("Display", "ok", f"X11 {os.environ['DISPLAY']}")
    return Finding("Display", "missing", "no window can open here", "rackside status, or rackside screenshot FILE")


def _sqlite() -> Finding:
    if database.has_full_text_search():
        return Finding("SQLite", "ok", f"{database.VERSION} with full text search")
    return Finding("SQLite", "missing", "FTS5 is not built in", "uv python install 3.13 (its SQLite has it)")


def _folder(home: Path) -> Finding:
    existing = next(folder for folder in (home, *home.parents) if folder.exists())
    if not os.access(existing, os.W_OK):
        return Finding("Data folder", "missing", f"{home} cannot be written", f"chown $USER {existing}")
    free = shutil.disk_usage(existing).free
    if free < LEAST_FREE_BYTES:
        return Finding("Data folder", "note", f"{free // 1024**2} MiB free at {home}", "make room; 200 MiB are enough")
    return Finding("Data folder", "ok", str(home))


def _damaged(home: Path) -> list[Finding]:
    """Return what was put aside since it was damaged; what could be read of it is in use already."""
    kept = sorted(path.name for path in home.glob("*.damaged*"))
    return (
        [Finding("Damaged files", "note", f"kept: {', '.join(kept)}", f"look at {home}, or delete them")]
        if kept
        else []
    )


def _keyring() -> Finding:
    try:
        keyring = importlib.import_module("keyring")
    except ImportError as error:
        return Finding("Keyring", "missing", str(error), 'pip install "rackside[desktop]"')
    backend = type(keyring.get_keyring())
    if backend.__module__.startswith(("keyring.backends.fail", "keyring.backends.null")):
        saying = "none on this desktop: the token is kept in a file that only you can read"
        return Finding("Keyring", "note", saying, "install gnome-keyring or kwallet to change that")
    return Finding("Keyring", "ok", backend.__module__)


def _notifications() -> Finding:
    if not sys.platform.startswith("linux"):
        return Finding("Notifications", "ok", "from the tray")
    try:
        module = importlib.import_module("rackside.watch.delivery.notifications")
    except ImportError as error:
        return Finding("Notifications", "missing", str(error), 'pip install "rackside[desktop]"')
    asked = module.Notifications(lambda _: None)
    try:
        return Finding("Notifications", "ok", f"shown by {asked.server()}")
    except module.NobodyShowsError as error:
        remedy = "install a program that shows them, such as dunst; e-mail and webhooks need none"
        return Finding("Notifications", "note", f"shown from the tray, if there is one: {error}", remedy)
    finally:
        asked.close()


def _ping() -> Finding:
    try:
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM, socket.IPPROTO_ICMP).close()
    except OSError:
        if shutil.which("ping"):
            return Finding("Ping", "note", "no unprivileged ICMP: the ping program is used")
        remedy = 'sudo sysctl -w net.ipv4.ping_group_range="0 2147483647"'
        return Finding("Ping", "note", "no unprivileged ICMP and no ping program: TCP is used", remedy)
    return Finding("Ping", "ok", "unprivileged ICMP")
