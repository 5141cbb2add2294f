"""What goes wrong: incidents that are planted into a machine's month, each with the alert that the rules promise."""

from collections.abc import Callable
from typing import Final, TypeAlias

import msgspec
import numpy as np

from rackside.watch.limits import RULES
from tests.month.machines import DAY_S, HOT_C, HOUR_S, MINUTE_S, PROBE_S, STEP_S, WARM_C, Machine, Span

GRACE_S: Final = 2 * MINUTE_S
"""Two looks of what is looked at each minute."""
MONTHLY: Final = 5
"""Incidents of a machine in thirty days."""
FIRST_S: Final = 0.6 * DAY_S
"""Nothing is planted before this: what is usual has to be learned first."""

AHEAD_S: Final = 30 * MINUTE_S
"""How long a machine is there before something happens to it."""


class Incident(msgspec.Struct, frozen=True, kw_only=True):
    """Something that went wrong. Times are seconds since the beginning of the month.

    One of `kinds` has to be raised by `promised_s`; those in `also` are true when they are raised, and not promised.
    """

    machine: str
    name: str
    kinds: tuple[str, ...]
    also: tuple[str, ...] = ()
    begin_s: float
    end_s: float
    promised_s: float


Plant: TypeAlias = Callable[[Machine, float], Incident]


def plant(machine: Machine, monthly: int = MONTHLY) -> list[Incident]:
    """Plant so many incidents in thirty days into a machine's month, apart from each other, and return them."""
    rng = machine.rng
    count = max(1, round(monthly * machine.days / 30))
    able = [each for each, roles in CATALOGUE if machine.role in roles]
    chosen = [able[place] for place in rng.permutation(len(able))[:count]]
    if FORGOTTEN in chosen:
        chosen.remove(FORGOTTEN)
        chosen.insert(0, FORGOTTEN)
    length_s = (machine.days * DAY_S - FIRST_S) / max(1, count)
    planted = []
    for place, make in enumerate(chosen):
        begin_s = FIRST_S + place * length_s
        at_s = _moment(machine, begin_s, begin_s + 0.5 * length_s)
        if at_s is not None:
            planted.append(make(machine, at_s))
    return planted


