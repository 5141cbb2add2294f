"""What this machine saw: the history of readings, alerts, and what became of panels."""

import math
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rackside.store import Store, local
from rackside.watch.model import Alert

NOW_S = 1_800_000_000.0
MINUTE_S, HOUR_S, DAY_S = 60, 3_600, 86_400


def alert(number: int = 1, **what: object) -> Alert:
    held = Alert(
        id=f"{number:032x}",
        kind="disk.used",
        component="/srv",
        severity="warning",
        summary="/srv is 91 % full",
        signature="disk.used/ext4/",
        reading="disk.used /srv",
        value=91.0,
        raised_at_s=NOW_S + number,
    )
    return replace(held, **what)  # type: ignore[arg-type]


def test_an_hour_is_kept_by_the_second_and_shown_by_ten(store: Store) -> None:
    local.add_readings(store, {"cpu.used": [(NOW_S + n, float(n % 10)) for n in range(HOUR_S)]})
    points = local.history(store, "cpu.used", "hour", NOW_S + HOUR_S - 1)
    assert len(points) == 360
    assert {(point.low, point.mean, point.high) for point in points} == {(0.0, 4.5, 9.0)}
    assert [point.at_s for point in points] == sorted(point.at_s for point in points)


@pytest.mark.parametrize("span", ["hour", "day", "week", "year"])
def test_no_span_has_more_than_400_points(store: Store, span: local.Span) -> None:
    length = local.SPANS[span][1]
    step = max(1, length // 2_000)
    local.add_readings(store, {"load.1": [(NOW_S - n * step, float(n)) for n in range(length // step)]})
    points = local.history(store, "load.1", span, NOW_S)
    assert 330 <= len(points) <= 400


@given(
    values=st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60),
    cuts=st.lists(st.integers(0, 60), max_size=4),
    pause_s=st.integers(1, 120),
)
def test_however_it_is_cut_into_batches_the_mean_and_the_extremes_are_those_of_all(
    tmp_path_factory: pytest.TempPathFactory, values: list[float], cuts: list[int], pause_s: int
) -> None:
    points = [(NOW_S + n * pause_s, value) for n, value in enumerate(values)]
    with Store.open(tmp_path_factory.mktemp("local")) as store:
        edges = sorted({0, len(points), *(min(cut, len(points)) for cut in cuts)})
        for begin, end in pairwise(edges):
            local.add_readings(store, {"x": points[begin:end]})
        seen = local.history(store, "x", "day", points[-1][0])
    assert min(point.low for point in seen) == min(values)
    assert max(point.high for point in seen) == max(values)
    slots: dict[int, list[float]] = {}
    for at, value in points:
        slots.setdefault(int(at) // 240 * 240, []).append(value)
    assert [point.at_s for point in seen] == sorted(slots)
    for point in seen:
        held = slots[int(point.at_s)]
        assert math.isclose(point.mean, sum(held) / len(held), rel_tol=1e-9, abs_tol=1e-3)


def test_seconds_are_kept_an_hour_minutes_a_week_and_hours_a_year(store: Store) -> None:
    for age_s in (0, 2 * HOUR_S, 8 * DAY_S, 400 * DAY_S):
        local.add_readings(store, {"load.1": [(NOW_S - age_s, 1.0)]})
    local.add_readings(store, {"disk.used /usb": [(NOW_S - 400 * DAY_S, 1.0)]})
    local.prune(store, NOW_S)
    rows = {
        table: store.local.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608
        for table in ("seconds", "minutes", "hours")
    }
    assert rows == {"seconds": 1, "minutes": 2, "hours": 3}
    assert local.metrics(store) == ["load.1"], "nothing is left of the other"


def test_a_reading_of_the_same_second_takes_the_place_of_the_first(store: Store) -> None:
    local.add_readings(store, {"x": [(NOW_S, 1.0)]})
    local.add_readings(store, {"x": [(NOW_S + 0.4, 3.0)]})
    assert [point.mean for point in local.history(store, "x", "hour", NOW_S)] == [3.0]


def test_what_has_no_history_has_no_points(store: Store) -> None:
    assert local.history(store, "no such reading", "week", NOW_S) == []


def test_names_from_elsewhere_are_only_text(store: Store) -> None:
    for name in ("disk.used /srv/'; DROP TABLE seconds; --", "disk.used /srv/\ufffd", "disk.used \N{SNOWMAN}\x00x"):
        local.add_readings(store, {name: [(NOW_S, 1.0)]})
        assert len(local.history(store, name, "hour", NOW_S)) == 1


def test_open_alerts_come_worst_first_then_oldest(store: Store) -> None:
    for number, severity in ((1, "info"), (2, "warning"), (3, "critical"), (4, "warning")):
        local.put_alert(store, alert(number, severity=severity))
    assert [int(each.id, 16) for each in local.open_alerts(store)] == [3, 2, 4, 1]


def test_a_cleared_alert_is_past_and_newest_first(store: Store) -> None:
    for number in (1, 2, 3):
        local.put_alert(store, alert(number, cleared_at_s=NOW_S + 100 * number, kind="dns" if number == 2 else "load"))
    assert local.open_alerts(store) == []
    assert [int(each.id, 16) for each in local.past_alerts(store)] == [3, 2, 1]
    assert [each.kind for each in local.past_alerts(store, kind="dns")] == ["dns"]


def test_alerts_are_kept_ninety_days_after_they_cleared(store: Store) -> None:
    local.put_alert(store, alert(1, cleared_at_s=NOW_S + 10))
    local.put_alert(store, alert(2))
    local.put_alert(store, alert(3, raised_at_s=NOW_S + 89 * DAY_S))
    assert local.alert(store, alert(1).id)
    local.put_alert(store, alert(4, raised_at_s=NOW_S + 91 * DAY_S))
    assert local.alert(store, alert(1).id) is None
    assert local.alert(store, alert(2).id), "it is open"


def test_an_alert_is_acknowledged_and_snoozed_and_both_can_be_taken_back(store: Store) -> None:
    local.put_alert(store, alert())
    changed = local.acknowledge(store, alert().id, NOW_S + 5)
    assert changed is not None
    assert changed.is_silent(NOW_S + 6)
    local.acknowledge(store, alert().id, 0)
    local.snooze(store, alert().id, NOW_S + 4 * HOUR_S)
    [held] = local.open_alerts(store)
    assert held.is_silent(NOW_S + 4 * HOUR_S - 1)
    assert not held.is_silent(NOW_S + 4 * HOUR_S)
    assert local.acknowledge(store, "f" * 32, NOW_S) is None


def test_what_the_person_said_stays_when_the_watch_writes_what_it_judged_before(store: Store) -> None:
    local.record(store, alert())
    local.acknowledge(store, alert().id, NOW_S + 5)
    local.record(store, alert(cleared_at_s=NOW_S + 9))
    [past] = local.past_alerts(store)
    assert past.acknowledged_at_s == NOW_S + 5


def test_what_grew_worse_is_no_longer_acknowledged(store: Store) -> None:
    local.record(store, alert())
    local.acknowledge(store, alert().id, NOW_S + 5)
    local.record(store, alert(severity="critical"))
    assert local.open_alerts(store)[0].acknowledged_at_s == 0


def test_what_became_of_panels_is_kept_in_order_and_reports_for_good(store: Store) -> None:
    local.add_panel_event(store, "c1", "reported", NOW_S - 500 * DAY_S)
    local.add_panel_event(store, "c2", "shown", NOW_S - 450 * DAY_S)
    local.add_panel_event(store, "c3", "viewed", NOW_S)
    assert [(each.creative, each.outcome) for each in local.panel_events(store)] == [
        ("c1", "reported"),
        ("c3", "viewed"),
    ]
