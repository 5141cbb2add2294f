"""Uptime Kuma's backup: one JSON object with `monitorList`."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from rackside.store.checks import RETRIES
from rackside.watch.imports.found import Found, NotReadableError, left_out, made

Monitor = Mapping[str, object]
LEFT_OUT: Final = {"group": "it only groups others"}
_NO_NAME: Final = re.compile(r"[^\w .@+-]+")


def read(backup: Mapping[str, object]) -> Iterator[Found]:
    """Yield each monitor.

    Raises:
        NotReadableError: the backup holds no list of monitors.
    """
    monitors = backup.get("monitorList")
    if not isinstance(monitors, list):
        raise NotReadableError("This is JSON, but no backup of Uptime Kuma: it has no monitorList.")
    listed = [each for each in monitors if isinstance(each, dict)]
    groups = {each.get("id"): str(each.get("name")) for each in listed if each.get("type") == "group"}
    for monitor in listed:
        retries = monitor.get("maxretries")
        yield replace(
            _monitor(monitor),
            group=groups.get(monitor.get("parent"), ""),
            retries=retries if isinstance(retries, int) and retries >= 0 else RETRIES,
        )


def _monitor(of: Monitor) -> Found:  # noqa: PLR0911 - one line a type
    name, every_s = of.get("name"), of.get("interval")
    codes = of.get("accepted_statuscodes")
    page = {
        "url": of.get("url"),
        "status": ",".join(map(str, codes)) if isinstance(codes, list) else None,
        "trust_any": bool(of.get("ignoreTls")),
    }
    match of.get("type"):
        case "http":
            return made(name, "http", page, every_s)
        case "keyword":
            return made(name, "http", page | {"keyword": of.get("keyword")}, every_s)
        case "json-query":
            asked = {
                "json_path": str(of.get("jsonPath") or "").removeprefix("$."),
                "json_value": of.get("expectedValue"),
            }
            return made(name, "http", page | asked, every_s)
        case "port":
            return made(name, "tcp", {"host": of.get("hostname"), "port": of.get("port")}, every_s)
        case "ping":
            return made(name, "ping", {"host": of.get("hostname")}, every_s)
        case "dns":
            record, server = of.get("dns_resolve_type"), of.get("dns_resolve_server")
            return made(name, "dns", {"name": of.get("hostname"), "record": record, "server": server}, every_s)
        case "push":
            file = _NO_NAME.sub("-", str(name)).strip(" .@+-")
            return made(name, "heartbeat", {"name": file, "within_s": every_s}, every_s)
        case other:
            return left_out(name, LEFT_OUT.get(str(other), f"its kind is {other}, which is not known here"))
