"""Any file that an import knows: which format it is in is seen from what is in it."""

import json
from pathlib import Path
from typing import Final

from rackside.watch.imports import kuma, ssh, table, targets
from rackside.watch.imports.found import Found, NotReadableError

MOST_BYTES: Final = 16 * 1024 * 1024


def read(path: Path) -> list[Found]:
    """Read a backup of Uptime Kuma, Prometheus's targets, an SSH client's configuration, or a table.

    Raises:
        NotReadableError: it is none of these, or is broken; the message says what to do.
        OSError: it could not be read.
    """
    if path.stat().st_size > MOST_BYTES:
        raise NotReadableError(f"{path.name} is larger than {MOST_BYTES // 2**20} MiB, which no list of checks is.")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotReadableError(f"{path.name} is no text in UTF-8.") from error
    if text.lstrip()[:1] in {"{", "["}:
        return list(_json(text))
    if path.name == "config" or "\nhost " in f"\n{text.lower()}":
        return list(ssh.read(text))
    return list(table.read(text))


def _json(text: str) -> list[Found]:
    try:
        held = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotReadableError(f"This begins as JSON, and is not: {error}") from error
    return list(kuma.read(held) if isinstance(held, dict) else targets.read(held))
