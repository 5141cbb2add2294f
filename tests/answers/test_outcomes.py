"""From "I am trying this" to what is sent: when the console asks, what it asks, and that nothing else goes out."""

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from rackside.answers.outcomes import (
    DAY_H,
    HOUR_S,
    LASTING_H,
    PATIENCE_S,
    asks,
    question,
    report,
    show_outcomes,
    to_watch,
)
from rackside.store import Store, outbox, trials
from rackside.store.trials import Trial
from rackside.watch.model import Alert, Machine
from rackside_protocol.answers import MyOutcome, WithdrawOutcome, my_outcome_id
from rackside_protocol.ids import derived_id, new_id
from rackside_protocol.registry import encode

STARTED_S = 1_800_000_000.0
CLEARED_S = STARTED_S + HOUR_S
POST, THREAD, ME = derived_id("post"), derived_id("thread"), derived_id("me")
DISK = "disk.used/ext4/"


def alert(*, cleared_s: float = 0.0, raised_s: float = STARTED_S - HOUR_S) -> Alert:
    return Alert(
        id=f"a{raised_s}",
        kind="disk.used",
        component="/srv",
        severity="warning",
        summary="/srv is 93 % full",
        signature=DISK,
        reading="disk.used /srv",
        value=93.0,
        raised_at_s=raised_s,
        cleared_at_s=cleared_s,
    )


def trial(said_h: int = -1, quiet_until_s: float = 0.0) -> Trial:
    return Trial("a", POST, THREAD, DISK, "/srv is 93 % full", STARTED_S, said_h, quiet_until_s)


@pytest.mark.parametrize(
    ("said_h", "cleared_s", "again_s", "now_s", "stand"),
    [
        (-1, 0.0, None, STARTED_S + HOUR_S, "trying"),
        (-1, 0.0, None, STARTED_S + PATIENCE_S, "ask_still"),
        (0, 0.0, None, STARTED_S + PATIENCE_S, "trying"),
        (-1, CLEARED_S, None, CLEARED_S + 23 * HOUR_S, "watching"),
        (-1, CLEARED_S, None, CLEARED_S + DAY_H * HOUR_S, "ask_cleared"),
        (-1, CLEARED_S, None, CLEARED_S + LASTING_H * HOUR_S, "ask_lasting"),
        (DAY_H, CLEARED_S, None, CLEARED_S + DAY_H * HOUR_S, "watching"),
        (DAY_H, CLEARED_S, None, CLEARED_S + LASTING_H * HOUR_S, "ask_lasting"),
        (LASTING_H, CLEARED_S, None, CLEARED_S + LASTING_H * HOUR_S, "told"),
        (-1, CLEARED_S, CLEARED_S + HOUR_S, CLEARED_S + 2 * HOUR_S, "ask_back"),
        (-1, CLEARED_S, CLEARED_S + 25 * HOUR_S, CLEARED_S + 26 * HOUR_S, "ask_cleared"),
        (DAY_H, CLEARED_S, CLEARED_S + 25 * HOUR_S, CLEARED_S + 26 * HOUR_S, "told"),
    ],
)
def test_it_asks_when_a_day_or_a_month_has_passed_or_the_alert_is_back(
    said_h: int, cleared_s: float, again_s: float | None, now_s: float, stand: str
) -> None:
    again = [] if again_s is None else [alert(raised_s=again_s)]
    assert question(trial(said_h), alert(cleared_s=cleared_s), again, now_s).stand == stand


def test_it_does_not_ask_again_before_the_person_wants_it() -> None:
    now_s = CLEARED_S + 25 * HOUR_S
    asked = question(trial(quiet_until_s=now_s + 1), alert(cleared_s=CLEARED_S), [], now_s)
    assert not asks(asked, now_s)
    assert asks(asked, now_s + 1)