def _moment(machine: Machine, since_s: float, until_s: float) -> float | None:
    """Return a moment at which the machine is there, and long enough for an incident; None where there is none."""
    for _ in range(200):
        at_s = float(machine.rng.uniform(since_s, until_s) // PROBE_S * PROBE_S)
        needs_s = 1.6 * HOUR_S if machine.laptop else 14 * HOUR_S
        disturbed = [*machine.restarts, *(when for when, _ in machine.clock)]
        busy = [*machine.away, *((at - 600, at + 600) for at in disturbed)]
        if all(end <= at_s - AHEAD_S or begin >= at_s + needs_s for begin, end in busy):
            return at_s
        until_s = min(until_s + 0.5 * HOUR_S, machine.days * DAY_S - needs_s)
    return None


def _made(  # noqa: PLR0917 - read in this order in each incident
    machine: Machine, name: str, kinds: str, span: Span, promised_s: float, also: str = ""
) -> Incident:
    return Incident(
        machine=machine.name,
        name=name,
        kinds=tuple(kinds.split()),
        also=tuple(also.split()),
        begin_s=span[0],
        end_s=span[1],
        promised_s=promised_s + GRACE_S,
    )


def _disk(machine: Machine) -> str:
    return "/" if machine.laptop else str(machine.rng.choice(["/", "/srv"]))


def _fills(machine: Machine, at_s: float, metric: str, lasts_s: float) -> tuple[Span, float]:
    """Fill a disk to the brim in so long; somebody makes room an hour later. Return when, and when 90 % were passed."""
    span = (at_s, at_s + lasts_s + HOUR_S)
    part = machine.part((metric, _disk(machine)), span)
    steps = int(lasts_s / STEP_S)
    begin = part[0]
    rising = np.concatenate([np.linspace(begin, 100, steps), np.full(max(0, len(part) - steps), 100.0)])[: len(part)]
    part[:] = np.maximum(part, rising).clip(0, 100)
    return span, at_s + lasts_s * (90 - begin) / (100 - begin)


def disk_fills(machine: Machine, at_s: float) -> Incident:
    span, full_s = _fills(machine, at_s, "disk.used", machine.rng.uniform(2, 10) * HOUR_S)
    return _made(machine, "disk fills up over hours", "disk.used disk.filling", span, full_s + 5 * MINUTE_S)


def log_runs_away(machine: Machine, at_s: float) -> Incident:
    span, full_s = _fills(machine, at_s, "disk.used", machine.rng.uniform(10, 50) * MINUTE_S)
    return _made(machine, "runaway log", "disk.used", span, full_s + 5 * MINUTE_S, "disk.filling")


def inodes_run_out(machine: Machine, at_s: float) -> Incident:
    span, full_s = _fills(machine, at_s, "disk.inodes", machine.rng.uniform(0.5, 8) * HOUR_S)
    return _made(machine, "inodes run out", "disk.inodes inodes.filling", span, full_s + 5 * MINUTE_S)


def memory_leaks(machine: Machine, at_s: float) -> Incident:
    rng = machine.rng
    lasts_s = rng.uniform(0.8, 1.2) * HOUR_S if machine.laptop else rng.uniform(1.5, 10) * HOUR_S
    span = (at_s, at_s + lasts_s)
    part = machine.part(("memory.available", ""), span)
    falling = np.linspace(part[0], 1.5, len(part))
    part[:] = np.minimum(part, falling + 0.2 * rng.normal(size=len(part))).clip(0.5, 100)
    machine.part(("memory.oom", ""), (span[1] - STEP_S, span[1] - STEP_S))[:] = 1
    machine.raise_to(("swap.out_share", ""), (span[1] - 1_200, span[1]), rng.uniform(0.01, 0.03))
    low_s = at_s + lasts_s * (1 - (10 - 1.5) / max(10.0, falling[0] - 1.5))
    also = "swap.used io.wait load"
    promised_s = min(low_s + 15 * MINUTE_S, span[1])
    return _made(machine, "memory leaks until a kill", "memory.available memory.oom", span, promised_s, also)


def swap_storms(machine: Machine, at_s: float) -> Incident:
    span = (at_s, at_s + machine.rng.uniform(25, 60) * MINUTE_S)
    machine.raise_to(("swap.out_share", ""), span, machine.rng.uniform(0.02, 0.08), 0.004)
    machine.raise_to(("cpu.iowait", ""), span, machine.rng.uniform(20, 60), 8)
    part = machine.part(("memory.available", ""), span)
    part[:] = np.minimum(part, machine.rng.uniform(3, 9))
    also = "memory.available io.wait load"
    return _made(machine, "swap storm", "swap.used", span, at_s + 20 / 0.02, also)


def link_is_lost(machine: Machine, at_s: float) -> Incident:
    span = (at_s, at_s + machine.rng.uniform(2, 40) * MINUTE_S)
    nic = "wlan0" if machine.laptop else "eth0"
    machine.part(("nic.link", nic), span)[:] = 0
    if machine.laptop and ("nic.link", "eth0") in machine.now:
        wired = machine.part(("nic.link", "eth0"), span)
        wired[wired == 1] = 0
    for metric in ("gateway.lost", "dns.fails", "internet.fails"):
        machine.part((metric, ""), span)[:] = 1
    for service in machine.services.values():
        service.outages.append(span)
    also = "ping.down ping.loss dns internet check.tcp check.http"
    return _made(machine, "link lost", "nic.link", span, at_s + MINUTE_S, also)


def link_is_full(machine: Machine, at_s: float) -> Incident:
    span = (at_s, at_s + machine.rng.uniform(15, 60) * MINUTE_S)
    machine.raise_to(("nic.use", "eth0"), span, 96, 1)
    machine.part(("gateway.ms", ""), span)[:] *= 20
    return _made(machine, "link is full", "nic.use", span, at_s + 10 * MINUTE_S, "rtt ping.loss nic.drops")


def packets_are_dropped(machine: Machine, at_s: float) -> Incident:
    span = (at_s, at_s + machine.rng.uniform(30, 80) * MINUTE_S)
    nic, share = ("wlan0", machine.rng.uniform(15, 30)) if machine.laptop else ("eth0", machine.rng.uniform(3, 10))
    part = machine.part(("nic.drops", nic), span)
    # The collector gives the share of the last ten minutes.
    part[:] = np.maximum(part, share * np.minimum(1.0, np.arange(len(part)) * STEP_S / 600))
    return _made(machine, "packets are dropped", "nic.drops", span, at_s + 20 * MINUTE_S, "ping.loss")


def gateway_loses(machine: Machine, at_s: float) -> Incident:
    span = (at_s, at_s + machine.rng.uniform(20, 60) * MINUTE_S)
    machine.part(("gateway.lost", ""), span)[:] = machine.rng.uniform(0.15, 0.4)
    for metric in ("dns.fails", "internet.fails"):
        machine.part((metric, ""), span)[:] = 0.1
    return _made(machine, "gateway loses packets", "ping.loss", span, at_s + 10 * MINUTE_S, "dns internet rtt")


def gateway_is_down(machine: Machine, at_s: float) -> Incident:
    span = (at_s, at_s + machine.rng.uniform(5, 40) * MINUTE_S)
    for metric in ("gateway.lost", "dns.fails", "internet.fails"):
        machine.part((metric, ""), span)[:] = 1
    return _made(machine, "gateway is down", "ping.down", span, at_s + MINUTE_S, "ping.loss dns internet")


def names_fail(machine: Machine, at_s: float) -> Incident:
    span = (at_s, at_s + machine.rng.uniform(6, 40) * MINUTE_S)
    machine.part(("dns.fails", ""), span)[:] = machine.rng.uniform(0.9, 1.0)
    return _made(machine, "name server fails", "dns", span, at_s + 5 * MINUTE_S, "internet")


def internet_is_gone(machine: Machine, at_s: float) -> Incident:
    span = (at_s, at_s + machine.rng.uniform(6, 60) * MINUTE_S)
    machine.part(("internet.fails", ""), span)[:] = 1
    if machine.rng.random() < 0.5:
        machine.part(("dns.fails", ""), span)[:] = 1
    return _made(machine, "internet is gone", "internet dns", span, at_s + 5 * MINUTE_S)


def queue_swells(machine: Machine, at_s: float) -> Incident:
    """A full line before a large buffer: hundreds of milliseconds [Gettys 2011, bufferbloat]."""
    span = (at_s, at_s + machine.rng.uniform(30, 80) * MINUTE_S)
    part = machine.part(("internet.ms", ""), span)
    part[:] += machine.rng.uniform(200, 800) * machine.rng.lognormal(0, 0.25, len(part))
    return _made(machine, "slow line", "rtt", span, at_s + 20 * MINUTE_S)


def load_runs_away(machine: Machine, at_s: float) -> Incident:
    span = (at_s, at_s + machine.rng.uniform(40, 90) * MINUTE_S)
    machine.raise_to(("load.per_core", ""), span, machine.rng.uniform(3, 10), 0.3)
    machine.raise_to(("cpu.used", ""), span, machine.rng.uniform(85, 100), 1)
    return _made(machine, "load runs away", "load", span, at_s + 15 * MINUTE_S, "cpu.used temperature")


def processors_are_stuck(machine: Machine, at_s: float) -> Incident:
    span = (at_s, at_s + machine.rng.uniform(40, 90) * MINUTE_S)
    machine.raise_to(("cpu.used", ""), span, 99, 0.5)
    machine.now["cpu.used", ""] = machine.now["cpu.used", ""].clip(0, 100)
    return _made(machine, "processors are stuck", "cpu.used", span, at_s + 15 * MINUTE_S, "load temperature")


def backup_hangs(machine: Machine, at_s: float) -> Incident:
    span = (at_s, at_s + HOUR_S)
    machine.raise_to(("cpu.iowait", ""), span, 60, 10)
    machine.raise_to(("load.per_core", ""), span, machine.rng.uniform(0.8, 2.5), 0.2)
    return _made(machine, "backup hangs on a disk", "io.wait", span, at_s + 10 * MINUTE_S, "load")


def overheats(machine: Machine, at_s: float) -> Incident:
    span = (at_s, at_s + machine.rng.uniform(15, 60) * MINUTE_S)
    machine.raise_to(("temperature", ""), span, machine.rng.uniform(WARM_C + 3, HOT_C + 3), 1)
    return _made(machine, "overheats", "temperature", span, at_s + 2 * MINUTE_S)


CONSEQUENCES: Final = "ping.down ping.loss check.tcp check.http dns rtt"


def host_is_down(machine: Machine, at_s: float) -> Incident:
    span = (at_s, at_s + machine.rng.uniform(5, 60) * MINUTE_S)
    return _goes_down(machine, "host is down", span)


def host_restarts(machine: Machine, at_s: float) -> Incident:
    """It restarts unasked. Three minutes are enough to be told."""
    return _goes_down(machine, "host restarts unasked", (at_s, at_s + machine.rng.uniform(160, 300)))


def _goes_down(machine: Machine, name: str, span: Span) -> Incident:
    for service in machine.services.values():
        service.outages.append(span)
    machine.away.append(span)
    machine.boots.append(span[1])
    return _made(machine, name, "ping.down", span, span[0] + 2 * MINUTE_S, CONSEQUENCES)


def host_loses(machine: Machine, at_s: float) -> Incident:
    span = (at_s, at_s + machine.rng.uniform(20, 60) * MINUTE_S)
    share = machine.rng.uniform(0.2, 0.4)
    _asked(machine, "host", span, fails=share)
    # A connection asks again for what is lost, after a second, and after three.
    machine.services["tcp"].ms[_minutes(span)] += 1_000 * (machine.rng.random(_length(span)) < 2 * share)
    return _made(machine, "a third of the packets is lost", "ping.loss", span, at_s + 10 * MINUTE_S, "rtt")


def host_loses_some(machine: Machine, at_s: float) -> Incident:
    span = (at_s, at_s + 90 * MINUTE_S)
    _asked(machine, "host", span, fails=machine.rng.uniform(0.10, 0.14))
    return _made(machine, "one packet in eight is lost", "ping.loss", span, at_s + 20 * MINUTE_S)


def page_fails(machine: Machine, at_s: float) -> Incident:
    span = (at_s, at_s + machine.rng.uniform(6, 60) * MINUTE_S)
    machine.services["http"].outages.append(span)
    return _made(machine, "page answers 500", "check.http", span, at_s + 5 * MINUTE_S)


def page_flaps(machine: Machine, at_s: float) -> Incident:
    span = (at_s, at_s + machine.rng.uniform(30, 60) * MINUTE_S)
    _asked(machine, "http", span, fails=0.8)
    return _made(machine, "page fails most of the time", "check.http", span, at_s + 15 * MINUTE_S)


def page_is_slow(machine: Machine, at_s: float) -> Incident:
    span = (at_s, at_s + machine.rng.uniform(30, 80) * MINUTE_S)
    _asked(machine, "http", span, ms=machine.rng.uniform(4_000, 12_000))
    return _made(machine, "page is slow", "rtt", span, at_s + 20 * MINUTE_S)


def service_fails(machine: Machine, at_s: float) -> Incident:
    span = (at_s, at_s + machine.rng.uniform(6, 60) * MINUTE_S)
    machine.services["tcp"].outages.append(span)
    return _made(machine, "service fails", "check.tcp", span, at_s + 5 * MINUTE_S)


def route_is_slow(machine: Machine, at_s: float) -> Incident:
    """Five times as slow; a machine next door, where that is nothing, is asked over a line that is full instead."""
    span = (at_s, at_s + machine.rng.uniform(30, 80) * MINUTE_S)
    usual_ms = float(np.median(machine.services["host"].ms))
    more_ms = 4 * usual_ms if usual_ms >= 40 else machine.rng.uniform(200, 500)
    for service in machine.services.values():
        part = service.ms[_minutes(span)]
        part += more_ms * machine.rng.lognormal(0, 0.2, len(part))
    return _made(machine, "slow round trips", "rtt", span, at_s + 20 * MINUTE_S)


WARNED_DAYS: Final = next(rule.levels[0].raise_at for rule in RULES if rule.kind == "tls.expiry")


def certificate_is_forgotten(machine: Machine, at_s: float) -> Incident:
    """It passes the days at which it is warned of now, and is renewed when it has three days left."""
    days = machine.now["tls.days", ""]
    left = WARNED_DAYS - (np.arange(len(days)) * PROBE_S - at_s) / DAY_S
    end_s = min(at_s + (WARNED_DAYS - 3) * DAY_S, machine.days * DAY_S)
    days[:] = np.where(left > 3, left, left + 87)
    return _made(machine, "certificate is forgotten", "tls.expiry", (at_s, end_s), at_s)


def _minutes(span: Span) -> slice:
    return slice(int(span[0] / PROBE_S), int(span[1] / PROBE_S))


def _length(span: Span) -> int:
    return int(span[1] / PROBE_S) - int(span[0] / PROBE_S)


def _asked(machine: Machine, metric: str, span: Span, *, fails: float = 0.0, ms: float = 0.0) -> None:
    service, part = machine.services[metric], _minutes(span)
    service.fails[part] = np.maximum(service.fails[part], fails)
    if ms:
        service.ms[part] = ms * machine.rng.lognormal(0, 0.3, _length(span))


FORGOTTEN: Final[Plant] = certificate_is_forgotten
ALL: Final = frozenset({"web", "laptop", "database", "files", "build"})
SERVERS: Final = ALL - {"laptop"}
PAGES: Final = frozenset({"web", "build"})
CATALOGUE: Final[tuple[tuple[Plant, frozenset[str]], ...]] = (
    *((make, ALL) for make in (memory_leaks, link_is_lost, packets_are_dropped, gateway_loses, gateway_is_down)),
    *((make, ALL) for make in (names_fail, internet_is_gone, queue_swells, processors_are_stuck, overheats)),
    *((make, ALL) for make in (log_runs_away, swap_storms, load_runs_away)),
    *((make, SERVERS) for make in (disk_fills, inodes_run_out, link_is_full, backup_hangs, host_is_down)),
    *((make, SERVERS) for make in (host_restarts, host_loses, host_loses_some, service_fails, route_is_slow)),
    *((make, PAGES) for make in (page_fails, page_flaps, page_is_slow, certificate_is_forgotten)),
)
"""Each with the roles of the machines that it may befall."""
