"""Which subnets are scanned: those of the person's own networks, and not too large."""

from ipaddress import IPv4Network, IPv6Network
from typing import Final

LARGEST_PREFIX: Final = 20
MOST_ADDRESSES: Final = 2 ** (32 - LARGEST_PREFIX)
PRIVATE: Final = tuple(
    IPv4Network(each)
    for each in (
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "169.254.0.0/16",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "192.0.2.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
    )
)
"""[RFC 6890] What no stranger has: private, link-local, shared by a provider, loopback, tests and documentation."""
NOBODY: Final = tuple(IPv4Network(each) for each in ("0.0.0.0/8", "224.0.0.0/3"))
"""No single machine has an address of these."""


def chosen(subnet: str, *, allow_public: bool = False) -> IPv4Network:
    """Return the subnet that a person named, such as `192.168.1.0/24`; a bare address is a subnet of one.

    Raises:
        ValueError: it is none, is too large, or is a stranger's; the message says what to do.
    """
    text = subnet.strip()
    try:
        network = IPv4Network(text, strict=False)
    except ValueError as error:
        if _is_v6(text):
            raise ValueError(
                "A subnet of IPv6 is too large to scan. Scan the IPv4 subnet: IPv6 addresses are shown with it."
            ) from error
        raise ValueError(f"{text!r} is no subnet; one looks like 192.168.1.0/24.") from error
    if network.prefixlen < LARGEST_PREFIX:
        raise ValueError(
            f"{network} has {network.num_addresses:,} addresses. At most {MOST_ADDRESSES:,} are scanned at once, which"
            f" is a /{LARGEST_PREFIX}: name a smaller subnet."
        )
    if any(network.overlaps(each) for each in NOBODY):
        raise ValueError(f"{network} holds no addresses of single machines.")
    if not allow_public and not any(network.subnet_of(each) for each in PRIVATE):
        raise ValueError(
            f"{network} is on the public internet, where others' machines are. Only private subnets, such as those of"
            " 10.0.0.0/8, 172.16.0.0/12 and 192.168.0.0/16, are scanned unless you say that these addresses are yours."
        )
    return network


def _is_v6(text: str) -> bool:
    try:
        IPv6Network(text, strict=False)
    except ValueError:
        return False
    return True
