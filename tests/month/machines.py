"""The usual life of a machine over a month: what its collectors would read, and how what is asked of it answers.

The numbers were chosen before any rule saw them. Where they come from:
 - use of processors: servers run at 10 to 50 % [Barroso and Hölzle 2007], with a day and a week in it.
 - round trips: a log-normal body and a heavy tail, levels that shift for hours [Fontugne et al. 2015], slower evenings
   on shared links [Dhamdhere et al. 2018].
 - loss: 0.01 % on wires [Guo et al. 2015, Pingmesh], 0.5 % on Wi-Fi, in bursts [Biswas et al. 2015].
 - builds: median six minutes, one in twenty over a quarter of an hour [CircleCI, State of Software Delivery].
 - certificates of 90 days are renewed at 30 days left [Let's Encrypt].
 - clocks: steps of less than a second [ntpd, chrony]; a virtual machine that was moved is off by a minute.
 - daily and weekly jobs: cron.daily and logrotate at night [Debian], a backup that is written, sent and deleted.
"""

from dataclasses import dataclass, field
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Span: TypeAlias = tuple[float, float]
"""Seconds since the beginning, and until when."""

STEP_S: Final = 20.0
"""The console looks each second or two. Every rule but the one on lost links holds for a minute or more."""
PROBE_S: Final = 60.0
MINUTE_S: Final = 60.0
HOUR_S: Final = 3_600.0
DAY_S: Final = 86_400.0
START_S: Final = 1_772_406_000.0
"""Monday, 2 March 2026, 00:00 in Berlin; summer time begins on the 29th."""
SUMMER_S: Final = 27 * DAY_S + 2 * HOUR_S
ROLES: Final = ("web", "laptop", "database", "files", "laptop", "build")
GIB: Final = 1024.0**3
WARM_C, HOT_C = 80.0, 100.0
"""What coretemp says of most Intel processors."""


@dataclass
class Service:
    """What is asked of a machine from elsewhere, once a minute. `outages` are short and usual, or planted."""

    metric: str
    label: str
    kind: str
    ms: Floats
    fails: Floats
    """The probability that one try fails, of each minute; of a ping, that one echo is lost."""
    outages: list[Span] = field(default_factory=list)