def test_nothing_is_sent_but_what_the_ledger_counts() -> None:
    asked = question(trial(), alert(cleared_s=CLEARED_S), [], CLEARED_S + 25 * HOUR_S)
    sent = msgspec.json.decode(encode(report(asked, "Debian 12", now_ms=1)))
    envelope = {each: sent.pop(each) for each in ("kind", "id", "made_ms")}
    assert envelope["kind"] == "answers.report_outcome"
    assert sent == {"signature": DISK, "post": POST, "cleared": True, "stayed_h": 24, "system": "Debian 12"}


@pytest.mark.parametrize(
    ("system", "told"),
    [
        ("Debian 12", "Debian 12"),
        ("Ubuntu 24.04", "Ubuntu 24"),
        ("Windows Server 2022", "Windows Server 2022"),
        ("openSUSE Tumbleweed 20261120", "openSUSE Tumbleweed"),
        ("Arch Linux", "Arch Linux"),
        ("", ""),
    ],
)
def test_of_the_system_the_family_and_major_version_are_told(system: str, told: str) -> None:
    machine = Machine(name="web1", system=system, kernel="", cores=1, memory_bytes=0, booted_s=0)
    assert machine.release == told


def test_what_is_tried_is_kept_until_it_is_told(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        trials.start(store, trial())
        trials.start(store, replace(trial(), started_s=STARTED_S + 9))
        (held,) = trials.trials(store, thread=THREAD)
        assert held.started_s == STARTED_S
        trials.say(store, held, 24)
        trials.quieten(store, held, STARTED_S + 5)
        (held,) = trials.trials(store)
        assert (held.said_h, held.quiet_until_s) == (24, STARTED_S + 5)
        trials.stop(store, held)
        assert trials.trials(store) == []


def test_ones_own_reports_are_shown_at_once_and_gone_when_taken_back(tmp_path: Path) -> None:
    asked = question(trial(), alert(cleared_s=CLEARED_S), [], CLEARED_S + 25 * HOUR_S)
    with Store.open(tmp_path) as store:
        outbox.put(store, report(asked, "Debian 12", now_ms=1))
        (shown,) = show_outcomes([], outbox.pending(store), ME)
        assert (shown.id, shown.post, shown.stayed_h) == (my_outcome_id(ME, DISK, POST), POST, 24)
        held = MyOutcome(id=shown.id, signature=DISK, post=POST, cleared=False)
        assert [each.cleared for each in show_outcomes([held], outbox.pending(store), ME)] == [True]
        outbox.put(store, WithdrawOutcome(id=new_id(), signature=DISK, post=POST))
        assert show_outcomes([held], outbox.pending(store), ME) == []


def test_one_alert_a_week_is_watched_without_anything_being_tried_and_before_it_is_known_how_it_ends() -> None:
    raised_s = STARTED_S
    now_s = raised_s + 60
    fresh, old = alert(raised_s=raised_s), alert(raised_s=raised_s - 2 * HOUR_S)
    assert to_watch([old, fresh], [], now_s) == fresh
    assert to_watch([old], [], now_s) is None
    assert to_watch([replace(fresh, signature="unknown.kind//")], [], now_s) is None
    watched = Trial("other", "", "", DISK, "", now_s - 6 * 86_400)
    assert to_watch([fresh], [watched], now_s) is None
    assert to_watch([fresh], [replace(watched, started_s=now_s - 8 * 86_400)], now_s) == fresh
    assert to_watch([fresh], [Trial(fresh.id, POST, THREAD, DISK, "", now_s)], now_s) is None


@pytest.mark.parametrize("said_h", [-1, 0, 24])
def test_of_an_alert_that_is_watched_there_is_one_question(said_h: int) -> None:
    watched = replace(trial(said_h), post="", thread="")
    asked = question(watched, alert(cleared_s=CLEARED_S), [], CLEARED_S + LASTING_H * HOUR_S)
    assert asked.stand == ("ask_cleared" if said_h < 0 else "told")
    assert report(asked, "Debian 12", now_ms=1).post is None


def test_who_tries_something_after_all_is_not_asked_whether_nothing_was_done(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        trials.start(store, replace(trial(), post="", thread=""))
        trials.start(store, trial())
        assert [each.post for each in trials.trials(store)] == [POST]
