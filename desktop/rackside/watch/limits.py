"""The numbers of the alert rules, each once. Times in seconds.

Levels, durations and clearing follow RULES of this project, which name their sources: the prediction is node_exporter's
mixin, the clearing delay Netdata's, checks and retries Uptime Kuma's.
"""

from dataclasses import dataclass
from typing import Final, Literal

from rackside.watch.model import Severity

MINUTE_S: Final = 60.0
HOUR_S: Final = 3_600.0
SETTLE_S: Final = 120.0
"""Nothing is judged in the first two minutes after boot or resume."""
CLEAR_WAIT_S: Final = 15 * MINUTE_S
FLAP_FACTOR: Final = 1.5
LONGEST_CLEAR_WAIT_S: Final = HOUR_S
GAP_S: Final = 90.0
"""A pause between looks longer than this is a sleep: what was held before does not count on."""


@dataclass(frozen=True)
class Level:
    """A level of one signal: raised when `raise_at` held for `for_s`; let go once `clear_at` is passed for long."""

    severity: Severity
    raise_at: float
    clear_at: float
    for_s: float = 0.0


@dataclass(frozen=True)
class Rule:
    """One signal: which reading, in which direction it is bad, and its levels.

    `mean_s` judges the mean of that long, `sum_s` a rate added up over that long, neither the reading itself. `shown`
    is the reading that a person looks at when the judged one has no history. `steadily` says that one good minute of
    the mean's time is enough not to raise. A share is raised when it was bad at `least_bad` moments of its window.
    """

    kind: str
    metric: str
    levels: tuple[Level, ...]
    bad: Literal["above", "below"] = "above"
    mean_s: float = 0.0
    sum_s: float = 0.0
    shown: str = ""
    steadily: bool = False
    least_bad: int = 0
    sentence: str = "{component} is at {value:.0f} {unit}"


DISK_LEAST_FREE_BYTES: Final = 5 * 1024**3
FILL_FIT_S: Final = 6 * HOUR_S
FILL_SAMPLE_S: Final = MINUTE_S
FILL_LEAST_SPAN_S: Final = HOUR_S
FILL_USUAL_AGES_S: Final = (24 * HOUR_S, 7 * 24 * HOUR_S)
FILL_USUAL_MARGIN: Final = 2.0
"""What was as full at this hour yesterday or a week ago, but for so many percent of the disk, fills and empties as
usual: a backup is written each night, and a larger one each week."""
FILL_LEVELS: Final[tuple[tuple[Severity, float, float, float], ...]] = (
    ("warning", 40.0, 24 * HOUR_S, 2 * HOUR_S),
    ("critical", 20.0, 4 * HOUR_S, HOUR_S),
)
"""(severity, free less than this many percent, full within this long, foretold for at least this long)

What is foretold for the next day is written for an hour or more by many a first backup: with the one hour of the rules
11 of 26 false alerts of the simulated month were such; a real fill is told 22 hours ahead all the same.
"""
WARNING_C: Final = 80.0
CRITICAL_C: Final = 90.0
"""Of sensors that have no limits of their own."""
DROPS_WINDOW_S: Final = 10 * MINUTE_S
DROPS_SAMPLE_S: Final = 10.0
WIRELESS_DROPS: Final = (10.0, 5.0)
"""Where a wireless interface raises and clears."""
WIRELESS_LINK_S: Final = MINUTE_S
"""Of machines that have both: a radio link goes from one access point to another in seconds, some times a day."""
GATEWAY_DOWN_S: Final = 50.0
"""The probe after the one that failed has failed as well: they are a minute apart, and a second more or less."""
RTT_TIMES_MEDIAN: Final = 3.0
RTT_NEVER_BELOW_MS: Final = 150.0
PAGE_NEVER_BELOW_MS: Final = 1_000.0
"""A page is made, and is not only sent: what comes within a second is not slow."""
RTT_FOR_S: Final = 10 * MINUTE_S
RTT_LEARNED: Final = 1_000
RTT_LEAST_LEARNED: Final = 30
"""Round trips that the median is learned from, and how many before it is believed: at one a minute, half an hour."""
PING_WINDOW_S: Final = 10 * MINUTE_S
CHECK_WINDOW_S: Final = 5 * MINUTE_S
LEAST_ECHOES: Final = 20
LEAST_CHECKS: Final = 3
LEAST_LOSSY: Final = 5
"""Three echoes of fifty are 6 %: chance loses four on a good radio link, and one bad second loses them at once."""
LEAST_FAILED: Final = 2
"""One look-up of six is 17 %, and its three tries are over within a hiccup of seconds."""
"""Of fewer answers a share says nothing."""

