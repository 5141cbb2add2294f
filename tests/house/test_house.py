"""The house test: what alice does offline, bob sees exactly once, and charlie, who may not, sees nowhere.

For every kind of action that exists, over what a console holds (rows), who it belongs to (role), and the ways by which
a text could reach somebody: rows of sync, search, bytes of files, pages of the web.
"""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError
from django.test import Client

from rackside.store import documents, outbox, search
from rackside.sync import errors
from rackside_protocol.actions import Action
from rackside_protocol.ids import new_id
from rackside_protocol.registry import ACTIONS, encode
from rackside_protocol.threads import Reply, Thread, VoteHelpful
from rackside_server.accounts import actions as accounts
from rackside_server.feed import handlers, pull
from rackside_server.feed.channels import followed_by
from rackside_server.feed.models import FeedRow, ReceivedAction
from rackside_server.groups import actions as groups
from rackside_server.groups.models import Group
from rackside_server.sponsors import actions as sponsors
from rackside_server.sponsors.models import Campaign, Vendor
from tests.house.cases import BESIDE, CASES, MARK, STAFF_ONLY, UNCOVERED, Scene
from tests.kernel.cast import OPEN_GROUP, PRIVATE_GROUP, Actor
from tests.kernel.console import Console, MakeConsole

pytestmark = pytest.mark.django_db

PRIVATE = {kind for kind, case in CASES.items() if case.private}
ABOUT_HERSELF = {"heartbeats.register", "groups.join", "groups.leave", "sponsors.receipt"}
"""What anybody may do, since it is about nobody else."""


@pytest.fixture
def scene(alice: Actor, bob: Actor, charlie: Actor, staff: Actor, console: MakeConsole) -> Scene:
    groups.save_group(Group(slug="windows-admins", name="Windows admins"))
    vendor = Vendor(slug="northvault", name="Northvault")
    sponsors.save_vendor(vendor)
    campaign = Campaign(
        vendor=vendor,
        title="Move cold files off",
        body="To cheaper storage.",
        link="https://northvault.example/tiering",
        terms=["disk.used"],
    )
    sponsors.save_campaign(campaign)
    sponsors.submit(campaign)
    sponsors.approve(campaign)
    second, _ = accounts.open_device(alice.member, "An old laptop", "linux")
    made = Scene(console(alice), console(bob), console(charlie), console(staff), campaign.pk)
    made.notes = {"second device": second.pk, "today": datetime.now(UTC).date().isoformat()}
    made.all_sync()
    return made


def actor(scene: Scene, kind: str) -> Console:
    return scene.staff if kind in STAFF_ONLY else scene.alice


def seen(scene: Scene, kind: str, action: Action) -> dict[str, int]:
    """Say how many times each sees what the action did."""
    shown = CASES[kind].shown
    return {
        "alice": shown(actor(scene, kind), scene, action),
        "bob": shown(scene.bob, scene, action),
        "charlie": shown(scene.charlie, scene, action),
    }


def expected(kind: str) -> dict[str, int]:
    case = CASES[kind]
    return {"alice": case.alice, "bob": case.bob, "charlie": case.charlie}


def pages_with_the_mark(reader: Actor | None, scene: Scene, *ids: str) -> list[str]:
    """Return the addresses at which somebody finds the mark; None is a visitor."""
    browser = Client()
    if reader is not None:
        browser.force_login(reader.member)
    threads = [each.id for each in documents.of_kind(scene.bob.store, Thread, limit=100)]
    paths = [
        "/",
        f"/groups/{PRIVATE_GROUP}/",
        f"/groups/{PRIVATE_GROUP}/feed/",
        f"/groups/{OPEN_GROUP}/",
        "/feed/",
        "/sitemap-1.xml",
        f"/search/?q={BESIDE}",
        "/people/alice/",
        *(f"/threads/{each}/" for each in [*threads, *ids]),
    ]
    return [path for path in paths if MARK in browser.get(path, headers={"host": "127.0.0.1"}).content.decode()]


def test_every_kind_of_action_has_a_case() -> None:
    assert set() == UNCOVERED
    assert CASES.keys() == ACTIONS.keys()


@pytest.mark.parametrize("kind", sorted(ACTIONS))
def test_it_is_written_offline_shown_once_and_to_whom_it_may(kind: str, scene: Scene, console: MakeConsole) -> None:
    check_that_it_is_shown_once(kind, scene, console)


