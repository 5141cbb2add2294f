"""What a device says of itself by SNMP: its links and traffic, disks, load, supplies, battery, or any number."""

from collections.abc import Mapping
from typing import ClassVar, Final, Literal, TypeAlias

from rackside.watch.checks import snmp_tables as tables
from rackside.watch.checks import snmp_traffic
from rackside.watch.checks.check import Check, Deadline, Host, Port, Result, Stopwatch
from rackside.watch.checks.snmp_session import MOST_NUMBERS, Oid, Session, Value
from rackside.watch.checks.snmp_tables import LIMITS, Judged, Limits

What: TypeAlias = Literal["any", "interfaces", "traffic", "storage", "load", "supplies", "ups", "oid"]
PUBLIC: Final = "public"
"""The community that devices come with, which is no secret."""
MOST_VALUES: Final = 32
NAMED: Final = 8
"""Interfaces that are down and whose names are asked for; further ones are counted."""
DESCRIBED_WITHIN_S: Final = 2.0
LEAST_NUMBERS: Final = 2
NUMBERS: Final = 2**32
ROOTS: Final = 3
BELOW_A_ROOT: Final = 40
"""[RFC 2578, §3.5; X.690, §8.19] What a name may have: the last root takes any number below it."""
UNTOLD: Final[Mapping[What, str]] = {
    "any": "what it is",
    "interfaces": "of interfaces (IF-MIB)",
    "traffic": "how much goes over its links (IF-MIB)",
    "storage": "of disks (HOST-RESOURCES-MIB)",
    "load": "its load (UCD-SNMP-MIB)",
    "supplies": "of supplies (Printer-MIB)",
    "ups": "of a battery (UPS-MIB)",
}


class Snmp(Check, frozen=True, kw_only=True, tag="snmp"):
    """A device answers by SNMP, and what it says of itself is well.

    `what` is any, interfaces, traffic, storage, load, supplies, ups or oid. The limits are in percent of a link's speed
    for traffic, percent used for storage, load of a minute per core for load, percent left for supplies, percent of
    charge for ups, and the number itself for oid; one
    that is not given is the kind's own. `secret` names what is kept on this machine: a community, or the user of
    version 3. Without it the community is public. An answer that comes from another address is not heard.
    """

    TARGET: ClassVar[str] = "host"
    SHOWN: ClassVar[str] = "a device is well by what it says of itself"
    host: Host
    what: What = "any"
    version: Literal["2c", "3"] = "2c"
    secret: str = ""
    community: str = PUBLIC
    oid: str = ""
    warning_above: float | None = None
    critical_above: float | None = None
    warning_below: float | None = None
    critical_below: float | None = None
    port: Port = 161

    def __post_init__(self) -> None:
        """Refuse what cannot be asked, and a community that would be kept where everybody can read it.

        Raises:
            ValueError: it says what is off.
        """
        super().__post_init__()
        if self.community != PUBLIC:
            raise ValueError("a community other than public is a secret: keep it on this machine, and give its name")
        if self.version == "3" and not self.secret:
            raise ValueError("version 3 needs the name of a secret that holds its user")
        if (self.what == "oid") != bool(self.oid):
            raise ValueError("an oid goes with what oid, and that with an oid")
        if self.what not in LIMITS and self._limits() != Limits():
            raise ValueError(f"{self.what} takes no limits")
        if self.oid:
            parsed(self.oid)

    def look(self, until: Deadline) -> Result:
        """Ask, and judge what comes."""
        with self._session(until) as session:
            watch = Stopwatch()
            found = self._judged(session)
        values = {"time": (watch.ms(), "ms"), **found.values}
        cut = dict(list(values.items())[:MOST_VALUES])
        if found.findings:
            worst, others = found.findings[0], len(found.findings) - 1
            said = f"{self.host}: {worst.sentence}" + (f", and {others} more" if others else "")
            return Result(level=worst.level, sentence=said, values=cut, answers=True, main=found.main)
        if not found.well:
            return Result(
                level="critical", sentence=f"{self.host} does not tell {UNTOLD.get(self.what, self.oid)}", values=cut
            )
        return Result(level="ok", sentence=f"{self.host}: {found.well}", values=cut, main=found.main)

    def _session(self, until: Deadline) -> Session:
        """Begin to ask.

        Raises:
            CannotCheckError: there is no secret of this name.
            ValueError: the secret is of the other version.
        """
        from rackside.watch.checks.secrets import SnmpCredentials, read_secret

        kept = read_secret(self.secret) if self.secret else SnmpCredentials(community=self.community)
        if self.version == "2c":
            if not kept.community:
                raise ValueError(f"the secret {self.secret} holds a user of version 3, and no community")
            return Session(self.host, self.port, until, kept.community)
        if not kept.user:
            raise ValueError(f"the secret {self.secret} holds a community, and no user of version 3")
        from rackside.watch.checks.snmp_usm import UsmSession

        return UsmSession(self.host, self.port, until, kept)

    def _limits(self) -> Limits:
        """Return the limits that are given, and of the others the kind's own."""
        own = LIMITS.get(self.what, Limits())
        given = {name: value for name in Limits._fields if (value := getattr(self, name)) is not None}
        return own._replace(**given)

    def _judged(self, session: Session) -> Judged:
        limits = self._limits()
        match self.what:
            case "any":
                found = tables.system(session.get(tables.SYSTEM))
            case "interfaces":
                found = _interfaces(session)
            case "traffic":
                found = snmp_traffic.traffic(session, limits, f"{self.host} {self.port} {self.secret}")
            case "storage":
                found = _storage(session, limits)
            case "load":
                values = session.get(tables.LOADS)
                cores = len(session.walk(tables.PROCESSORS).rows) if values[0] is not None else 0
                found = tables.load(values, cores, limits)
            case "supplies":
                found = tables.supplies(session.walk(tables.SUPPLIES), limits)
            case "ups":
                found = tables.ups(session.get(tables.UPS), limits)
            case "oid":
                found = tables.single(self.oid, session.get([parsed(self.oid)])[0], limits)
        return found