CHECKS_FAIL: Final = "{component} fails {value:.0f} % of its checks"
LOG_ERRORS: Final[tuple[tuple[str, Severity, str], ...]] = (
    ("critical", "critical", "{component}: critical in the log, {value:.0f} in ten minutes"),
    ("burst", "warning", "{component}: {value:.0f} in the log in ten minutes, ten times the usual"),
    ("new", "warning", "{component}: new in the log, {value:.0f} in ten minutes"),
)
"""What `logs.groups` found; it has judged already, and what is read no more clears by itself."""

RULES: Final = (
    Rule(
        "disk.used",
        "disk.used",
        (Level("warning", 90, 80, 5 * MINUTE_S), Level("critical", 98, 90, 5 * MINUTE_S)),
        sentence="{component} is {value:.0f} % full",
    ),
    Rule(
        "disk.inodes",
        "disk.inodes",
        (Level("warning", 90, 80, 5 * MINUTE_S), Level("critical", 98, 90, 5 * MINUTE_S)),
        sentence="{component} has used {value:.0f} % of its inodes",
    ),
    Rule(
        "memory.available",
        "memory.available",
        (Level("warning", 10, 15, 15 * MINUTE_S),),
        bad="below",
        sentence="Only {value:.0f} % of memory is available",
    ),
    Rule(
        "memory.oom",
        "memory.oom",
        (Level("critical", 1, 0.5),),
        shown="memory.available",
        sentence="The kernel killed a process because memory ran out",
    ),
    Rule(
        "swap.used",
        "swap.out_share",
        (Level("warning", 20, 10), Level("critical", 30, 20)),
        sum_s=30 * MINUTE_S,
        shown="swap.out",
        sentence="{value:.0f} % of memory was swapped out in half an hour",
    ),
    Rule(
        "cpu.used",
        "cpu.used",
        (Level("info", 95, 80),),
        mean_s=15 * MINUTE_S,
        sentence="The processors are at {value:.0f} %",
    ),
    Rule(
        "load",
        "load.per_core",
        (Level("warning", 2, 1.5, 15 * MINUTE_S),),
        sentence="Load is {value:.1f} per core",
    ),
    Rule(
        "io.wait",
        "cpu.iowait",
        (Level("warning", 40, 20),),
        mean_s=10 * MINUTE_S,
        steadily=True,
        sentence="The processors wait {value:.0f} % of their time for disks",
    ),
    Rule(
        "nic.use",
        "nic.use",
        (Level("warning", 90, 85),),
        mean_s=10 * MINUTE_S,
        sentence="{component} uses {value:.0f} % of its link",
    ),
    Rule(
        "nic.drops",
        "nic.drops",
        (Level("warning", 2, 1, 10 * MINUTE_S),),
        sentence="{component} drops {value:.1f} % of its packets",
    ),
    Rule(
        "nic.link",
        "nic.link",
        (Level("critical", 0.5, 0.5, 5.0),),
        bad="below",
        shown="nic.down",
        sentence="{component} lost its link",
    ),
    Rule(
        "ping.loss",
        "ping.loss",
        least_bad=LEAST_LOSSY,
        levels=(Level("warning", 5, 2), Level("critical", 10, 5)),
        sentence="{value:.0f} % of pings to the {component} are lost",
    ),
    Rule(
        "ping.down",
        "ping.down",
        (Level("critical", 1, 0.5, GATEWAY_DOWN_S),),
        shown="ping.ms",
        sentence="The {component} does not answer",
    ),
    Rule(
        "dns",
        "dns.bad",
        least_bad=LEAST_FAILED,
        levels=(Level("warning", 10, 5), Level("critical", 40, 10)),
        sentence="{value:.0f} % of DNS look-ups fail",
    ),
    Rule(
        "internet",
        "internet.bad",
        least_bad=LEAST_FAILED,
        levels=(Level("warning", 10, 5), Level("critical", 40, 10)),
        sentence="{value:.0f} % of connections to the internet fail",
    ),
    Rule(
        "ping.down",
        "host.down",
        (Level("critical", 1, 0.5),),
        shown="host.ms",
        sentence="{component} does not answer",
    ),
    Rule(
        "ping.loss",
        "host.loss",
        least_bad=LEAST_LOSSY,
        levels=(Level("warning", 5, 2), Level("critical", 10, 5)),
        sentence="{value:.0f} % of pings to {component} are lost",
    ),
    *(
        Rule(kind, f"{metric}.bad", (Level("warning", 10, 5), Level("critical", 40, 10)), sentence=CHECKS_FAIL)
        for metric, kind in (
            ("tcp", "check.tcp"),
            ("tls", "check.tcp"),
            ("snmp", "check.tcp"),
            ("http", "check.http"),
            ("name", "dns"),
        )
    ),
    Rule(
        "check.warns",
        "check.warns",
        (Level("warning", 1, 0.5, 5 * MINUTE_S), Level("critical", 2, 1.5, 5 * MINUTE_S)),
        sentence="{component} tells a number that is past its level",
    ),
    Rule(
        "tls.expiry",
        "tls.days",
        (Level("warning", 21, 22), Level("critical", 7, 8)),
        bad="below",
        sentence="The certificate of {component} expires in {value:.0f} days",
    ),
    Rule(
        "heartbeat",
        "beat.down",
        (Level("critical", 1, 0.5),),
        sentence="{component} was not heard of in time",
    ),
    Rule(
        "service.failed",
        "service.failed",
        (Level("critical", 1, 0.5, 5 * MINUTE_S),),
        sentence="{component} has failed",
    ),
    Rule(
        "service.restarts",
        "service.restarts",
        (Level("critical", 3, 1, 15 * MINUTE_S),),
        sentence="{component} was restarted {value:.0f} times in 5 minutes, again and again",
    ),
    Rule(
        "clock.offset",
        "clock.offset",
        (Level("warning", 0.05, 0.025, 10 * MINUTE_S),),
        sentence="The clock is {value:.2f} s off",
    ),
    Rule(
        "clock.offset",
        "clock.synced",
        (Level("info", 0.5, 0.5, HOUR_S),),
        bad="below",
        sentence="Nothing keeps the clock of this machine",
    ),
    Rule(
        "raid",
        "raid.state",
        (Level("warning", 1, 0.5), Level("critical", 2, 1.5, 15 * MINUTE_S)),
        sentence="The array {component} has lost a disk",
    ),
    Rule(
        "disk.smart",
        "smart.failing",
        (Level("critical", 1, 0.5),),
        sentence="The disk {component} says that it is failing",
    ),
    Rule(
        "updates.security",
        "updates.security_days",
        (Level("info", 7, 0.01),),
        shown="updates.security",
        sentence="Security updates have waited for {value:.0f} days",
    ),
    Rule(
        "reboot.required",
        "reboot.days",
        (Level("info", 7, 0.01),),
        sentence="Updates have waited for a restart for {value:.0f} days",
    ),
    Rule(
        "temperature",
        "temperature.margin",
        (Level("warning", 0.0, -0.3, MINUTE_S), Level("critical", 1.0, 0.5, MINUTE_S)),
        shown="temperature",
        sentence="{component} is too hot",
    ),
    *(
        Rule("log.error", f"log.{why}", (Level(severity, 1, 1),), shown="log.errors", sentence=sentence)
        for why, severity, sentence in LOG_ERRORS
    ),
)
"""Every rule that has fixed levels. Filling up and round trips learn theirs: see `rules`."""

