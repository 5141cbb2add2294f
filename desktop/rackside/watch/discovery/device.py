"""What a scan finds. Plain values; every word in them that came from the network is printable and short."""

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias, get_args

import msgspec

from rackside.watch.proc import printable

Kind: TypeAlias = Literal[
    "router",
    "switch",
    "access point",
    "printer",
    "camera",
    "phone",
    "tv",
    "nas",
    "server",
    "workstation",
    "laptop",
    "mobile",
    "hypervisor",
    "ups",
    "iot",
    "unknown",
]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
Confidence: TypeAlias = Literal["sure", "likely", "a guess", "unknown"]
MOST_WORDS: Final = 120
"""Letters of anything that a device says of itself."""


class Device(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A device at an address.

    `vendor` is its maker by its hardware address, or that this is made up. `ports` are those that took a connection,
    `services` what it tells by mDNS, `greetings` what it said on a port, `exporters` the ports that answer as a
    Prometheus exporter does, and `described` what it says by SNMP. `also` are its IPv6 addresses. `seen_s` is in
    seconds since the epoch, and `missed` counts the scans in a row since then that did not see it.
    """

    address: str
    seen_s: float
    mac: str = ""
    vendor: str = ""
    name: str = ""
    model: str = ""
    kind: Kind = "unknown"
    confidence: Confidence = "unknown"
    why: tuple[str, ...] = ()
    ports: tuple[int, ...] = ()
    services: tuple[str, ...] = ()
    greetings: Mapping[int, str] = {}
    exporters: tuple[int, ...] = ()
    described: str = ""
    also: tuple[str, ...] = ()
    local: bool = False
    gateway: bool = False
    routes: bool = False
    missed: int = 0

    @property
    def shown(self) -> str:
        """What a person calls it: its name, or its address."""
        return self.name or self.address


class Scan(msgspec.Struct, frozen=True, kw_only=True):
    """What one look at a subnet found, by address.

    `at_s` is when it began, in seconds since the epoch, and `took_s` how long it took. `notes` say what could not be
    tried, and why. One that was stopped is not `complete`: what it did not find may be there.
    """

    subnet: str
    at_s: float
    took_s: float
    devices: tuple[Device, ...]
    notes: tuple[str, ...] = ()
    complete: bool = True


def said(words: bytes | str) -> str:
    """Return what a device said as one short line that can be shown."""
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return printable(" ".join(text[: 8 * MOST_WORDS].split()))[:MOST_WORDS].strip()
