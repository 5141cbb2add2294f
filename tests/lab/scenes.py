"""What is done to the lab, one scene after another, and what the console has promised to say of it."""

import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Final, NamedTuple

from rackside.store import Store, hosts
from rackside.store.hosts import Maintenance
from tests.lab.lab import SERVED, WATCHED, Key, Lab, Seen
from tests.lab.network import ROUTER, SERVER, cut, lose, mend, slow_link

EXPIRING: Final[Key] = ("tls.expiry", "certificate")
OF_SERVER: Final = [label for label, (host, _) in WATCHED.items() if host == "server"]
SLOWER_MS: Final = 300
LOST_PERCENT: Final = 30


class Figure(NamedTuple):
    """How long something took of the time that was promised, in seconds."""

    what: str
    took_s: float
    promised_s: float


def steady(lab: Lab, seconds: float) -> Iterator[Figure]:
    """Nothing is done, and nothing but the certificate is an alert; no state changes."""
    lab.until("the certificate is told", lambda seen: EXPIRING in seen.raised(), lab.up_s)
    before = len(lab.history)
    time.sleep(seconds)
    told = lab.history[before:]
    assert {key for seen in told for key in seen.raised()} == {EXPIRING}
    assert {state for seen in told for state in seen.states().values()} == {"up"}
    yield Figure("nothing but the certificate that expires", seconds, seconds)


def server_cut_off(lab: Lab) -> Iterator[Figure]:
    """The link of the server is cut: it is down, its services are not known, and there is one alert."""
    cut(ROUTER, "down1")
    yield from _one_alert(
        lab, "server cut off", ("ping.down", "server"), quiet=[each for each in OF_SERVER if each != "server"]
    )
    mend(ROUTER, "down1")
    yield _recovers(lab, "server back")


def router_silent(lab: Lab) -> Iterator[Figure]:
    """The router answers nothing: it is down, all that is behind it is not known, and there is one alert."""
    lose(ROUTER, 100)
    yield from _one_alert(lab, "router silent", ("ping.down", "router"), quiet=OF_SERVER)
    lose(ROUTER, 0)
    yield _recovers(lab, "router back")


def console_cut_off(lab: Lab) -> Iterator[Figure]:
    """The console loses its own link: nothing is known, and only that is an alert."""
    cut(ROUTER, "down0")
    yield from _one_alert(lab, "console cut off", ("nic.link", "up0"), quiet=list(WATCHED))
    mend(ROUTER, "down0")
    yield _recovers(lab, "console back")


def maintained(lab: Lab) -> Iterator[Figure]:
    """The group is in maintenance while a service is stopped: its state says so, and nothing is an alert."""
    before = lab.seen.raised()
    planned = Maintenance(starts_s=time.time(), ends_s=time.time() + 3_600, group="lab")
    with Store.open(lab.home) as store:
        hosts.plan_maintenance(store, planned)
    all_of_it = _are("maintenance", OF_SERVER)
    yield Figure("maintenance begins", lab.until("maintenance", all_of_it, 20), 20)
    lab.services.stop("nginx")
    time.sleep(lab.down_s)
    assert all_of_it(lab.seen)
    assert lab.seen.raised() <= before, lab.seen.raised() - before
    lab.services.start("nginx")
    with Store.open(lab.home) as store:
        hosts.end_maintenance(store, planned.id)
    yield _recovers(lab, "maintenance over")


def lossy(lab: Lab) -> Iterator[Figure]:
    """The link of the server loses packets, which is an alert though it is up."""
    lose(SERVER, LOST_PERCENT)
    promised_s = lab.alert_s + 120
    took_s = lab.until("loss is told", lambda seen: ("ping.loss", "server") in seen.raised(), promised_s)
    lose(SERVER, 0)
    yield Figure(f"{LOST_PERCENT} % of packets lost: alert", took_s, promised_s)


def slower(lab: Lab) -> Iterator[Figure]:
    """The link of the server is slower: its round trips say so."""
    with slow_link(SLOWER_MS):
        took_s = lab.until("round trips grow", lambda seen: seen.ms.get("server", 0.0) >= SLOWER_MS, lab.up_s)
        assert lab.seen.states()["server"] == "up"
    yield Figure(f"{SLOWER_MS} ms slower: seen", took_s, lab.up_s)


def service_stopped(lab: Lab, label: str) -> Iterator[Figure]:
    """A service is stopped: its check is down and becomes an alert, and no other does."""
    service, before = SERVED[label][0], lab.seen.raised()
    lab.services.stop(service)
    yield Figure(f"{service} stopped: down", lab.until(label, _are("down", [label]), lab.down_s), lab.down_s)
    took_s = lab.until("it is an alert", lambda seen: label in {of for _, of in seen.raised()}, lab.alert_s)
    yield Figure(f"{service} stopped: alert", took_s, lab.alert_s)
    # The certificate is served by nginx, too.
    assert {of for _, of in lab.seen.raised() - before} <= {label, *(["certificate"] if service == "nginx" else [])}
    lab.services.start(service)
    yield _recovers(lab, f"{service} started")


SCENES: Final[tuple[Callable[[Lab], Iterator[Figure]], ...]] = (
    server_cut_off,
    router_silent,
    console_cut_off,
    maintained,
    slower,
    lossy,
    *(partial(service_stopped, label=label) for label in SERVED),
)
"""In this order: alerts stay open for a quarter of an hour, and those of services are raised last."""


def _one_alert(lab: Lab, what: str, key: Key, quiet: list[str]) -> Iterator[Figure]:
    before = lab.seen.raised()
    took_s = lab.until(what, lambda seen: key in seen.raised(), lab.down_s)
    yield Figure(f"{what}: alert", took_s, lab.down_s)
    lab.until(
        "what is behind is not known", lambda seen: {seen.states()[each] for each in quiet} == {"pending"}, lab.down_s
    )
    time.sleep(lab.quiet_s)
    assert lab.seen.raised() - before == {key}, lab.seen.raised() - before
    assert {lab.seen.states()[each] for each in quiet} == {"pending"}, lab.seen.states()


def _recovers(lab: Lab, what: str) -> Figure:
    # A router that was away is remembered as such by the kernel for a while: ARP asks again only now and then.
    promised_s = lab.down_s + 30
    return Figure(f"{what}: up", lab.until(what, _are("up", list(WATCHED)), promised_s), promised_s)


def _are(state: str, labels: list[str]) -> Callable[[Seen], bool]:
    return lambda seen: {seen.states().get(each) for each in labels} == {state}
