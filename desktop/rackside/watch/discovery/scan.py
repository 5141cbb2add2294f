"""One look at a subnet, when somebody asks for it: who is there, and what each is. No root, and no port is opened."""

import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from ipaddress import IPv4Network
from threading import Event
from typing import Final, TypeAlias

from rackside.watch.discovery import banners, echo, here, mdns, names, neighbours, ports, snmp
from rackside.watch.discovery.device import Scan, said
from rackside.watch.discovery.seen import PRINTING, Seen, devices
from rackside.watch.discovery.subnet import chosen
from rackside.watch.probes.ping import CannotPingError

Progress: TypeAlias = Callable[[int, int, str], None]
"""Told how much is done, of how much, and of what; by the thread that scans, some twenty times a second at most."""
TOUCHED: Final = (443,)
"""One connection has the kernel ask the network who has an address, where no echo may be sent."""
BETWEEN_S: Final = 0.05
SETTLE_S: Final = 9.0
"""The kernel waits five seconds and asks three times before it gives up a neighbour that left."""
LOOK_AGAIN_S: Final = 0.5
MOST_OF_A_MAC: Final = 4
"""A router that answers for others (proxy ARP) does so for a whole subnet; a machine has a few addresses."""
WHO: Final = "Looking who is there"
WHAT: Final = "Looking what they listen on"
ASKING: Final = "Asking what they are"
SETTLING: Final = "Waiting for who was there before"


def scan(
    subnet: str,
    *,
    credentials: str = "",
    on_progress: Progress | None = None,
    cancelled: Event | None = None,
    allow_public: bool = False,
    ask_snmp: snmp.AskSnmp | None = None,
) -> Scan:
    """Look at a subnet once, on a thread of the caller's.

    It takes some five seconds for a /24 with thirty devices, half a minute for an empty /20, and two minutes for one
    that is behind a router. At most 200 addresses that may be nobody's, and 600 ports, are tried a second. Set
    `cancelled` to end it within a second, with what was found by then.

    Args:
        subnet: such as `192.168.1.0/24`, at most a /20.
        credentials: what `ask_snmp` is given; without it nobody is asked by SNMP.
        on_progress: told how far it is, on this thread.
        cancelled: set by another thread to end it.
        allow_public: the addresses may be public, since the person says that they are hers.
        ask_snmp: given an address and the credentials, returns what a device says it is.

    Raises:
        ValueError: the subnet is none, too large, or a stranger's; the message says what to do.
    """
    look = _Look(chosen(subnet, allow_public=allow_public), cancelled or Event(), on_progress or (lambda *_: None))
    look.find()
    look.inquire(credentials, ask_snmp)
    look.settle()
    return look.done()