def check_that_it_is_shown_once(kind: str, scene: Scene, console: MakeConsole) -> None:
    doer = actor(scene, kind)
    action = CASES[kind].make(scene)
    scene.all_sync()
    before, received = FeedRow.objects.count(), ReceivedAction.objects.count()

    doer.line.cut = True
    doer.writes(action)
    with pytest.raises(ConnectionError):
        doer.syncs()
    assert [(entry.action, entry.state) for entry in outbox.pending(doer.store)] == [(action, "queued")]
    assert (FeedRow.objects.count(), ReceivedAction.objects.count()) == (before, received)

    doer.line.cut = False
    doer.syncs()
    assert doer.refusals() == []
    scene.all_sync()
    assert outbox.pending(doer.store) == []
    assert seen(scene, kind, action) == expected(kind)
    assert ReceivedAction.objects.count() == received + 1

    rows = sorted(FeedRow.objects.values_list("channel__name", "version"))
    doer.store.outbox.execute("DELETE FROM actions")  # else it remembers that it sent this
    doer.writes(action)
    doer.syncs()
    scene.all_sync()
    assert outbox.pending(doer.store) == []
    assert seen(scene, kind, action) == expected(kind), "twice the same is once"
    assert sorted(FeedRow.objects.values_list("channel__name", "version")) == rows

    for each in scene.everybody:
        again = console(each.actor)
        again.syncs()
        assert again.held() == each.held(), "fresh state equals old state plus changes"


@pytest.mark.parametrize("kind", sorted(PRIVATE))
def test_no_way_leads_an_outsider_to_it(kind: str, scene: Scene) -> None:
    check_that_no_way_leads_to_it(kind, scene)


def check_that_no_way_leads_to_it(kind: str, scene: Scene) -> None:
    doer = actor(scene, kind)
    action = CASES[kind].make(scene)
    told = MARK.encode() in encode(action)
    doer.does(action)
    scene.all_sync()

    assert (MARK.encode() in scene.bob.bytes_on_disk()) is told, "or else there would be nothing to find"
    assert bool(pages_with_the_mark(scene.bob.actor, scene, action.id)) is told
    assert not any(MARK.encode() in body for body in scene.charlie.line.received)
    assert not any(action.id.encode() in body for body in scene.charlie.line.received)
    assert not any(f"group:{PRIVATE_GROUP}".encode() in body for body in scene.charlie.line.received)
    assert search.find(scene.charlie.store, MARK) == []
    files = scene.charlie.bytes_on_disk().lower()
    assert MARK.lower().encode() not in files
    assert bytes.fromhex(action.id) not in files
    assert pages_with_the_mark(scene.charlie.actor, scene, action.id) == []
    assert pages_with_the_mark(None, scene, action.id) == []


@pytest.mark.parametrize("kind", sorted(PRIVATE - ABOUT_HERSELF))
def test_an_outsider_who_tries_it_herself_is_refused_and_changes_nothing(kind: str, scene: Scene) -> None:
    action = CASES[kind].make(scene)
    before = sorted(FeedRow.objects.values_list("channel__name", "version"))
    scene.charlie.writes(action)
    scene.charlie.syncs()
    assert len(scene.charlie.refusals()) == 1
    assert sorted(FeedRow.objects.values_list("channel__name", "version")) == before


def test_who_leaves_a_group_keeps_nothing_of_it(scene: Scene) -> None:
    ask = CASES["threads.ask"].make(scene)
    scene.alice.does(ask)
    scene.bob.syncs()
    assert MARK.lower().encode() in scene.bob.bytes_on_disk().lower()
    scene.bob.does(CASES["groups.leave"].make(scene))
    assert search.find(scene.bob.store, MARK) == []
    assert MARK.lower().encode() not in scene.bob.bytes_on_disk().lower()
    assert bytes.fromhex(ask.id) not in scene.bob.bytes_on_disk()


def test_alice_asks_votes_and_replies_offline_and_bob_sees_each_once(scene: Scene) -> None:
    thread = scene.asked(scene.bob)
    ask = CASES["threads.ask"].make(scene)
    written = [
        ask,
        Reply(id=new_id(), thread=thread, body=MARK),
        Reply(id=new_id(), thread=ask.id, body="And by the way"),
        VoteHelpful(id=new_id(), item=thread, item_kind="thread", on=True),
    ]
    scene.alice.line.cut = True
    scene.alice.writes(*written)
    with pytest.raises(ConnectionError):
        scene.alice.syncs()
    assert len(outbox.pending(scene.alice.store)) == len(written)
    scene.alice.line.cut = False
    scene.all_sync()
    scene.all_sync()
    for who in (scene.alice, scene.bob):
        assert [who.copies(each.id) for each in written] == [1, 1, 1, 0]
        held = documents.get(who.store, thread)
        assert isinstance(held, Thread)
        assert (held.helpful, held.replies) == (1, 1)
    assert [scene.charlie.copies(each.id) for each in written] == [0, 0, 0, 0]


def test_the_house_falls_when_a_channel_is_handed_to_whom_it_is_not(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pull, "followed_by", lambda member: [*followed_by(member), f"group:{PRIVATE_GROUP}"])
    with pytest.raises(AssertionError):
        check_that_no_way_leads_to_it("threads.ask", scene)


def test_the_house_falls_when_the_server_does_not_remember_actions(
    scene: Scene, console: MakeConsole, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(handlers, "_remembered", lambda *_: {})
    with pytest.raises((AssertionError, errors.SyncError, IntegrityError)):
        check_that_it_is_shown_once("ideas.comment", scene, console)
    caplog.clear()
