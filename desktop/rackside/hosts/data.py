"""From checks, how they stand, and what they read to what the pages of watched machines show. Pure; no Qt."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Literal, TypeAlias

import msgspec

from rackside.figures import span_of, written
from rackside.store import Store, checks, hosts
from rackside.store.checks import Watched
from rackside.store.events import Event
from rackside.store.hosts import Host
from rackside.watch.model import Alert, Reading, Snapshot, Stand
from rackside.watch.reach import host_of
from rackside.watch.standing import METRICS
from rackside.watch.standings import read_check

State: TypeAlias = Literal["down", "warned", "pending", "maintenance", "up"]
Tone: TypeAlias = Literal["bad", "warn", "dim", "info", "ok"]
STATES: Final[Sequence[State]] = ("down", "warned", "pending", "maintenance", "up")
"""What is wrong first. A check is warned while an alert of it is open and it is not down."""
TONES: Final[Mapping[State, Tone]] = {
    "down": "bad",
    "warned": "warn",
    "pending": "dim",
    "maintenance": "info",
    "up": "ok",
}
SIGNS: Final[Mapping[State, str]] = {
    "down": "\N{BLACK SQUARE}",
    "warned": "\N{BLACK UP-POINTING TRIANGLE}",
    "pending": "\N{WHITE CIRCLE}",
    "maintenance": "\N{BLACK CIRCLE}",
    "up": "\N{BLACK CIRCLE}",
}
"""The shapes of `kit.cards.Dot`, for rows that are painted as text."""
WORDS: Final[Mapping[State, str]] = {
    "down": "Down",
    "warned": "Warned",
    "pending": "Pending",
    "maintenance": "Maintenance",
    "up": "Up",
}
NOT_YET: Final = "not checked yet"


class CheckView(msgspec.Struct, frozen=True, kw_only=True):
    """One check: its state, why, its newest figure, and the reading that its history is of, empty before the first."""

    label: str
    kind: str
    state: State
    said: str
    since_s: float
    figure: str = ""
    metric: str = ""


class HostView(msgspec.Struct, frozen=True, kw_only=True):
    """One machine: the worst state of its checks, which begin with the worst."""

    name: str
    group: str
    state: State
    said: str
    since_s: float
    figure: str
    checks: tuple[CheckView, ...]


class Summary(msgspec.Struct, frozen=True):
    """How many machines there are, and how many in each state."""

    machines: int
    states: Mapping[State, int]

    def trouble(self) -> str:
        """Return how many are down or warned: `3 down · 1 warned`, empty while none is."""
        return " · ".join(f"{self.states[each]:,} {each}" for each in STATES[:2] if each in self.states)

    def sentence(self) -> str:
        """Return it in words: `212 machines · 3 down · 1 pending`."""
        counted = [f"{self.states[each]:,} {each}" for each in STATES if each in self.states and each != "up"]
        return " · ".join([f"{self.machines:,} machine{'s' if self.machines != 1 else ''}", *counted])


def load_hosts(store: Store, snapshot: Snapshot) -> list[HostView]:
    """Load every machine that is watched; what is not checked by this program now is as it stood when it was."""
    stands = snapshot.stands or checks.stands(store)
    return views(checks.watched(store), hosts.hosts(store), stands, snapshot.readings, snapshot.alerts)


def views(
    watched: Iterable[Watched],
    known: Mapping[str, Host],
    stands: Mapping[str, Stand],
    seen: Mapping[str, Reading],
    alerts: Iterable[Alert],
) -> list[HostView]:
    """Return the machines, what is wrong first, then by name."""
    warned = {alert.component: alert for alert in alerts if alert.is_open()}
    of_host: defaultdict[str, list[CheckView]] = defaultdict(list)
    for each in watched:
        try:
            check = read_check(bytes(each.check))
        except msgspec.MsgspecError:
            name, kind = each.host or each.label, ""
        else:
            name, kind = host_of(each, check), str(check.__struct_config__.tag)
        of_host[name].append(_check(each.label, kind, stands.get(each.label), seen, warned.get(each.label)))
    made = [_host(name, known.get(name), found) for name, found in of_host.items()]
    return sorted(made, key=lambda each: (STATES.index(each.state), each.name.casefold(), each.name))


def by_group(found: Sequence[HostView]) -> list[tuple[str, list[HostView]]]:
    """Return the machines by group, by name; those without one last, each group in the order that is given."""
    groups: defaultdict[str, list[HostView]] = defaultdict(list)
    for each in found:
        groups[each.group].append(each)
    return sorted(groups.items(), key=lambda each: (not each[0], each[0].casefold()))


def summary(found: Sequence[HostView]) -> Summary:
    """Count machines and states."""
    states: defaultdict[State, int] = defaultdict(int)
    for each in found:
        states[each.state] += 1
    return Summary(len(found), states)


def filtered(found: Iterable[HostView], words: str, state: State | None) -> list[HostView]:
    """Return the machines that hold all these words in their name, group or checks, and are in a state."""
    sought = words.casefold().split()
    return [each for each in found if (state is None or each.state == state) and _holds(each, sought)]


def said_of(each: HostView | CheckView, now_s: float) -> str:
    """Return a state in words, with why and since when: `Down for 4 min: no answer in time`."""
    word = WORDS[each.state]
    if not each.since_s:
        return f"{word}: {each.said}"
    since = f"{word} for {span_of(max(0.0, now_s - each.since_s))}"
    return since if each.state == "up" or not each.said else f"{since}: {each.said}"


def lasted(event: Event) -> str:
    """Return for how long something was, empty for what has no duration."""
    if not event.until_s:
        return "lasts"
    return span_of(event.until_s - event.at_s) if event.until_s > event.at_s else ""


def _holds(each: HostView, sought: Sequence[str]) -> bool:
    text = " ".join([each.name, each.group, *(f"{one.label} {one.kind}" for one in each.checks)]).casefold()
    return all(word in text for word in sought)


def _host(name: str, host: Host | None, found: list[CheckView]) -> HostView:
    ordered = sorted(found, key=lambda each: (STATES.index(each.state), each.label.casefold()))
    worst = ordered[0]
    figure = next((each.figure for each in ordered if each.kind == "ping" and each.figure), worst.figure)
    return HostView(
        name=name,
        group=host.group if host else "",
        state=worst.state,
        said=worst.said,
        since_s=worst.since_s,
        figure=figure,
        checks=tuple(ordered),
    )


def _figure(shown: Reading) -> str:
    """Return a value with its unit; of a certificate the days that are left."""
    return f"{shown.value:.0f} days" if shown.unit == "d" else " ".join(written(shown.value, shown.unit)).strip()


def _check(label: str, kind: str, stand: Stand | None, seen: Mapping[str, Reading], warned: Alert | None) -> CheckView:
    metric = METRICS.get(kind, "")
    kept = (seen.get(f"{name} {label}") for name in ("check.value", f"{metric}.days", f"{metric}.ms"))
    shown = next((each for each in kept if each is not None), None)
    state: State = stand.state if stand is not None else "pending"
    said, since_s = (stand.said, stand.since_s) if stand is not None else ("", 0.0)
    if warned is not None and state == "up":
        state, said, since_s = "warned", warned.summary, warned.raised_at_s
    return CheckView(
        label=label,
        kind=kind,
        state=state,
        said=said or NOT_YET,
        since_s=since_s,
        figure=_figure(shown) if shown else "",
        metric=shown.key if shown else "",
    )
