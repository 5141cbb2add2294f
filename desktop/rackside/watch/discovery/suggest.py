"""The checks that one would have a device watched by: each a label and a check, to be ticked. Pure."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

import msgspec

from rackside.watch.checks.check import Check
from rackside.watch.checks.http import Http
from rackside.watch.checks.ping import Ping
from rackside.watch.checks.prometheus import Prometheus
from rackside.watch.checks.run import KINDS
from rackside.watch.checks.tcp import Smtp, Ssh, Tcp
from rackside.watch.checks.tls import Tls
from rackside.watch.discovery.device import Device

MOST_NAME: Final = 60
"""Letters of a label that are the device's name: a label has 80."""
ANSWERS: Final = "200-499"
"""A page that asks who is there, or has nothing at its root, is served."""
GREETED: Final[Mapping[int, tuple[str, Callable[[str], Check]]]] = {
    22: ("ssh", lambda host: Ssh(host=host)),
    25: ("smtp", lambda host: Smtp(host=host)),
    445: ("files", lambda host: Tcp(host=host, port=445)),
    631: ("printing", lambda host: Tcp(host=host, port=631)),
    3306: ("MySQL", lambda host: Tcp(host=host, port=3306)),
    3389: ("remote desktop", lambda host: Tcp(host=host, port=3389)),
    5432: ("PostgreSQL", lambda host: Tcp(host=host, port=5432)),
}
PLAIN: Final = (80, 8080)
SECURE: Final = (443, 8443)


def suggest(device: Device, credentials: str = "") -> list[tuple[str, Check]]:
    """Return the checks for what a device was seen to offer, each after its label.

    Where this version knows a check of the kind `snmp`, a device that was described has one too, with `credentials` as
    the name of its secret.
    """
    name = device.shown[:MOST_NAME]
    return [(f"{name} {what}", check) for what, check in _checks(device, host(device), credentials)]


def host(device: Device) -> str:
    """Return what a check reaches a device by: its name where a DNS server gave it, else its address."""
    return device.name if "." in device.name and not device.name.endswith(".local") else device.address


def _checks(device: Device, target: str, credentials: str) -> Iterator[tuple[str, Check]]:
    url = f"[{target}]" if ":" in target else target
    yield "ping", Ping(host=target)
    for port in device.ports:
        if port in device.exporters:
            yield f"metrics {port}", Prometheus(url=f"http://{url}:{port}/metrics")
        elif port in GREETED:
            what, made = GREETED[port]
            yield what, made(target)
        elif port in PLAIN:
            yield f"http {port}", Http(url=f"http://{url}:{port}/", status=ANSWERS)
        elif port in SECURE:
            yield from _secure(target, url, port, named=target != device.address)
    if device.described and "snmp" in KINDS:
        yield "snmp", msgspec.convert({"host": target, "secret": credentials}, KINDS["snmp"])


def _secure(target: str, url: str, port: int, *, named: bool) -> Iterator[tuple[str, Check]]:
    """Yield checks of a secure page. Few certificates are for an address: only by name is one worth watching."""
    yield f"https {port}", Http(url=f"https://{url}:{port}/", status=ANSWERS, trust_any=not named)
    if named:
        yield f"certificate {port}", Tls(host=target, port=port)
