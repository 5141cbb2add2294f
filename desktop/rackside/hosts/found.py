"""From the devices that a look at a subnet found to the checks that could be watched of them. No Qt."""

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Network
from typing import Final

from rackside.watch.discovery.device import Device, Kind
from rackside.watch.discovery.here import own_addresses
from rackside.watch.discovery.subnet import LARGEST_PREFIX, PRIVATE
from rackside.watch.discovery.suggest import suggest
from rackside.watch.imports.found import Found

WANTED: Final[frozenset[Kind]] = frozenset(
    {"router", "switch", "access point", "printer", "nas", "server", "hypervisor", "ups"}
)
"""What somebody answers for, as a rule: its ping is ticked at first. Others' phones and laptops are not."""


def own_subnet() -> str:
    """Return the subnet that this machine is in, empty when it is in none of a size that can be looked through."""
    networks = [each.network for each in own_addresses() if not each.network.is_loopback]
    return next((str(each) for each in networks if _is_small(each)), "")


def choices(devices: Iterable[Device], secret: str = "") -> list[Found]:
    """Return the checks that would suit the devices, of each machine together."""
    return [each for device in devices if not device.local for each in _of(device, secret)]


def _of(device: Device, secret: str) -> Iterator[Found]:
    for place, (label, check) in enumerate(suggest(device, secret)):
        yield Found(label, check, host=device.shown, wanted=not place and device.kind in WANTED)


def _is_small(network: IPv4Network) -> bool:
    return network.prefixlen >= LARGEST_PREFIX and any(network.subnet_of(each) for each in PRIVATE)
