"""What binds a member who writes without a network: limits count by when she wrote, within what is plausible."""

from rackside_protocol.ideas import Propose
from rackside_protocol.ids import new_id
from rackside_protocol.threads import Ask
from rackside_server.feed import clock
from rackside_server.feed.limits import DAY_MS, LONGEST_OFFLINE_MS, recent, written_ms
from rackside_server.ideas.rules import IDEAS_A_DAY
from rackside_server.threads.rules import THREADS_A_DAY
from tests.kernel.cast import OPEN_GROUP, Actor

NOW_MS = 1_800_000_000_000
HOUR_MS = DAY_MS // 24


def written_at(moment_ms: int) -> str:
    return f"{moment_ms:012x}{new_id()[12:]}"


def question(moment_ms: int) -> Ask:
    return Ask(id=written_at(moment_ms), group=OPEN_GROUP, title="Is it the disk?", body="It is full.")


def results(alice: Actor, moments_ms: list[int]) -> list[str]:
    return [alice.does(question(moment_ms)).result for moment_ms in moments_ms]


def test_an_action_counts_when_its_id_was_made_where_that_is_plausible_and_else_when_it_came() -> None:
    claims = {
        NOW_MS - HOUR_MS: NOW_MS - HOUR_MS,
        NOW_MS - LONGEST_OFFLINE_MS: NOW_MS - LONGEST_OFFLINE_MS,
        NOW_MS - LONGEST_OFFLINE_MS - 1: NOW_MS,
        NOW_MS + 1: NOW_MS,
        0: NOW_MS,
    }
    assert {claim: written_ms(written_at(claim), NOW_MS, joined_ms=0) for claim in claims} == claims
    assert written_ms(written_at(NOW_MS - HOUR_MS), NOW_MS, joined_ms=NOW_MS - 1) == NOW_MS
    assert written_ms("f" * 32, NOW_MS, joined_ms=0) == NOW_MS


def test_what_came_late_counts_in_whichever_order_it_comes() -> None:
    assert recent([NOW_MS - 2 * DAY_MS, NOW_MS - 1, NOW_MS, NOW_MS + 1], NOW_MS).count == 2
    assert recent([NOW_MS + each for each in range(1, 9)], NOW_MS).count == 8
    assert recent([], NOW_MS).newest_ms == 0


def test_what_was_written_over_30_days_without_a_network_is_no_burst(alice: Actor) -> None:
    now = clock.now_ms()
    moments = [now - day * DAY_MS + hour * HOUR_MS for day in (29, 28, 3, 2, 1) for hour in range(THREADS_A_DAY)]
    assert set(results(alice, moments)) == {"done"}


def test_a_burst_is_one_whatever_its_ids_say(alice: Actor) -> None:
    now = clock.now_ms()
    for moment, done in ((now, THREADS_A_DAY), (now + 365 * DAY_MS, 0), (now - 365 * DAY_MS, 0)):
        outcomes = results(alice, [moment - THREADS_A_DAY + each for each in range(THREADS_A_DAY + 1)])
        assert outcomes.count("done") == done


def test_a_burst_written_backwards_is_one(alice: Actor) -> None:
    now = clock.now_ms()
    outcomes = results(alice, [now - each for each in range(2 * THREADS_A_DAY)])
    assert outcomes.count("done") == THREADS_A_DAY


def test_ideas_of_30_days_are_no_burst_either(alice: Actor) -> None:
    now = clock.now_ms()
    moments = [now - day * DAY_MS for day in range(30, 0, -1)] + [now] * (IDEAS_A_DAY + 1)
    proposed = [alice.does(Propose(id=written_at(each), title="An idea of mine", body="Of then.")) for each in moments]
    assert [outcome.result for outcome in proposed[:30]] == ["done"] * 30
    assert proposed[-1].reason == "too_many"
