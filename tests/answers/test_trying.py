"""'I am trying this' to 'Did this clear it?', as a person does it: on the thread, in the sidebar, on the page."""

import time
from dataclasses import replace

import msgspec
import pytest

from rackside.answers.outcomes import DAY_H, HOUR_S
from rackside.answers.panel_outcomes import OutcomesPage, OutcomesSection
from rackside.kit.slices import Context
from rackside.store import local, outbox, trials
from rackside.threads.panel import ThreadPage
from rackside.watch.model import Alert, Machine
from rackside_protocol.answers import FixRecord, ReportOutcome, Tally, WithdrawOutcome, fix_record_id
from rackside_protocol.registry import encode
from rackside_protocol.threads import Mark
from tests.store.pages import ALICE, fill, number, post, thread
from tests.threads.desk import Desk, Until, buttons, texts

DISK = "disk.used/ext4/"
QUESTION = thread(1, "The log ate the disk", signature=DISK, replies=1)
ANSWER = post(2, 1, "Rotate it.", author=number(77))
ALERT = Alert(
    id="a1",
    kind="disk.used",
    component="/srv",
    severity="warning",
    summary="/srv is 93 % full",
    signature=DISK,
    reading="disk.used /srv",
    value=93.0,
    raised_at_s=time.time() - 40 * HOUR_S,
)
MACHINE = Machine(name="web1", system="Debian 12.8", kernel="6.1", cores=4, memory_bytes=2**33, booted_s=0)


@pytest.fixture
def at_work(desk: Desk) -> Context:
    """Alice, whose disk is full, with a thread about that."""
    fill(desk.store, QUESTION, ANSWER, channel="group:linux")
    local.put_alert(desk.store, ALERT)
    return msgspec.structs.replace(desk.context, me=lambda: ALICE, machine=lambda: MACHINE)


def begin(context: Context, until: Until) -> ThreadPage:
    page = ThreadPage(context, QUESTION.id)
    page.show()
    until(lambda: "I am trying this" in buttons(page))
    buttons(page)["I am trying this"].click()
    until(lambda: any(each.startswith("Trying since") for each in texts(page)))
    return page


def clear(context: Context, hours_ago: float) -> None:
    local.put_alert(context.store, replace(ALERT, cleared_at_s=time.time() - hours_ago * HOUR_S))


def asked(context: Context, until: Until) -> OutcomesSection:
    section = OutcomesSection(context)
    section.show()
    until(lambda: any("Did this" in each for each in texts(section)))
    return section


def sent(context: Context) -> list[object]:
    return [entry.action for entry in outbox.pending(context.store)]


def test_it_is_asked_a_day_after_the_alert_cleared_and_sends_what_it_shows(at_work: Context, until: Until) -> None:
    begin(at_work, until)
    assert sent(at_work) == []
    clear(at_work, DAY_H + 1)
    section = asked(at_work, until)
    buttons(section)["What is sent"].click()
    shown = [msgspec.json.format(each, indent=-1) for each in texts(section) if each.startswith("{")]
    buttons(section)["Yes"].click()
    (entry,) = outbox.pending(at_work.store)
    assert isinstance(entry.action, ReportOutcome)
    assert [entry.body.decode()] == shown
    assert (entry.action.post, entry.action.cleared, entry.action.stayed_h) == (ANSWER.id, True, 24)
    assert entry.action.system == "Debian 12"
    until(lambda: not texts(section))


def test_what_went_away_by_itself_counts_for_no_answer(at_work: Context, until: Until) -> None:
    begin(at_work, until)
    clear(at_work, DAY_H + 1)
    buttons(asked(at_work, until))["It went away by itself"].click()
    (action,) = sent(at_work)
    assert isinstance(action, ReportOutcome)
    assert (action.post, action.cleared) == (None, True)
    assert trials.trials(at_work.store) == []


