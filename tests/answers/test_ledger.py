"""The ledger of verified fixes: one word of each organisation, counted, weighed, and taken back."""

from typing import TypeVar

import pytest

from rackside_protocol.answers import AlertRecord, FixRecord, MyOutcome, PackedAnswer, ReportOutcome, WithdrawOutcome
from rackside_protocol.ids import new_id
from rackside_protocol.sync import Outcome as Answer
from rackside_protocol.threads import Ask, Delete, Reply
from rackside_server.accounts.models import Member
from rackside_server.answers import ledger, rules
from rackside_server.feed.limits import lifted
from rackside_server.feed.verify import differences, in_feed
from rackside_server.standing.ledger import points_of, refresh_standing
from rackside_server.threads import rules as threads
from tests.kernel.cast import OPEN_GROUP, PRIVATE_GROUP, Actor

pytestmark = pytest.mark.django_db
D = TypeVar("D")
DISK = "disk.used/ext4/"


def held(kind: type[D]) -> list[D]:
    """What the feed holds of a kind; it is what the rows say."""
    assert list(differences()) == []
    return [each for each in in_feed().values() if isinstance(each, kind)]


def answered(asker: Actor, answerer: Actor, group: str = OPEN_GROUP) -> str:
    ask = Ask(id=new_id(), group=group, title="The disk is full", body="It is full.", signature=DISK)
    reply = Reply(id=new_id(), thread=ask.id, body="Look at the open files.")
    with lifted():
        assert asker.does(ask).result == "done"
        assert answerer.does(reply).result == "done"
    return reply.id


def report(actor: Actor, post: str | None, *, cleared: bool = True, stayed_h: int = 24, system: str = "") -> Answer:
    action = ReportOutcome(id=new_id(), signature=DISK, post=post, cleared=cleared, stayed_h=stayed_h, system=system)
    return actor.does(action)


def works_at(actor: Actor, email: str) -> None:
    Member.objects.filter(pk=actor.id).update(email=email)
    actor.member.refresh_from_db()


def points(actor: Actor) -> int:
    return points_of(Member.objects.get(pk=actor.id))


def test_each_organisation_counts_once_and_its_later_word_replaces_the_earlier(
    alice: Actor, bob: Actor, charlie: Actor
) -> None:
    post = answered(alice, bob)
    works_at(alice, "alice@firm.example")
    works_at(charlie, "charlie@FIRM.example")
    assert report(alice, post, system="Debian 12").result == "done"
    assert report(charlie, post, cleared=False, stayed_h=0, system="Debian 12").result == "done"
    (record,) = held(FixRecord)
    assert (record.all.tried, record.all.cleared) == (1, 0)
    assert [(each.system, each.tried) for each in record.systems] == [("Debian 12", 1)]
    assert len(held(MyOutcome)) == 1
    assert alice.does(WithdrawOutcome(id=new_id(), signature=DISK, post=post)).reason == "gone"
    assert charlie.does(WithdrawOutcome(id=new_id(), signature=DISK, post=post)).result == "done"
    assert held(FixRecord) == held(MyOutcome) == []


def test_members_with_a_public_providers_address_speak_for_themselves(alice: Actor, bob: Actor, charlie: Actor) -> None:
    post = answered(alice, bob)
    works_at(alice, "alice@gmail.com")
    works_at(charlie, "charlie@gmail.com")
    report(alice, post)
    report(charlie, post, stayed_h=720)
    (record,) = held(FixRecord)
    assert (record.all.tried, record.all.cleared, record.all.cleared_30_days) == (2, 2, 1)


def test_what_has_not_stayed_clear_for_a_day_is_tried_and_not_cleared(alice: Actor, bob: Actor) -> None:
    report(alice, answered(alice, bob), stayed_h=0)
    (record,) = held(FixRecord)
    assert (record.all.tried, record.all.cleared, record.credited_cleared) == (1, 0, 0)


def test_nobody_reports_on_an_answer_of_her_own_organisation(alice: Actor, bob: Actor) -> None:
    post = answered(alice, bob)
    assert report(bob, post).reason == "own"
    works_at(alice, "alice@firm.example")
    works_at(bob, "bob@firm.example")
    assert report(alice, post).reason == "own"
    assert held(FixRecord) == []


def test_a_post_that_one_may_not_see_is_not_reported_on(alice: Actor, bob: Actor, charlie: Actor) -> None:
    assert report(charlie, answered(alice, bob, PRIVATE_GROUP)).reason == "gone"


def test_the_author_has_points_while_the_cure_lasts(alice: Actor, bob: Actor) -> None:
    post = answered(alice, bob)
    before = points(bob)
    report(alice, post)
    report(alice, post, stayed_h=720)
    assert points(bob) == before + rules.POINTS_VERIFIED_FIX
    report(alice, post, cleared=False)
    assert points(bob) == before
    report(alice, post)
    alice.does(WithdrawOutcome(id=new_id(), signature=DISK, post=post))
    assert points(bob) == before


def test_a_post_taken_back_takes_its_record_and_points_along(alice: Actor, bob: Actor) -> None:
    post = answered(alice, bob)
    report(alice, post)
    assert points(bob) == rules.POINTS_VERIFIED_FIX + threads.POINTS_REPLY
    bob.does(Delete(id=new_id(), item=post, item_kind="post"))
    assert held(FixRecord) == held(MyOutcome) == []
    assert points(bob) == 0


def test_an_alert_where_nothing_was_tried_is_counted_for_everybody(alice: Actor, bob: Actor) -> None:
    report(alice, None)
    report(bob, None, cleared=False)
    (record,) = held(AlertRecord)
    assert (record.seen, record.cleared) == (2, 1)
    alice.does(WithdrawOutcome(id=new_id(), signature=DISK))
    bob.does(WithdrawOutcome(id=new_id(), signature=DISK))
    assert held(AlertRecord) == []


def test_the_pack_brings_the_records_of_its_posts(alice: Actor, bob: Actor, charlie: Actor) -> None:
    post = answered(alice, bob)
    report(alice, post)
    report(charlie, post)
    (packed,) = held(PackedAnswer)
    assert packed.records == held(FixRecord)
    assert packed.records[0].all.tried == 2


def test_a_word_weighs_more_from_who_reported_on_more_authors(alice: Actor, bob: Actor, charlie: Actor) -> None:
    first, second = answered(alice, bob), answered(bob, charlie)
    report(alice, first)
    (alone,) = held(FixRecord)
    report(alice, second)
    ledger.weigh_all()
    assert all(record.credited_tried > alone.credited_tried for record in held(FixRecord))


def test_the_hourly_turn_weighs_by_the_trust_of_now(alice: Actor, bob: Actor) -> None:
    report(alice, answered(alice, bob))
    (before,) = held(FixRecord)
    Member.objects.filter(pk=alice.id).update(trust_level=4)
    refresh_standing(Member.objects.get(pk=alice.id))
    assert ledger.weigh_all() == 1
    assert held(FixRecord)[0].credited_tried > before.credited_tried
    assert ledger.weigh_all() == 0


def test_who_contradicts_clear_majorities_weighs_little() -> None:
    honest = rules.weight(authors=3, trust_level=2, agreed=10, judged=10)
    liar = rules.weight(authors=3, trust_level=2, agreed=0, judged=10)
    assert honest == rules.WHOLE_WEIGHT
    assert liar < honest / 20
    assert rules.agrees(own=True, cleared=2, tried=rules.JUDGES) is None
    assert rules.agrees(own=True, cleared=0, tried=rules.JUDGES) is False