class _Look:
    def __init__(self, network: IPv4Network, cancelled: Event, on_progress: Progress) -> None:
        self.network, self.cancelled, self.on_progress = network, cancelled, on_progress
        self.at_s, self.began_s = time.time(), time.monotonic()
        self.told_s = self.touched_s = 0.0
        self.untried = 0
        self.left_out = set[str]()
        self.notes: list[str] = []
        self.addresses = {str(each): None for each in network.hosts()}
        self.seen = Seen(own={each.address: each for each in here.own_addresses()})
        self.homes = [each for each in self.seen.own.values() if each.network.overlaps(network)]

    def find(self) -> None:
        """See who is there: by echo, by hardware address where no router stands between, else by ports."""
        others = [each for each in self.addresses if each not in self.seen.own]
        tells = self.read_neighbours()
        near = [each for each in others if tells and any(home.is_near(each) for home in self.homes)]
        try:
            asked = partial(self.tell, total=len(others), what=WHO)
            self.seen.answered |= echo.answering(others, self.cancelled, asked)
        except CannotPingError:
            self.notes.append(
                "This machine may send no echo requests: who is there was seen by hardware addresses and ports."
            )
            self.knock(near, TOUCHED, WHO, echo.NEW_PER_S)
        held = {*near, *self.seen.answered}
        self.knock([each for each in others if each not in held], ports.KNOCKED, WHO)
        if tells:
            self.read_neighbours()
            self.leave_out_proxied()

    def inquire(self, credentials: str, ask_snmp: snmp.AskSnmp | None) -> None:
        """Ask who is there what it is, in every way at once."""
        there, self.touched_s = sorted(self.there()), time.monotonic()
        if credentials and ask_snmp is None:
            self.notes.append("Nothing was asked by SNMP: this program has nothing to ask with.")
        with ThreadPoolExecutor(len(("names", "mdns", "snmp")), "discovery") as aside:
            named = aside.submit(names.names, there, self.cancelled)
            asked = aside.submit(self.ask_mdns)
            described = (
                aside.submit(snmp.describe, there, ask_snmp, credentials, self.cancelled)
                if credentials and ask_snmp
                else None
            )
            self.knock(there, ports.PORTS, WHAT)
            self.tell(0, 1, ASKING)
            self.seen.told = asked.result()
            prints = frozenset(each for each, told in self.seen.told.items() if told.services & PRINTING)
            self.seen.said = banners.ask(self.seen.open, prints, self.cancelled)
            self.seen.names = named.result()
            self.seen.described = described.result() if described else {}
        self.tell(1, 1, ASKING)

    def settle(self) -> None:
        """Wait until the kernel knows whether those are still there whom only its old entries name."""
        until_s = self.touched_s + SETTLE_S
        while self.unsure() and time.monotonic() < until_s and not self.cancelled.wait(LOOK_AGAIN_S):
            self.tell(0, 1, SETTLING)
            self.read_neighbours()
        for each in self.unsure():
            del self.seen.neighbours[each]

    def done(self) -> Scan:
        """Return what was found."""
        if self.untried:
            self.notes.append(f"{self.untried:,} connections could not be tried: this machine had no room for more.")
        if self.cancelled.is_set():
            self.notes.append("The scan was stopped before it was done.")
        return Scan(
            subnet=str(self.network),
            at_s=self.at_s,
            took_s=time.monotonic() - self.began_s,
            devices=devices(self.seen, self.there(), {home.interface for home in self.homes}, self.at_s),
            notes=tuple(self.notes),
            complete=not self.cancelled.is_set(),
        )

    def there(self) -> set[str]:
        """Return the IPv4 addresses of the subnet where somebody is, as far as is known."""
        held = {each for each in self.seen.neighbours if each in self.addresses}
        return {each for each in self.addresses if each in self.seen.own} | self.seen.answered | held

    def unsure(self) -> set[str]:
        """Return those whom only an old entry of the kernel's table names."""
        return {
            each for each in self.there() - self.seen.answered - {*self.seen.own} if not self.seen.neighbours[each].sure
        }

    def read_neighbours(self) -> bool:
        """Read the kernel's table; return whether it could be read. Who was sure in this scan stays so."""
        try:
            found = neighbours.table()
        except OSError as error:
            if str(error) not in self.notes:
                self.notes.append(str(error))
            return False
        held = {each.address: each for each in found if each.address not in self.left_out}
        self.seen.neighbours = held | {address: each for address, each in self.seen.neighbours.items() if each.sure}
        return True

    def leave_out_proxied(self) -> None:
        """Leave out addresses that one device answers for by hardware address alone, as a router does for a subnet."""
        silent = [
            self.seen.neighbours[each]
            for each in self.there()
            if each in self.seen.neighbours and each not in self.seen.answered
        ]
        for mac, count in Counter(each.mac for each in silent).items():
            if count > MOST_OF_A_MAC:
                for each in silent:
                    if each.mac == mac:
                        del self.seen.neighbours[each.address]
                        self.left_out.add(each.address)
                self.notes.append(
                    f"{mac} answers for {count} addresses at which nobody else was seen; they are left out."
                )

    def knock(self, addresses: list[str], tried: tuple[int, ...], what: str, per_s: float = ports.PER_S) -> None:
        """Try ports, and take who answered."""
        total = len(addresses) * len(tried)
        heard = ports.knock(addresses, tried, self.cancelled, lambda done: self.tell(done, total, what), per_s)
        self.seen.answered |= heard.answered
        self.seen.open |= heard.open
        self.untried += heard.untried

    def ask_mdns(self) -> dict[str, mdns.Told]:
        """Ask the network that this machine shares with the subnet."""
        try:
            if self.homes:
                return mdns.ask(self.homes[0].address, self.cancelled)
            self.notes.append("This machine is not in the subnet: what devices tell by mDNS does not come as far.")
        except OSError as error:
            self.notes.append(f"Nothing could be asked by mDNS: {said(str(error))}")
        return {}

    def tell(self, done: int, total: int, what: str) -> None:
        """Tell how far it is, unless it was told just now."""
        now_s = time.monotonic()
        if done >= total or now_s >= self.told_s + BETWEEN_S:
            self.told_s = now_s
            self.on_progress(done, total, what)
