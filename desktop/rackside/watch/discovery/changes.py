"""What changed on a subnet between two scans: who is new, gone or back, and what is another than before. Pure."""

from collections.abc import Iterator, Sequence
from typing import Final, TypeAlias

from msgspec import structs

from rackside.store.events import Event
from rackside.watch.discovery.device import Device
from rackside.watch.discovery.vendors import is_made_up

GONE_AFTER: Final = 2
"""Scans in a row: a telephone sleeps, and a packet is lost."""
FORGOTTEN_AFTER: Final = 30
Pair: TypeAlias = tuple[Device | None, Device | None]
"""A device before and now."""


def identity(device: Device) -> str:
    """Return what a device is known again by: its hardware address where a maker gave it, else its address."""
    return device.mac if device.mac and not is_made_up(device.mac) else device.address


def changes(before: Sequence[Device], now: Sequence[Device], at_s: float) -> list[Event]:
    """Return what changed, as events of the moment `at_s`.

    Args:
        before: what is remembered, with how many scans in a row missed each.
        now: what a complete scan found.
        at_s: seconds since the epoch.
    """
    return [
        Event(at_s=at_s, until_s=at_s, kind="device", subject=(after or earlier or now[0]).shown, sentence=sentence)
        for earlier, after in pairs(before, now)
        for sentence in _sentences(earlier, after)
    ]


def remembered(before: Sequence[Device], now: Sequence[Device]) -> list[Device]:
    """Return what to remember until the next scan: who is there, and who was missed, for thirty scans."""
    missed = (earlier for earlier, after in pairs(before, now) if earlier and not after)
    kept = (structs.replace(each, missed=each.missed + 1) for each in missed if each.missed < FORGOTTEN_AFTER)
    return [*now, *kept]


def pairs(before: Sequence[Device], now: Sequence[Device]) -> list[Pair]:
    """Match devices: by both identity and address, then by identity, which moved, then by address, which was taken."""
    found: list[Pair] = []
    earlier, after = list(before), list(now)
    for key in (lambda each: (identity(each), each.address), identity, lambda each: each.address):
        held = {key(each): each for each in reversed(earlier)}
        for each in list(after):
            if match := held.pop(key(each), None):
                found.append((match, each))
                earlier.remove(match)
                after.remove(each)
    return [*found, *((None, each) for each in after), *((each, None) for each in earlier)]


def _sentences(before: Device | None, now: Device | None) -> Iterator[str]:
    if before is None and now is not None:
        yield f"{_named(now)} is new on the network"
    elif now is None and before is not None:
        if before.missed + 1 == GONE_AFTER:
            yield f"{_named(before)} is gone: {GONE_AFTER} scans in a row did not see it"
    elif before is not None and now is not None:
        if before.missed >= GONE_AFTER:
            yield f"{_named(now)} is back"
        yield from _changed(before, now)


def _changed(before: Device, now: Device) -> Iterator[str]:
    if before.address != now.address:
        yield f"{now.shown} moved from {before.address} to {now.address}"
    if before.mac and now.mac and before.mac != now.mac:
        yield f"{now.address} is another device's: its hardware address was {before.mac} and is {now.mac}"
    if before.name and now.name and _first_label(before) != _first_label(now):
        yield f"{now.address} was called {before.name} and is called {now.name}"
    opened, closed = {*now.ports} - {*before.ports}, {*before.ports} - {*now.ports}
    if opened:
        yield f"{now.shown} now listens on {_listed(opened)}"
    if closed:
        yield f"{now.shown} no longer listens on {_listed(closed)}"


def _first_label(device: Device) -> str:
    """Return a name without its domain: `nas.local` by mDNS is `nas.example.org` by DNS."""
    return device.name.partition(".")[0].casefold()


def _named(device: Device) -> str:
    what = "" if device.kind == "unknown" else f", {'an' if device.kind[0] in 'aiou' else 'a'} {device.kind},"
    return f"{device.shown}{what} at {device.address}" if device.name else f"{device.address}{what}".rstrip(",")


def _listed(ports: set[int]) -> str:
    return ", ".join(str(port) for port in sorted(ports))
