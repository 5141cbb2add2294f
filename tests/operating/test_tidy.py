"""Tidying: what a community outlives is forgotten in its time and not before, and nobody is lowered by it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connections

from rackside_protocol.ids import new_id
from rackside_protocol.people import EditProfile
from rackside_protocol.people import Member as MemberDocument
from rackside_protocol.threads import Ask, Delete, MeToo, Reply, VoteHelpful
from rackside_server.accounts import actions as accounts
from rackside_server.accounts.models import AuthorizationCode, FailedSignIn
from rackside_server.feed import limits, verify
from rackside_server.feed.clock import at, now_ms
from rackside_server.feed.models import Channel, FeedRow, ReceivedAction
from rackside_server.operating import housekeeper, tidy, turns
from rackside_server.operating.models import Mark, Turn
from rackside_server.standing.actions import promote
from rackside_server.standing.rules import Conduct
from rackside_server.threads.models import Post, Thread
from tests.kernel.cast import DAY_MS, OPEN_GROUP, Actor
from tests.kernel.console import MakeConsole

pytestmark = pytest.mark.django_db
CHANNEL = f"group:{OPEN_GROUP}"
HOUR_MS = 60 * 60 * 1_000
EVERYTHING = Conduct(**{name: 10_000 for name in Conduct.__dataclass_fields__ if name != "recent_upheld_flags"})


def asks(actor: Actor) -> str:
    ask = Ask(id=new_id(), group=OPEN_GROUP, title="Why is /var full?", body="df says 100 %.")
    with limits.lifted():
        assert actor.does(ask).result == "done"
    return ask.id


def deletions() -> int:
    return FeedRow.objects.filter(channel__name=CHANNEL, payload=None).count()


@pytest.mark.parametrize("slice_versions", [1, 3, 50_000])
def test_a_deletion_is_forgotten_after_ninety_days_and_not_before(
    slice_versions: int, alice: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tidy, "SLICE_VERSIONS", slice_versions)
    now = now_ms()
    with at(now - 100 * DAY_MS):
        gone, stays = asks(alice), asks(alice)
        assert alice.does(Delete(id=new_id(), item=gone, item_kind="thread")).result == "done"
        asks(alice)
    for day in range(100, 91, -1):
        with at(now - day * DAY_MS):
            assert tidy.forget_old_deletions() == 0
    assert deletions() == 1
    with at(now):
        assert tidy.forget_old_deletions() == 1
    assert deletions() == 0
    assert Thread.objects.filter(pk=stays).exists()
    assert Channel.objects.get(name=CHANNEL).floor > 0
    assert list(verify.differences()) == []


def test_a_console_that_knew_the_deletion_carries_on_and_one_that_did_not_ends_up_equal(
    alice: Actor, bob: Actor, console: MakeConsole
) -> None:
    now = now_ms()
    with at(now - 120 * DAY_MS):
        gone = asks(alice)
        away, here = console(bob), console(alice)
        away.syncs()
        assert away.copies(gone) == 1
        alice.does(Delete(id=new_id(), item=gone, item_kind="thread"))
        asks(alice)
        here.syncs()
        tidy.forget_old_deletions()
    tidy.forget_old_deletions()
    assert deletions() == 0
    away.syncs()
    here.syncs()
    fresh = console(bob)
    fresh.syncs()
    assert away.copies(gone) == 0
    assert away.held() == fresh.held()


def test_a_channel_without_deletions_keeps_its_floor(alice: Actor) -> None:
    now = now_ms()
    with at(now - 120 * DAY_MS):
        asks(alice)
        asks(alice)
        tidy.forget_old_deletions()
    tidy.forget_old_deletions()
    assert Channel.objects.get(name=CHANNEL).floor == 0


def test_a_quiet_channel_is_marked_once_and_a_busy_one_no_more_than_once_a_week(alice: Actor) -> None:
    now = now_ms()
    for day in range(30, -1, -1):
        with at(now - day * DAY_MS):
            tidy.forget_old_deletions()
            if day > 14:
                asks(alice)
    marks = Mark.objects.filter(channel__name=CHANNEL).count()
    assert 2 <= marks <= 4


def test_an_action_is_known_for_four_hundred_days_and_doubles_no_text_after_that(
    alice: Actor, caplog: pytest.LogCaptureFixture
) -> None:
    now, ask = now_ms(), Ask(id=new_id(), group=OPEN_GROUP, title="Why is /var full?", body="df says 100 %.")
    with at(now - 399 * DAY_MS):
        assert alice.does(ask).result == "done"
    assert tidy.forget_old_actions() == 0
    assert alice.does(ask).result == "already"
    with at(now + 2 * DAY_MS):
        assert tidy.forget_old_actions() == 1
    assert ReceivedAction.objects.filter(action_id=ask.id).count() == 0
    assert alice.does(ask).result == "refused"
    assert Thread.objects.filter(title=ask.title).count() == 1
    assert list(verify.differences()) == []
    caplog.clear()


def test_what_let_somebody_in_once_is_forgotten_when_it_has_expired(alice: Actor) -> None:
    for age_ms in (0, DAY_MS):
        with at(now_ms() - age_ms):
            accounts.issue_code(alice.member, "c" * 43, f"http://127.0.0.1:1/{age_ms}")
            FailedSignIn.objects.create(handle="alice", address=f"192.0.2.{1 + bool(age_ms)}", since_ms=now_ms())
    for seconds in (1_000, -1_000):
        session = SessionStore()
        session.set_expiry(seconds)
        session.save()
    did = tidy.tidy_now()
    assert (did["sign_ins_forgotten"], did["sessions_ended"]) == (2, 1)
    assert (AuthorizationCode.objects.count(), FailedSignIn.objects.count(), Session.objects.count()) == (1, 1, 1)


def test_it_is_done_once_an_hour_however_many_ask(alice: Actor) -> None:
    del alice
    now = now_ms()
    with at(now):
        assert [tidy.tidy_if_due() is not None for _ in range(3)] == [True, False, False]
    with at(now + HOUR_MS - 1):
        assert tidy.tidy_if_due() is None
    with at(now + HOUR_MS):
        assert tidy.tidy_if_due() is not None
    with at(now - 300 * DAY_MS):
        assert tidy.tidy_if_due() is not None, "a clock that was ahead must not stop it for years"
    assert set(Turn.objects.get().did) == set(tidy.STEPS)


@pytest.mark.django_db(transaction=True)
def test_of_several_that_try_at_once_one_is_told_yes() -> None:
    def tries(_: int) -> bool:
        try:
            return turns.take("race", HOUR_MS)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(tries, range(16))) == 1


def test_nobody_is_lowered_and_level_four_stays_a_gift(alice: Actor) -> None:
    for level, conduct, risen in ((3, Conduct(), 0), (4, EVERYTHING, 0), (1, EVERYTHING, 2), (3, EVERYTHING, 0)):
        alice.member.trust_level = level
        alice.member.save()
        assert promote(alice.id, conduct, members=1_000) == risen
        alice.member.refresh_from_db()
        assert alice.member.trust_level == level + risen
    assert promote(new_id(), EVERYTHING, members=1_000) == 0


def test_who_takes_part_is_promoted_and_everybody_sees_it(alice: Actor, bob: Actor, console: MakeConsole) -> None:
    with limits.lifted():
        threads = [asks(bob) for _ in range(3)]
        for thread in threads:
            for _ in range(5):
                bob.does(Reply(id=new_id(), thread=thread, body="And it grows."))
    tidy.tidy_now()
    alice.member.refresh_from_db()
    assert alice.member.trust_level == 0, "who has taken no part"
    alice.does(VoteHelpful(id=new_id(), item=threads[0], item_kind="thread", on=True))
    alice.does(MeToo(id=new_id(), thread=threads[1], on=True))
    post = Post.objects.filter(thread=threads[2]).order_by("created_ms", "pk").last()
    assert post is not None
    alice.does(VoteHelpful(id=new_id(), item=post.pk, item_kind="post", on=True))
    assert tidy.tidy_now()["members_promoted"] >= 1
    alice.member.refresh_from_db()
    assert alice.member.trust_level == 1
    seen = console(bob)
    seen.syncs()
    document = seen.held()[alice.id, "public"]
    assert isinstance(document, MemberDocument)
    assert document.trust_level == 1
    assert list(verify.differences()) == []


def test_what_is_written_after_she_was_there_she_has_not_read(alice: Actor, bob: Actor) -> None:
    now = now_ms()
    with limits.lifted(), at(now - 10 * DAY_MS):
        threads = [asks(bob) for _ in range(3)]
        for thread in threads:
            alice.does(MeToo(id=new_id(), thread=thread, on=True))
    with limits.lifted():
        for thread in threads:
            for _ in range(5):
                bob.does(Reply(id=new_id(), thread=thread, body="And it grows."))
    assert alice.does(EditProfile(id=new_id(), name="Alice", headline="Was here")).result == "done"
    tidy.tidy_now()
    alice.member.refresh_from_db()
    assert alice.member.trust_level == 0


@pytest.mark.django_db(transaction=True)
def test_a_running_server_tidies_by_itself_and_goes_on_after_a_failure(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    looked = Event()
    looks: list[object] = []

    def look() -> dict[str, int] | None:
        looks.append(None)
        if len(looks) == 1:
            raise ValueError("planted")
        if len(looks) > 2:
            looked.set()
        return tidy.tidy_if_due()

    monkeypatch.setattr(housekeeper, "tidy_if_due", look)
    keeper = housekeeper.Housekeeper(first_look_s=0.0, look_every_s=0.01)
    keeper.start()
    assert looked.wait(30)
    keeper.stop()
    keeper._thread.join(30)
    assert set(Turn.objects.get().did) == set(tidy.STEPS)
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == [
        "Tidying failed; it is tried again"
    ]
    caplog.clear()
