"""This machine on the network: its own addresses, and which networks it is in."""

from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Interface, IPv4Network
from socket import AF_INET, if_nametoindex
from typing import Final

NO_MAC: Final = "00:00:00:00:00:00"


@dataclass(frozen=True)
class Own:
    """An address of this machine, and the number of the interface that has it."""

    address: str
    network: IPv4Network
    interface: int
    mac: str = ""

    def is_near(self, address: str) -> bool:
        """Whether an address is in this network, so that no router stands between."""
        return IPv4Address(address) in self.network


def own_addresses() -> list[Own]:
    """Return the IPv4 addresses of this machine."""
    import psutil

    found = []
    for name, held in psutil.net_if_addrs().items():
        macs = [each.address.lower().replace("-", ":") for each in held if each.family == psutil.AF_LINK]
        mac = next((each for each in macs if each != NO_MAC), "")
        for each in held:
            if each.family == AF_INET and each.netmask:
                network = IPv4Interface(f"{each.address}/{each.netmask}").network
                found.append(Own(each.address, network, _number(name), mac))
    return found


def _number(name: str) -> int:
    """Return the number of an interface, 0 where the system has none for it. A second address may be of `eth0:1`."""
    with suppress(OSError):
        return if_nametoindex(name.partition(":")[0])
    return 0
