"""Who made a device, by its hardware address: IEEE's list as netaddr brings it, so that nobody is asked.

The list is as old as the package, and has no blocks smaller than 2^24 addresses but the old ones of 2^12.
"""

from typing import Final

from rackside.watch.discovery.device import said

LOCAL_BIT, GROUP_BIT = 0x02, 0x01
MADE_UP: Final = "no maker: the address is made up"
"""As phones and laptops do, for each network another; as containers and bridges do."""
VIRTUAL: Final = {"52:54:00": "QEMU, a virtual machine"}
"""Made up, but by a program that keeps it."""
SHARED: Final = "IEEE Registration Authority"
"""Owns the blocks that are handed out in parts."""


def is_made_up(mac: str) -> bool:
    """Return whether a hardware address is no maker's, and may be another tomorrow."""
    return bool(mac) and bool(int(mac[:2], 16) & LOCAL_BIT) and mac[:8].lower() not in VIRTUAL


def vendor(mac: str) -> str:
    """Return who made what has a hardware address such as `b8:27:eb:00:00:01`, or nothing where the list has it not."""
    if not mac or int(mac[:2], 16) & GROUP_BIT:
        return ""
    if is_made_up(mac):
        return MADE_UP
    if mac[:8].lower() in VIRTUAL:
        return VIRTUAL[mac[:8].lower()]
    from netaddr import EUI, NotRegisteredError  # type: ignore[import-untyped] # it has no types

    address = EUI(mac)
    try:
        maker = address.iab.registration().org if address.is_iab() else address.oui.registration().org
    except NotRegisteredError:
        return ""
    return "" if maker == SHARED else said(maker)
