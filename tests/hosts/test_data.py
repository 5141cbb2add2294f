"""What the pages of watched machines show: the worst first, by group, filtered, in words."""

import msgspec
import pytest

from rackside.hosts.data import HostView, State, by_group, filtered, said_of, summary, views
from rackside.store.checks import Watched
from rackside.store.hosts import Host
from rackside.watch.checks.http import Http
from rackside.watch.checks.ping import Ping
from rackside.watch.model import Alert, Reading, Stand
from tests.watch.test_checking import entry

AT_S = 1_800_000_000.0


def alert(component: str) -> Alert:
    return Alert(
        id="0" * 32,
        kind="rtt",
        component=component,
        severity="warning",
        summary="slow",
        signature="rtt//",
        reading=f"host.ms {component}",
        value=1.0,
        raised_at_s=AT_S,
    )


STANDS = {
    label: Stand(label=label, state=state, since_s=AT_S, said=said)  # type: ignore[arg-type] # one of the four
    for label, state, said in (
        ("a", "up", "well"),
        ("b", "down", "no answer in time"),
        ("b page", "up", "well"),
        ("c", "maintenance", "new disks"),
        ("slow", "up", "well"),
    )
}
CHECKS = [
    entry("a", Ping(host="a")),
    entry("b", Ping(host="b")),
    entry("b page", Http(url="https://b:8443/")),
    entry("c", Ping(host="c")),
    entry("new", Ping(host="new")),
    entry("slow", Ping(host="slow")),
]
SEEN = {
    each.key: each for each in (Reading("host.ms", 1.23, "ms", "a", "ping"), Reading("http.ms", 9.0, "ms", "b page"))
}


def found() -> list[HostView]:
    return views(CHECKS, {"c": Host(name="c", group="web")}, STANDS, SEEN, [alert("slow")])


def test_what_is_wrong_stands_first_and_checks_stand_below_their_machine() -> None:
    assert [(each.name, each.state, len(each.checks)) for each in found()] == [
        ("b", "down", 2),
        ("slow", "warned", 1),
        ("new", "pending", 1),
        ("c", "maintenance", 1),
        ("a", "up", 1),
    ]
    assert summary(found()).sentence() == "5 machines · 1 down · 1 warned · 1 pending · 1 maintenance"


def test_groups_stand_by_name_and_what_has_none_last() -> None:
    assert [(group, [each.name for each in held]) for group, held in by_group(found())] == [
        ("web", ["c"]),
        ("", ["b", "slow", "new", "a"]),
    ]


@pytest.mark.parametrize(
    ("words", "state", "names"),
    [("", None, 5), ("PAGE http", None, 1), ("web", None, 1), ("", "up", 1), ("b", "up", 0), ("nowhere", None, 0)],
)
def test_machines_are_filtered_by_words_and_state(words: str, state: State | None, names: int) -> None:
    assert len(filtered(found(), words, state)) == names


def test_a_state_is_said_with_its_reason_and_since_when() -> None:
    said = {each.name: said_of(each, AT_S + 240) for each in found()}
    assert said == {
        "a": "Up for 4 min",
        "b": "Down for 4 min: no answer in time",
        "c": "Maintenance for 4 min: new disks",
        "new": "Pending: not checked yet",
        "slow": "Warned for 4 min: slow",
    }


def test_a_check_of_a_newer_version_is_listed_all_the_same() -> None:
    newer = Watched(label="new", check=msgspec.Raw(b'{"kind":"quantum"}'))
    assert [(each.name, each.state) for each in views([newer], {}, {}, {}, [])] == [("new", "pending")]
