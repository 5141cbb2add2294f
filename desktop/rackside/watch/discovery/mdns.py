"""What devices tell of themselves by multicast DNS, asked so that they answer to us alone.

The questions leave from a port of their own, so that answers come to it and port 5353 stays closed (RFC 6762, §6.7). A
firewall on this machine that lets in only what it was asked for may hold them back: then nothing is found this way.
"""

import re
import select
import socket
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Event
from typing import TYPE_CHECKING, Final

from rackside.watch.discovery.device import said
from rackside.watch.discovery.dialling import TICK_S

if TYPE_CHECKING:
    from zeroconf import DNSIncoming, DNSRecord  # type: ignore[attr-defined] # public all the same

GROUP: Final = ("224.0.0.251", 5353)
ALL_TYPES: Final = "_services._dns-sd._udp.local."
TYPES: Final = tuple(
    f"_{each}.local."
    for each in (
        "ipp._tcp",
        "printer._tcp",
        "pdl-datastream._tcp",
        "ssh._tcp",
        "smb._tcp",
        "afpovertcp._tcp",
        "adisk._tcp",
        "nut._tcp",
        "http._tcp",
        "workstation._tcp",
        "device-info._tcp",
        "rfb._tcp",
        "googlecast._tcp",
        "airplay._tcp",
        "raop._tcp",
        "androidtvremote2._tcp",
        "apple-mobdev2._tcp",
        "companion-link._tcp",
        "hap._tcp",
        "matter._tcp",
        "mqtt._tcp",
        "esphomelib._tcp",
        "hue._tcp",
        "shelly._tcp",
        "axis-video._tcp",
        "rtsp._tcp",
        "sip._udp",
    )
)
A_TYPE: Final = re.compile(r"_[A-Za-z0-9-]{1,32}\._(tcp|udp)\.local\.")
"""Nothing else is asked for again: [RFC 6763, §7] allows 15 letters, and some take more."""
FOR_S: Final = 2.5
AGAIN_S: Final = 1.0
MOST_PACKETS: Final = 2_000
MOST_BYTES: Final = 9_000
MOST_TYPES: Final = 64
MOST_SERVICES: Final = 24
"""Of one device."""
MODELS: Final = (b"model", b"md", b"ty", b"usb_MDL", b"product", b"am")
"""What a TXT record calls the model, the best first."""


@dataclass
class Told:
    """What a device told: `_ipp._tcp` and the like, its name, its model."""

    services: set[str] = field(default_factory=set)
    name: str = ""
    model: str = ""
    rank: int = len(MODELS)


def ask(own: str, cancelled: Event) -> dict[str, Told]:
    """Ask the network that an address of this machine is in, for a few seconds; return what came, by address.

    Raises:
        OSError: this machine may not ask.
    """
    heard: dict[str, Told] = {}
    began_s = again_s = time.monotonic()
    asked, packets = {ALL_TYPES, *TYPES}, 0
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.bind((own, 0))
        asking.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(own))
        asking.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 255)
        asking.settimeout(0)
        while time.monotonic() < began_s + FOR_S and packets < MOST_PACKETS and not cancelled.is_set():
            if again_s and time.monotonic() >= again_s:
                _send(asking, asked)
                again_s = again_s + AGAIN_S if again_s == began_s else 0
            if not select.select([asking], [], [], TICK_S)[0]:
                continue
            packets += 1
            with suppress(OSError):
                packet, (source, _) = asking.recvfrom(MOST_BYTES)
                new = {each for each in take(packet, source, heard) if each not in asked}
                new = {*sorted(new)[: MOST_TYPES - len(asked)]} if len(asked) < MOST_TYPES else set()
                asked |= new
                _send(asking, new)
    return heard


def take(packet: bytes, source: str, heard: dict[str, Told]) -> Iterator[str]:
    """Take what a device says of itself; yield the types of services that it says there are.

    What it says of others is left out: a router that passes on what another network says is none of those devices.
    """
    from zeroconf import DNSAddress, DNSIncoming, DNSPointer, DNSText  # type: ignore[attr-defined] # public all the same

    incoming = DNSIncoming(packet)
    records = _records(incoming)
    addresses = {str(each.name): _dotted(each.address) for each in records if isinstance(each, DNSAddress)}
    v4 = {name: address for name, address in addresses.items() if address}
    if not incoming.is_response() or (v4 and source not in v4.values()):
        return
    told = heard.setdefault(source, Told())
    for name, address in v4.items():
        if address == source:
            told.name = said(name.rstrip("."))
    for record in records:
        if isinstance(record, DNSPointer) and record.name.lower() == ALL_TYPES:
            if A_TYPE.fullmatch(record.alias):
                yield record.alias
        elif isinstance(record, DNSPointer) and A_TYPE.fullmatch(record.name):
            if len(told.services) < MOST_SERVICES:
                told.services.add(record.name.removesuffix(".local."))
        elif isinstance(record, DNSText):
            _take_model(record.text, told)


def _records(incoming: "DNSIncoming") -> "list[DNSRecord]":
    return list(incoming.answers()) if incoming.valid else []


def _dotted(address: bytes) -> str:
    return socket.inet_ntoa(address) if len(address) == len(socket.inet_aton("0")) else ""


def _take_model(text: bytes, told: Told) -> None:
    """Take the model from a TXT record: strings, each after its length (RFC 6763, §6)."""
    while text:
        length = text[0]
        name, _, value = text[1 : 1 + length].partition(b"=")
        text = text[1 + length :]
        rank = MODELS.index(name) if name in MODELS else told.rank
        if rank < told.rank and value:
            told.model, told.rank = said(value.strip(b"()")), rank


def _send(asking: socket.socket, types: Iterable[str]) -> None:
    from zeroconf import DNSOutgoing, DNSQuestion  # type: ignore[attr-defined] # public all the same

    query, pointers, here, to_us = 0, 12, 1, True
    outgoing = DNSOutgoing(query, multicast=True)
    for each in sorted(types):
        question = DNSQuestion(each, pointers, here)
        question.unicast = to_us
        outgoing.add_question(question)
    for packet in outgoing.packets():
        with suppress(OSError):  # what could not be sent is asked again, or not answered
            asking.sendto(packet, GROUP)
