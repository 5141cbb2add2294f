"""Any file that an import knows: which format it is in is seen from what is in it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from rackside.watch.imports import kuma, ssh, table, targets, zabbix
from rackside.watch.imports.found import Found, NotReadableError
from rackside.watch.proc import printable

MOST_BYTES: Final = 16 * 1024 * 1024
MOST_HEAD: Final = 4_096
"""Within so many characters a file says what it is."""


def read(path: Path) -> list[Found]:
    """Read a backup of Uptime Kuma, Prometheus's targets, hosts of Zabbix, an SSH client's configuration, or a table.

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
    if text.lstrip()[:1] == "<":
        return list(zabbix.read_xml(text))
    if path.suffix in {".yml", ".yaml"} or "zabbix_export:" in text[:MOST_HEAD]:
        return list(_yaml(text))
    if path.name == "config" or "\nhost " in f"\n{text.lower()}":
        return list(ssh.read(text))
    return list(table.read(text))


def _json(text: str) -> Iterator[Found]:
    try:
        held = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotReadableError(f"This begins as JSON, and is not: {error}") from error
    if zabbix.is_export(held):
        return zabbix.read(held)
    return kuma.read(held) if isinstance(held, dict) else targets.read(held)


def _yaml(text: str) -> Iterator[Found]:
    import yaml

    try:
        held = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe
    except (yaml.YAMLError, RecursionError) as error:
        raise NotReadableError(f"This begins as YAML, and is not: {printable(str(error))}") from error
    if isinstance(held, list):
        return targets.read(held)
    if not zabbix.is_export(held):
        raise NotReadableError("This is YAML, but neither an export of Zabbix nor a list of Prometheus's targets.")
    return zabbix.read(held)
