"""Which machine a check is of, and whether this machine can reach it at all now."""

import ipaddress
import socket
from collections.abc import Mapping
from typing import Final, Literal, TypeAlias
from urllib.parse import urlsplit

from rackside.store.checks import Watched
from rackside.watch.checks.check import Check
from rackside.watch.model import Reading

WayOut: TypeAlias = Literal["", "link", "gateway"]
"""What this machine lacks to reach others: nothing, any link, or its gateway."""
UNREACHED: Final[dict[WayOut, str]] = {
    "link": "not known: this machine has no link",
    "gateway": "not known: this machine's gateway does not answer",
}


def target_of(check: Check) -> str:
    """Return the name or address of the machine that a check is of."""
    said = str(getattr(check, check.TARGET))
    return urlsplit(said).hostname or said if "://" in said else said


def host_of(watched: Watched, check: Check) -> str:
    """Return the name of the machine that a check is of: the one it was given, or the one it asks."""
    return watched.host or target_of(check)


def way_out(readings: Mapping[str, Reading]) -> WayOut:
    """Return what this machine lacks, by what was read last. An interface that is switched off has no link to tell."""
    interfaces = {each.component for each in readings.values() if each.metric == "nic.down"}
    links = {each.component: each.value for each in readings.values() if each.metric == "nic.link"}
    if (interfaces or links) and not any(links.values()):
        return "link"
    gateway = readings.get("ping.down gateway")
    return "gateway" if gateway is not None and gateway.value else ""


def is_cut_off(target: str, lacking: WayOut) -> bool:
    """Return whether a machine cannot be reached for what this machine lacks. It may wait for a name's address."""
    if not lacking:
        return False
    try:
        address = ipaddress.ip_address(target)
    except ValueError:
        try:
            address = ipaddress.ip_address(socket.gethostbyname(target))
        except OSError:
            return True
    if address.is_loopback:
        return False
    return lacking == "link" or not any(address in network for network in _networks())


def _networks() -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """Return the networks that this machine's interfaces stand in: what is there is reached without the gateway."""
    import psutil

    return [
        ipaddress.ip_network(f"{each.address}/{each.netmask}", strict=False)
        for interface in psutil.net_if_addrs().values()
        for each in interface
        if each.family == socket.AF_INET and each.netmask
    ]