def description(address: str, secret: str) -> str | None:
    """Return what the device at an address says it is (sysDescr), asked with what is kept as a secret; None if nothing.

    Without the name of a secret it is asked as `public`.
    """
    from rackside.watch.checks.secrets import read_secret

    version: Literal["2c", "3"] = "2c"
    if secret and read_secret(secret).user:
        version = "3"
    asked = Snmp(host=address, version=version, secret=secret, timeout_s=DESCRIBED_WITHIN_S)
    try:
        with asked._session(Deadline(asked.timeout_s)) as session:  # noqa: SLF001 - of the same module
            said = session.get(tables.SYSTEM)[0]
    except (OSError, ValueError):
        return None
    return tables.text(said) or None


def parsed(oid: str) -> Oid:
    """Return the numbers of a name such as `1.3.6.1.2.1.1.3.0`.

    Raises:
        ValueError: it is none.
    """
    numbers = oid.strip().removeprefix(".").split(".")
    if not LEAST_NUMBERS <= len(numbers) <= MOST_NUMBERS or not all(
        each.isascii() and each.isdigit() for each in numbers
    ):
        raise ValueError("an oid is numbers with dots between, such as 1.3.6.1.2.1.1.3.0")
    found = tuple(int(each[:11]) for each in numbers)
    if found[0] >= ROOTS or (found[0] < ROOTS - 1 and found[1] >= BELOW_A_ROOT) or max(found) >= NUMBERS:
        raise ValueError("no oid begins so, or one of its numbers is too large")
    return found


def _interfaces(session: Session) -> Judged:
    """Ask for all links, and for names only of some that are lost."""
    table = session.walk(tables.INTERFACES)
    if not table.rows:
        return tables.judged((), "", {})
    names = {}
    for index in tables.lost_links(table)[:NAMED]:
        names[index] = tables.interface_name(session.get([(*column, *index) for column in tables.INTERFACE_NAMES]))
    return tables.interfaces(table, names)


def _storage(session: Session, limits: Limits) -> Judged:
    """Ask for all disks, and whether they can be written to only where one is too full."""
    table = session.walk(tables.STORAGE)
    mounts: dict[Oid, Value] = {}
    found = tables.storage(table, limits, mounts)
    if any(each.level in {"warning", "critical"} for each in found.findings):
        return tables.storage(table, limits, tables.read_only(session.walk(tables.MOUNTS)))
    return found
