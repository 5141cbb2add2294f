"""What was seen in a scan, by address, and the devices that it makes."""

import socket
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Final

from msgspec import structs

from rackside.watch.discovery import kinds
from rackside.watch.discovery.banners import Said
from rackside.watch.discovery.device import Device, said
from rackside.watch.discovery.here import Own
from rackside.watch.discovery.mdns import Told
from rackside.watch.discovery.neighbours import Neighbour
from rackside.watch.discovery.vendors import vendor
from rackside.watch.probes import gateway

PRINTING: Final = frozenset(("_ipp._tcp", "_ipps._tcp", "_printer._tcp", "_pdl-datastream._tcp"))
MOST_ALSO: Final = 8


@dataclass
class Seen:
    """What was seen, by address. `answered` are those who answered by themselves, be it by refusing."""

    own: dict[str, Own] = field(default_factory=dict)
    answered: set[str] = field(default_factory=set)
    neighbours: dict[str, Neighbour] = field(default_factory=dict)
    open: dict[str, list[int]] = field(default_factory=dict)
    said: dict[str, Said] = field(default_factory=dict)
    told: dict[str, Told] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    described: dict[str, str] = field(default_factory=dict)


def devices(seen: Seen, there: Iterable[str], interfaces: set[int], at_s: float) -> tuple[Device, ...]:
    """Return the devices at the IPv4 addresses where somebody is, then those that have IPv6 on the same links alone."""
    router, v6 = gateway.address(), defaultdict[str, list[Neighbour]](list)
    for each in seen.neighbours.values():
        if ":" in each.address and each.interface in interfaces:
            v6[each.mac].append(each)
    found = [_device(seen, address, v6, router, at_s) for address in sorted(there, key=ip_address)]
    known = {each.mac for each in seen.neighbours.values() if ":" not in each.address}
    known |= {own.mac for own in seen.own.values()}
    found += [
        _only_v6(held, at_s) for mac, held in sorted(v6.items()) if mac not in known and any(e.sure for e in held)
    ]
    return tuple(_judged(each) for each in found)


def _device(seen: Seen, address: str, v6: dict[str, list[Neighbour]], router: str | None, at_s: float) -> Device:
    own, told = seen.own.get(address), seen.told.get(address, Told())
    mac = own.mac if own else seen.neighbours[address].mac if address in seen.neighbours else ""
    heard, others = seen.said.get(address, Said()), v6.get(mac, [])
    return Device(
        address=address,
        seen_s=at_s,
        mac=mac,
        vendor=vendor(mac),
        name=seen.names.get(address) or told.name or (said(socket.gethostname()) if own else ""),
        model=told.model,
        ports=tuple(sorted(seen.open.get(address, ()))),
        services=tuple(sorted(told.services)),
        greetings=heard.greetings,
        exporters=tuple(sorted(heard.exporters)),
        described=seen.described.get(address, ""),
        also=tuple(_addresses(others)),
        local=own is not None,
        gateway=address == router,
        routes=any(each.routes for each in others),
    )


def _only_v6(held: list[Neighbour], at_s: float) -> Device:
    first, *others = sorted(held, key=lambda each: ip_address(each.address).is_link_local)
    return Device(
        address=first.address,
        seen_s=at_s,
        mac=first.mac,
        vendor=vendor(first.mac),
        also=tuple(_addresses(others)),
        routes=any(each.routes for each in held),
    )


def _addresses(held: list[Neighbour]) -> Iterator[str]:
    yield from sorted(each.address for each in held)[:MOST_ALSO]


def _judged(device: Device) -> Device:
    found = kinds.judge(device)
    return structs.replace(device, kind=found.kind, why=found.why, confidence=found.confidence)
