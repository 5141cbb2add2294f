"""What devices say of themselves by SNMP. Asked only where the person gave credentials for this subnet.

A community goes over the wire as it is, to whoever has the address: that is why nothing is sent unasked.
"""

from collections.abc import Callable, Iterable
from threading import Event
from typing import Final, TypeAlias

from rackside.watch.discovery.asking import answers

AskSnmp: TypeAlias = Callable[[str, str], str | None]
"""Given an address and the credentials, returns the device's description of itself (sysDescr), or None."""
AT_ONCE: Final = 16
WITHIN_S: Final = 8.0
"""For all devices; most of a network does not speak SNMP, and each of those takes as long as `ask` waits."""


def describe(addresses: Iterable[str], ask: AskSnmp, credentials: str, cancelled: Event) -> dict[str, str]:
    """Return what each device that answers says it is."""
    return answers(
        addresses, lambda address: ask(address, credentials), at_once=AT_ONCE, within_s=WITHIN_S, cancelled=cancelled
    )