@pytest.mark.parametrize("choice", ["Something else", "Not now"])
def test_nothing_is_sent_without_a_yes(choice: str, at_work: Context, until: Until) -> None:
    begin(at_work, until)
    clear(at_work, DAY_H + 1)
    section = asked(at_work, until)
    buttons(section)[choice].click()
    until(lambda: not texts(section))
    assert sent(at_work) == []


def test_nobody_is_asked_before_a_day_has_passed(at_work: Context, until: Until) -> None:
    begin(at_work, until)
    clear(at_work, DAY_H - 1)
    page = OutcomesPage(at_work)
    page.show()
    until(lambda: any("it counts when it stays clear for a day" in each for each in texts(page)))
    assert "Yes" not in buttons(page)


def test_a_report_is_listed_at_once_and_taken_back_from_there(at_work: Context, until: Until) -> None:
    begin(at_work, until)
    clear(at_work, DAY_H + 1)
    buttons(asked(at_work, until))["Yes"].click()
    page = OutcomesPage(at_work)
    page.show()
    until(lambda: "Take back" in buttons(page))
    assert any("stayed clear for a day on Debian 12" in each for each in texts(page))
    assert QUESTION.title in texts(page)
    buttons(page)["Take back"].click()
    assert isinstance(sent(at_work)[-1], WithdrawOutcome)
    until(lambda: "Take back" not in buttons(page))


def test_an_answer_says_what_it_cured_here_first(at_work: Context, until: Until) -> None:
    record = FixRecord(
        id=fix_record_id(ANSWER.id, DISK),
        post=ANSWER.id,
        thread=QUESTION.id,
        signature=DISK,
        all=Tally(tried=47, cleared=41, cleared_30_days=12),
        systems=[Tally(system="Ubuntu 24", tried=20, cleared=18), Tally(system="Debian 12", tried=9, cleared=9)],
    )
    fill(at_work.store, record, channel="group:linux")
    page = ThreadPage(at_work, QUESTION.id)
    page.show()
    said = "Cleared on 41 of 47 machines (Debian 12: 9 of 9) · 12 stayed clear for 30 days"
    until(lambda: said in texts(page))


def test_that_an_answer_still_works_is_said_with_this_machines_system_and_shown_at_once(
    at_work: Context, until: Until
) -> None:
    page = ThreadPage(at_work, QUESTION.id)
    page.show()
    until(lambda: "Still works?" in buttons(page))
    at_work.act(Mark(id=number(50), post=ANSWER.id, freshness="works", versions=["Debian 12"]))
    until(lambda: "You: still works" in buttons(page))
    assert any(each.startswith("Still works, say 1") for each in texts(page))
    assert b"web1" not in b"".join(encode(each) for each in sent(at_work))  # type: ignore[arg-type] # actions


@pytest.mark.parametrize(("cleared", "hours_ago"), [(True, DAY_H + 1), (False, 0)])
def test_a_watched_alert_is_asked_about_however_it_ended(
    cleared: bool,  # noqa: FBT001 - what is tried
    hours_ago: float,
    at_work: Context,
    until: Until,
) -> None:
    begun_s = time.time() - 8 * DAY_H * HOUR_S
    trials.start(at_work.store, trials.Trial(ALERT.id, "", "", DISK, ALERT.summary, begun_s))
    if cleared:
        clear(at_work, hours_ago)
    section = OutcomesSection(at_work)
    section.show()
    until(lambda: "Nothing was done" in buttons(section))
    buttons(section)["Nothing was done"].click()
    (action,) = sent(at_work)
    assert isinstance(action, ReportOutcome)
    assert (action.post, action.cleared) == (None, cleared)
    until(lambda: not texts(section))


def test_a_fresh_alert_begins_to_be_watched(at_work: Context, until: Until) -> None:
    local.put_alert(at_work.store, replace(ALERT, id="a2", raised_at_s=time.time()))
    section = OutcomesSection(at_work)
    section.show()
    until(lambda: [each.alert for each in trials.trials(at_work.store)] == ["a2"])
    assert texts(section) == []