@dataclass
class Machine:
    """A machine. `now` holds what is read each step by metric and component, the probes' part each minute."""

    name: str
    role: str
    days: int
    rng: np.random.Generator
    now: dict[tuple[str, str], Floats] = field(default_factory=dict)
    away: list[Span] = field(default_factory=list)
    """When the console does not run: asleep, restarting."""
    boots: list[float] = field(default_factory=list)
    maintenance: list[Span] = field(default_factory=list)
    moves: list[float] = field(default_factory=list)
    """When another gateway begins."""
    drops: list[tuple[str, float, float]] = field(default_factory=list)
    """Links that are lost for seconds: interface, when, how long."""
    services: dict[str, Service] = field(default_factory=dict)
    restarts: list[float] = field(default_factory=list)
    """When the console itself is started anew."""
    clock: list[tuple[float, float]] = field(default_factory=list)
    """Steps of the clock: when, and by how many seconds."""
    disk_bytes: float = 500 * GIB

    @property
    def laptop(self) -> bool:
        return self.role == "laptop"

    @property
    def steps(self) -> int:
        return int(self.days * DAY_S / STEP_S)

    @property
    def minutes(self) -> int:
        return int(self.days * DAY_S / PROBE_S)

    def clock_hours(self, every_s: float) -> tuple[Floats, NDArray[np.int64]]:
        """Return the hour that people's clocks show, and the day of the week, of each step."""
        at = np.arange(int(self.days * DAY_S / every_s)) * every_s
        local = at + np.where(at >= SUMMER_S, HOUR_S, 0.0)
        return local % DAY_S / HOUR_S, (local // DAY_S % 7).astype(np.int64)

    def smooth(self, every_s: float, knot_s: float) -> Floats:
        """Return noise of deviation one that wanders from knot to knot."""
        count = int(self.days * DAY_S / every_s)
        knots = self.rng.normal(size=int(self.days * DAY_S / knot_s) + 2)
        return np.interp(np.arange(count) * every_s / knot_s, np.arange(len(knots)), knots)

    def busy_hours(self, every_s: float) -> Floats:
        """Return how much of a working day it is, 0 to 1."""
        hour, weekday = self.clock_hours(every_s)
        return np.exp(-(((hour - 13.5) / 4.0) ** 2)) * np.where(weekday < 5, 1.0, 0.25)

    def raise_to(self, key: tuple[str, str], span: Span, value: float, spread: float = 0.0) -> None:
        """Lift a reading to a value for a while, where it is below."""
        part = self.part(key, span)
        part[:] = np.maximum(part, value + spread * self.rng.normal(size=len(part)))

    def part(self, key: tuple[str, str], span: Span) -> Floats:
        """Return the part of a reading that is in a time, to be changed."""
        every_s = PROBE_S if key[0].startswith(("gateway", "dns", "internet")) else STEP_S
        return self.now[key][int(span[0] / every_s) : max(int(span[1] / every_s), int(span[0] / every_s) + 1)]


def usual(index: int, seed: int, days: int) -> Machine:
    """Return a machine with its month, in which nothing is wrong."""
    role = ROLES[index % len(ROLES)]
    machine = Machine(f"{role}-{index:02}", role, days, np.random.default_rng([seed, index]))
    _processors(machine)
    _memory(machine)
    _disks(machine)
    _network(machine)
    _habits(machine)
    _asked(machine)
    return machine


def _nights(machine: Machine, hour: float) -> list[float]:
    return [day * DAY_S + hour * HOUR_S + machine.rng.normal(0, 60) for day in range(machine.days)]


def _processors(machine: Machine) -> None:
    rng, steps = machine.rng, machine.steps
    busy = machine.busy_hours(STEP_S)
    used = rng.uniform(4, 20) + rng.uniform(8, 30) * busy + 4 * machine.smooth(STEP_S, 300) + 3 * rng.normal(size=steps)
    machine.now["cpu.used", ""] = used.clip(0.5, 100)
    waits = rng.exponential(1.5, steps) + rng.uniform(0, 4) * busy
    machine.now["cpu.iowait", ""] = waits.clip(0, 100)
    crowd = np.zeros(steps)
    minute = rng.uniform(0, 60) * MINUTE_S
    if not machine.laptop:
        for at in np.arange(minute, machine.days * DAY_S - HOUR_S, HOUR_S):
            machine.raise_to(("cpu.used", ""), (at, at + rng.uniform(20, 180)), rng.uniform(60, 100), 3)
        for at in _nights(machine, 3.0 + rng.uniform(0, 2)):
            machine.raise_to(("cpu.iowait", ""), (at, at + rng.uniform(180, 480)), rng.uniform(40, 80), 6)
            machine.raise_to(("cpu.used", ""), (at, at + rng.uniform(300, 1_200)), rng.uniform(40, 95), 4)
    jobs = {"build": 12, "laptop": 4}.get(machine.role, 0)
    for day in range(machine.days):
        for at in day * DAY_S + rng.uniform(8, 18, rng.poisson(jobs)) * HOUR_S:
            span = (at, at + rng.lognormal(np.log(6 * MINUTE_S), 0.6))
            machine.raise_to(("cpu.used", ""), span, rng.uniform(70, 100), 3)
            crowd[int(span[0] / STEP_S) : int(span[1] / STEP_S)] += rng.uniform(0.1, 0.8)
    machine.now["cpu.used", ""] = machine.now["cpu.used", ""].clip(0, 100)
    load = machine.now["cpu.used", ""] / 100 * rng.uniform(0.8, 1.3) + machine.now["cpu.iowait", ""] / 100 + crowd
    machine.now["load.per_core", ""] = np.convolve(load, np.full(4, 0.25), "same")
    warmth = np.convolve(machine.now["cpu.used", ""], np.full(6, 1 / 6), "same")
    machine.now["temperature", ""] = (
        rng.uniform(36, 46) + rng.uniform(0.2, 0.33) * warmth + 1.5 * machine.smooth(STEP_S, 6 * HOUR_S) + busy
    )


def _memory(machine: Machine) -> None:
    """Caches count as available, so it wanders with what programs hold; some leak until their weekly restart."""
    rng = machine.rng
    held = rng.uniform(30, 75) + rng.uniform(2, 8) * machine.busy_hours(STEP_S)
    held += rng.uniform(0.5, 2.0) * machine.smooth(STEP_S, 1_800) + 0.3 * rng.normal(size=machine.steps)
    at = np.arange(machine.steps) * STEP_S
    if rng.random() < 0.4:
        held += rng.uniform(0.3, 1.2) * ((at + rng.uniform(0, 7) * DAY_S) % (7 * DAY_S)) / DAY_S
    machine.now["memory.available", ""] = (100 - held).clip(1, 99)
    machine.now["memory.oom", ""] = np.zeros(machine.steps)
    machine.now["swap.out_share", ""] = np.zeros(machine.steps)
    for night in _nights(machine, 4.0):
        span = (night, night + rng.uniform(60, 300))
        machine.part(("memory.available", ""), span)[:] -= rng.uniform(1, 4)
        machine.raise_to(("swap.out_share", ""), span, rng.uniform(0.001, 0.01))


def _disks(machine: Machine) -> None:
    """`/` grows by logs that are rotated each night and each week; `/srv` by what people keep, and nightly dumps."""
    rng, steps = machine.rng, machine.steps
    days = np.arange(steps) * STEP_S / DAY_S
    logs = rng.uniform(0.1, 0.8) * ((days + 0.73) % 1) + rng.uniform(0.1, 0.5) * ((days + 3.2) % 7)
    root = rng.uniform(20, 70) + rng.uniform(0, 0.15) * days + logs + 0.02 * rng.normal(size=steps)
    machine.now["disk.used", "/"] = root
    machine.now["disk.inodes", "/"] = rng.uniform(5, 45) + rng.uniform(0, 0.1) * days + 0.3 * logs
    if machine.laptop:
        machine.disk_bytes = 256 * GIB
        for at in rng.uniform(0, machine.days * DAY_S, max(1, machine.days // 5)):
            # A download, or an update that is unpacked, and what is deleted when it is done.
            span = (float(at), float(at + rng.uniform(0.3, 4) * HOUR_S))
            part = machine.part(("disk.used", "/"), span)
            part[:] += np.linspace(0, rng.uniform(1, 6), len(part))
        return
    machine.disk_bytes = float(rng.choice([1, 2, 4, 8])) * 1024 * GIB
    working = np.cumsum(machine.busy_hours(STEP_S))
    kept = rng.uniform(25, 60) + rng.uniform(0.05, 0.3) * machine.days * working / working[-1]
    machine.now["disk.used", "/srv"] = kept + 0.02 * rng.normal(size=steps)
    machine.now["disk.inodes", "/srv"] = rng.uniform(5, 40) + 0.2 * (kept - kept[0])
    size = {"database": (4, 14), "files": (1, 4), "web": (1, 5), "build": (1, 3)}[machine.role]
    dump, hour, writes_s = rng.uniform(*size), rng.uniform(0.5, 3.0), rng.uniform(0.4, 2.0) * HOUR_S
    for day, at in enumerate(_nights(machine, hour)):
        much = dump * (2.0 if day % 7 == 5 else 1.0)
        keeps_s = writes_s * (2.0 if day % 7 == 5 else 1.0)
        _heap(machine, at, keeps_s, rng.uniform(0.5, 3) * HOUR_S, much)
        machine.raise_to(("cpu.iowait", ""), (at, at + keeps_s), rng.uniform(5, 20), 3)
    if machine.role == "build":
        for day in range(machine.days):
            _heap(machine, day * DAY_S + 8 * HOUR_S, 10 * HOUR_S, 6 * HOUR_S, rng.uniform(3, 12))


def _heap(machine: Machine, at: float, writes_s: float, keeps_s: float, percent: float) -> None:
    """Write something in so long, keep it for so long, and delete it."""
    grows = machine.part(("disk.used", "/srv"), (at, at + writes_s))
    grows[:] += np.linspace(0, percent, len(grows))
    machine.part(("disk.used", "/srv"), (at + writes_s, at + writes_s + keeps_s))[:] += percent


def _network(machine: Machine) -> None:
    rng, minutes = machine.rng, machine.minutes
    wireless = machine.laptop
    use = rng.exponential(3, machine.steps) + 10 * machine.busy_hours(STEP_S) * rng.random(machine.steps)
    machine.now["nic.use", "eth0"] = use.clip(0, 100)
    for at in rng.uniform(0, machine.days * DAY_S - HOUR_S, 6 * machine.days):
        machine.raise_to(("nic.use", "eth0"), (at, at + rng.lognormal(np.log(60), 0.8)), rng.uniform(50, 99), 2)
    if not wireless:
        for at in _nights(machine, 5.0):
            machine.raise_to(("nic.use", "eth0"), (at, at + rng.uniform(600, 3_600)), rng.uniform(30, 80), 5)
    machine.now["nic.use", "eth0"] = machine.now["nic.use", "eth0"].clip(0, 100)
    machine.now["nic.drops", "eth0"] = rng.exponential(0.02, machine.steps)
    if wireless:
        machine.now["nic.drops", "wlan0"] = (1.0 + 1.2 * machine.smooth(STEP_S, 900)).clip(0, 100)
    evening = np.exp(-(((machine.clock_hours(PROBE_S)[0] - 21) / 2) ** 2))
    line = rng.uniform(6, 35) * (1 + rng.uniform(0, 0.6) * evening)
    near_ms = rng.uniform(1.5, 5) if wireless else rng.uniform(0.2, 0.8)
    machine.now["gateway.ms", ""] = _trips(machine, np.full(minutes, near_ms))
    machine.now["internet.ms", ""] = _trips(machine, line)
    machine.now["gateway.lost", ""] = _losses(machine, wireless)
    machine.now["dns.fails", ""] = np.full(minutes, 0.002)
    machine.now["internet.fails", ""] = np.full(minutes, 0.001)


def _trips(machine: Machine, base: Floats) -> Floats:
    rng = machine.rng
    trips = base * rng.lognormal(0, 0.15, len(base))
    tail = rng.random(len(base)) < 0.01
    trips[tail] *= 1 + rng.pareto(1.5, int(tail.sum()))
    for at in rng.uniform(0, len(base), max(1, machine.days // 14)):
        trips[int(at) : int(at + rng.uniform(60, 1_200))] *= rng.uniform(1.1, 1.8)
    return trips


def _losses(machine: Machine, wireless: bool) -> Floats:  # noqa: FBT001 - a fact of the machine
    rng = machine.rng
    lost = np.full(machine.minutes, 0.005 if wireless else 0.0001)
    for at in rng.uniform(0, machine.minutes, rng.poisson((0.5 if wireless else 0.05) * machine.days)):
        lost[int(at) : int(at) + 1] = rng.uniform(0.05, 0.5)
    return lost


def _habits(machine: Machine) -> None:
    """When the machine sleeps, moves, restarts; when its console does; what its clock does."""
    rng = machine.rng
    end = machine.days * DAY_S
    machine.boots.append(-float(rng.uniform(1, 30)) * DAY_S)
    machine.restarts += [float(at) for at in rng.uniform(0, end, rng.poisson(machine.days / 7))]
    machine.clock += [(float(at), float(rng.normal(0, 0.4))) for at in rng.uniform(0, end, machine.days // 3)]
    if rng.random() < 0.2:
        machine.clock.append((float(rng.uniform(0, end)), float(rng.choice([-60.0, 75.0, 120.0]))))
    if not machine.laptop:
        for at in [day * DAY_S + 4.2 * HOUR_S for day in range(machine.days) if day % 14 == 8]:
            machine.maintenance.append((at - 600, at + 1_200))
            machine.boots.append(at + rng.uniform(120, 240))
            machine.away.append((at, machine.boots[-1] + 20))
        return
    if rng.random() < 0.2 and machine.days * DAY_S > SUMMER_S + DAY_S:
        # Its hardware clock holds local time, and another system on it set that to summer.
        machine.clock += [(SUMMER_S + 8 * HOUR_S, HOUR_S), (SUMMER_S + 8 * HOUR_S + 300, -HOUR_S)]
    docked = rng.random() < 0.6
    fixed_port = docked and rng.random() < 0.5
    link = np.full(machine.steps, np.nan)
    here_from = 0.0
    for day in range(machine.days):
        morning = day * DAY_S + rng.normal(8.3, 0.4) * HOUR_S
        evening = day * DAY_S + rng.normal(17.8, 0.8) * HOUR_S
        if day % 7 > 4 and rng.random() < 0.7:
            continue
        machine.away.append((here_from, morning))
        here_from = evening
        lunch = day * DAY_S + rng.normal(12.2, 0.3) * HOUR_S
        machine.away.append((lunch, lunch + rng.uniform(20, 70) * MINUTE_S))
        machine.moves += [morning] + ([lunch + HOUR_S] if rng.random() < 0.3 else [])
        if docked and day % 7 < 3:
            meeting = lunch + rng.uniform(1.5, 3) * HOUR_S
            desk = slice(int(morning / STEP_S), int(evening / STEP_S))
            link[desk] = 1.0
            back = meeting + rng.uniform(1_200, 5_400)
            link[int(meeting / STEP_S) : int(back / STEP_S)] = 0.0 if fixed_port else np.nan
        for at in rng.uniform(morning, evening, rng.poisson(2)):
            machine.drops.append(("wlan0", float(at), float(rng.lognormal(np.log(3), 1.0))))
    machine.away.append((here_from, end))
    if fixed_port:
        link[np.isnan(link)] = 0.0
    machine.now["nic.link", "eth0"] = link
    machine.now["nic.use", "eth0"][~(link == 1.0)] = np.nan
    machine.now["nic.drops", "eth0"][np.isnan(link)] = np.nan


def _asked(machine: Machine) -> None:
    """What an admin's console asks of it from elsewhere; nobody asks a laptop."""
    rng, minutes = machine.rng, machine.minutes
    machine.now["nic.link", "wlan0" if machine.laptop else "eth0"] = np.ones(machine.steps)
    if machine.laptop:
        return
    far = rng.random() < 0.5
    evening = np.exp(-(((machine.clock_hours(PROBE_S)[0] - 20.5) / 2.5) ** 2))
    base = rng.uniform(15, 120) * (1 + rng.uniform(0, 0.7) * evening) if far else np.full(minutes, rng.uniform(0.3, 2))
    busy = machine.busy_hours(PROBE_S)
    page = rng.uniform(40, 500) * (1 + 0.5 * busy) * rng.lognormal(0, 0.35, minutes)
    slow = rng.random(minutes) < 0.01
    page[slow] *= 1 + rng.pareto(1.2, int(slow.sum()))
    lost = np.full(minutes, 0.001 if far else 0.0001)
    for at in rng.uniform(0, minutes, rng.poisson(0.1 * machine.days)):
        lost[int(at) : int(at) + 1] = rng.uniform(0.05, 0.4)
    name = machine.name
    of = machine.services
    of["host"] = Service("host", f"{name} ping", "ping", _trips(machine, base), lost)
    seldom = np.full(minutes, 0.0005)
    of["tcp"] = Service("tcp", f"{name} ssh", "ssh", _trips(machine, base + rng.uniform(2, 20)), seldom.copy())
    of["name"] = Service("name", f"{name} dns", "dns", _trips(machine, np.full(minutes, 12.0)), np.full(minutes, 0.002))
    if machine.role in {"web", "build"}:
        of["http"] = Service("http", f"{name} page", "http", page + 2 * base, np.full(minutes, 0.001))
        # The service is restarted for a new version, and after its logs were rotated.
        of["http"].outages += [
            (float(at), float(at + rng.lognormal(np.log(6), 0.7)))
            for at in rng.uniform(0, machine.days * DAY_S, rng.poisson(machine.days * 4 / 7))
        ]
        left = rng.uniform(31, 89) - np.arange(minutes) * PROBE_S / DAY_S
        machine.now["tls.days", ""] = np.where(left < 30, left + 60, left)
        of["tls"] = Service("tls", f"{name} certificate", "tls", base, seldom.copy())