FILLING: Final = (
    ("disk.filling", "disk.used", "{component} will be full in about {span}"),
    ("inodes.filling", "disk.inodes", "{component} will have no inodes left in about {span}"),
)
"""What fills up: the kind of alert, its reading, and the sentence."""
TRIPS: Final = (
    ("ping.ms", RTT_NEVER_BELOW_MS, "Round trips to the {component} take {value:.0f} ms"),
    ("internet.ms", RTT_NEVER_BELOW_MS, "Round trips to the internet take {value:.0f} ms"),
    ("host.ms", RTT_NEVER_BELOW_MS, "Round trips to {component} take {value:.0f} ms"),
    ("tcp.ms", RTT_NEVER_BELOW_MS, "{component} takes {value:.0f} ms to answer"),
    ("http.ms", PAGE_NEVER_BELOW_MS, "{component} takes {value:.0f} ms to answer"),
)
"""What takes longer than is usual: its reading, below how many milliseconds it never counts, and the sentence."""

WATCHED: Final = frozenset({"host", "tcp", "tls", "http", "name", "snmp", "beat", "check"})
"""What the readings of watched machines and services begin with."""
PARENTS: Final = {
    "dns": ("ping.down",),
    "internet": ("ping.down", "dns.down"),
}
"""Each kind is silent while one of these readings says that what it depends on is down."""
