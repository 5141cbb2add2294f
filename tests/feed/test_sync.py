"""The sync endpoint: what goes down to a console, and when it has to start a channel over."""

import gzip
from collections.abc import Callable
from http import HTTPStatus

import msgspec
import pytest
from backports import zstd
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rackside_protocol.groups import JoinGroup, LeaveGroup
from rackside_protocol.ids import new_id
from rackside_protocol.registry import encode, read_document
from rackside_protocol.sync import (
    MAX_REQUEST_BYTES,
    MAX_ROWS,
    ChannelPage,
    Cursor,
    Position,
    Problem,
    SyncRequest,
    SyncResponse,
)
from rackside_protocol.threads import Ask, Delete, Reply
from rackside_server.feed import pull, timeline
from rackside_server.feed.channels import may_read, readable_by
from rackside_server.feed.models import Channel, VersionTag
from rackside_server.feed.publish import announcing, move, publish, withdraw
from tests.feed.test_publishing import document
from tests.kernel.cast import OPEN_GROUP, PRIVATE_GROUP, Actor
from tests.kernel.transport import request

pytestmark = pytest.mark.django_db

OPEN, PRIVATE = f"group:{OPEN_GROUP}", f"group:{PRIVATE_GROUP}"


def ask(group: str = OPEN_GROUP) -> Ask:
    return Ask(id=new_id(), group=group, title="Is it the disk?", body="It is full.")


def by_channel(answer: SyncResponse) -> dict[str, ChannelPage]:
    return {page.channel: page for page in answer.channels}


def settled(actor: Actor) -> Actor:
    """Sync until there is no news."""
    while actor.sync().channels:
        pass
    return actor


def ids(answer: SyncResponse) -> set[str]:
    return {row.id for page in answer.channels for row in page.rows}


class TestDown:
    def test_what_one_writes_the_other_reads_and_the_third_may_not(
        self, alice: Actor, bob: Actor, charlie: Actor
    ) -> None:
        secret, question = ask(PRIVATE_GROUP), ask()
        alice.sync(secret, question)
        assert {secret.id, question.id} <= ids(bob.sync())
        seen = charlie.sync()
        assert question.id in ids(seen)
        assert secret.id not in ids(seen)
        assert PRIVATE not in by_channel(seen)

    def test_ones_own_action_comes_down_in_the_same_round_trip(self, alice: Actor) -> None:
        question = ask()
        answer = alice.sync(question)
        assert answer.outcomes[0].result == "done"
        assert question.id in ids(answer)

    def test_without_news_no_page_comes(self, alice: Actor) -> None:
        assert settled(alice).sync().channels == []

    def test_an_edit_brings_the_newest_only(self, bob: Actor) -> None:
        pk = new_id()
        for name in ("first", "second"):
            publish(document(name, pk), "public")
        rows = [row for row in by_channel(bob.sync())["public"].rows if row.id == pk]
        assert len(rows) == 1
        assert b"second" in bytes(rows[0].document)

    def test_what_was_taken_back_comes_as_a_row_without_document(self, alice: Actor, bob: Actor) -> None:
        question = ask()
        alice.sync(question)
        settled(bob)
        alice.sync(Delete(id=new_id(), item=question.id, item_kind="thread"))
        row = next(row for row in by_channel(bob.sync())[OPEN].rows if row.id == question.id)
        assert row.document is msgspec.UNSET
        assert row.kind == "thread"

    def test_every_document_that_comes_down_can_be_read(self, alice: Actor, bob: Actor) -> None:
        question = ask()
        alice.sync(question)
        bob.sync(Reply(id=new_id(), thread=question.id, body="Look at the open files."))
        rows = [row for page in alice.sync().channels for row in page.rows if row.document is not msgspec.UNSET]
        assert {read_document(bytes(row.document)).id for row in rows} == {row.id for row in rows}

    def test_pages_have_at_most_so_many_rows_over_all_channels_and_go_on_where_they_ended(self, alice: Actor) -> None:
        settled(alice)
        with announcing():
            for channel in ("public", OPEN):
                for _ in range(MAX_ROWS):
                    publish(document(), channel)
        seen: set[str] = set()
        rounds = 0
        while (answer := alice.sync()).channels:
            assert sum(len(page.rows) for page in answer.channels) <= MAX_ROWS
            assert not seen & ids(answer)
            seen |= ids(answer)
            rounds += 1
        assert len(seen) == 2 * MAX_ROWS
        assert rounds == 2

    def test_a_page_ends_when_its_bytes_are_many(self, alice: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
        settled(alice)
        monkeypatch.setattr(pull, "MAX_PAGE_BYTES", 1_000)
        with announcing():
            for _ in range(20):
                publish(document("x" * 200), "public")
        page = by_channel(alice.sync())["public"]
        assert 0 < len(page.rows) < 20
        assert page.more

    def test_a_pass_over_forgotten_deletions_ends_at_the_head(self, alice: Actor) -> None:
        publish(gone := document(), "public")
        withdraw(gone.id, "public")
        publish(document(), "public")
        head = Channel.objects.get(name="public").head
        assert timeline.forget_deletions("public", head) == 1
        page = by_channel(alice.sync())["public"]
        assert (page.next, page.more) == (head, False)

    def test_what_moves_between_channels_is_gone_from_the_one_and_there_in_the_other(self, alice: Actor) -> None:
        moved = document()
        publish(moved, "public")
        settled(alice)
        move(moved, "public", OPEN)
        found = by_channel(alice.sync())
        assert [row.document is msgspec.UNSET for row in found["public"].rows if row.id == moved.id] == [True]
        assert [row.document is msgspec.UNSET for row in found[OPEN].rows if row.id == moved.id] == [False]


class TestPermission:
    def test_who_leaves_a_group_is_told_to_purge_it_and_gets_it_back_on_joining(
        self, alice: Actor, charlie: Actor
    ) -> None:
        question = ask()
        alice.sync(question)
        settled(charlie)
        answer = charlie.sync(LeaveGroup(id=new_id(), group=OPEN_GROUP))
        assert by_channel(answer)[OPEN].state == "gone"
        assert OPEN not in by_channel(charlie.sync())
        assert question.id in ids(charlie.sync(JoinGroup(id=new_id(), group=OPEN_GROUP)))

    def test_a_channel_that_is_only_named_is_not_thereby_read(self, alice: Actor, charlie: Actor) -> None:
        alice.sync(ask(PRIVATE_GROUP))
        epoch = Channel.objects.get(name=PRIVATE).epoch
        for name in (PRIVATE, f"me:{alice.id}", "staff"):
            charlie.cursors[name] = Cursor(channel=name, epoch=epoch)
        found = by_channel(charlie.sync())
        assert [found[name].state for name in (PRIVATE, f"me:{alice.id}", "staff")] == ["gone", "gone", "gone"]

    def test_a_visitor_reads_what_is_public_and_nothing_else(self, alice: Actor) -> None:
        assert set(readable_by(None)) == {"public", "answers", OPEN}
        assert not may_read(None, PRIVATE)
        assert not may_read(None, f"me:{alice.id}")

    def test_staff_read_their_own_channel(self, staff: Actor, alice: Actor) -> None:
        assert may_read(staff.member, "staff")
        assert not may_read(alice.member, "staff")


def _other_epoch(cursor: Cursor) -> Cursor:
    return msgspec.structs.replace(cursor, epoch="0" * 16)


def _above_the_head(cursor: Cursor) -> Cursor:
    return msgspec.structs.replace(cursor, version=cursor.version + 1)


def _other_tag(cursor: Cursor) -> Cursor:
    return msgspec.structs.replace(cursor, tag=cursor.tag ^ 1)


class TestReset:
    @pytest.mark.parametrize("change", [_other_epoch, _above_the_head, _other_tag])
    def test_who_is_on_another_time_line_starts_over(self, change: Callable[[Cursor], Cursor], alice: Actor) -> None:
        settled(alice)
        alice.cursors["public"] = change(alice.cursors["public"])
        page = by_channel(alice.sync())["public"]
        assert (page.state, page.rows, page.next, page.more) == ("reset", [], 0, True)
        again = by_channel(alice.sync())["public"]
        assert again.state == "rows"
        assert again.next == Channel.objects.get(name="public").head

    def test_a_witness_so_old_that_its_tag_is_forgotten_resets_nothing(
        self, alice: Actor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first = alice.does(ask()).at[0]
        for _ in range(4):
            alice.does(ask())
        VersionTag.objects.filter(channel__name=first.channel, version=first.version).delete()
        assert by_channel(alice.sync(witnesses=[first]))[first.channel].state == "reset"
        settled(alice)
        monkeypatch.setattr(pull, "TAGS_KEPT", 2)
        assert first.channel not in by_channel(alice.sync(witnesses=[first]))

    def test_a_witness_that_is_not_on_our_time_line_resets_its_channel(self, alice: Actor) -> None:
        settled(alice)
        at = alice.does(ask()).at[0]
        settled(alice)
        honest = alice.sync(witnesses=[at])
        assert by_channel(honest) == {}
        lost = Position(channel=at.channel, version=at.version, tag=at.tag ^ 1)
        assert by_channel(alice.sync(witnesses=[lost]))[at.channel].state == "reset"
        beyond = Position(channel=at.channel, version=at.version + 1_000, tag=at.tag)
        settled(alice)
        assert by_channel(alice.sync(witnesses=[beyond]))[at.channel].state == "reset"

    def test_after_a_restore_every_channel_starts_over(self, alice: Actor) -> None:
        settled(alice)
        timeline.begin_anew()
        assert {page.state for page in alice.sync().channels} == {"reset"}
        settled(alice)

    def test_who_missed_forgotten_deletions_starts_over(self, alice: Actor, bob: Actor) -> None:
        settled(alice)
        publish(gone := document(), "public")
        withdraw(gone.id, "public")
        publish(document(), "public")
        settled(bob)
        timeline.forget_deletions("public", Channel.objects.get(name="public").head)
        assert by_channel(alice.sync())["public"].state == "reset"
        assert bob.sync().channels == []

    def test_a_new_console_that_pages_does_not_start_over_for_ever(
        self, alice: Actor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """'Version under the floor: reset' would livelock it; its pass keeps the floor that it began under."""
        monkeypatch.setattr(pull.Budget.__init__, "__defaults__", (2, 2**20))
        for _ in range(6):
            publish(gone := document(), "public")
            withdraw(gone.id, "public")
            publish(document(), "public")
        timeline.forget_deletions("public", Channel.objects.get(name="public").head)
        alice.cursors = {}
        for _ in range(40):
            answer = alice.sync()
            assert all(page.state == "rows" for page in answer.channels)
            if not answer.channels:
                break
        assert alice.cursors["public"].version == Channel.objects.get(name="public").head

    def test_a_pass_during_which_more_deletions_are_forgotten_starts_over(
        self, alice: Actor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settled(alice)
        first = [document() for _ in range(6)]
        for each in first:
            publish(each, "public")
        alice.cursors = {}
        monkeypatch.setattr(pull.Budget.__init__, "__defaults__", (2, 2**20))
        alice.sync()
        withdraw(first[0].id, "public")
        publish(document(), "public")
        timeline.forget_deletions("public", Channel.objects.get(name="public").head)
        assert by_channel(alice.sync())["public"].state == "reset"

    def test_versions_whose_tag_is_forgotten_start_over(self, alice: Actor) -> None:
        settled(alice)
        publish(document(), "public")
        VersionTag.objects.filter(channel__name="public", version=alice.cursors["public"].version).delete()
        assert by_channel(alice.sync())["public"].state == "reset"


def problem(status: int, body: bytes) -> tuple[int, str]:
    found = msgspec.json.decode(body, type=Problem)
    assert found.message.endswith(".")
    return status, found.code


class TestTrouble:
    def test_without_a_token_nobody_syncs(self, alice: Actor) -> None:
        for token in ("", "nonsense", alice.device):
            answer = request("POST", "/api/sync", encode(SyncRequest()), token=token)
            assert problem(answer.status, answer.body) == (HTTPStatus.UNAUTHORIZED, "not_signed_in")

    def test_what_is_no_request_is_a_problem(self, alice: Actor) -> None:
        for body in (b"", b"[]", b"{", b'{"actions": 3}', b"\xff", b'{"cursors": [{"channel": "../x"}]}'):
            answer = request("POST", "/api/sync", body, token=alice.token)
            assert problem(answer.status, answer.body) == (HTTPStatus.BAD_REQUEST, "malformed")

    def test_a_request_that_is_too_large_is_not_read(self, alice: Actor) -> None:
        answer = request("POST", "/api/sync", b" " * (MAX_REQUEST_BYTES + 1), token=alice.token)
        assert problem(answer.status, answer.body) == (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large")

    def test_an_older_console_is_told_to_update(self, alice: Actor) -> None:
        assert problem(*alice.post_sync(protocol=0)) == (HTTPStatus.UPGRADE_REQUIRED, "protocol")
        assert problem(*alice.post_sync(protocol=99)) == (HTTPStatus.SERVICE_UNAVAILABLE, "protocol")

    def test_it_takes_post_only(self) -> None:
        answer = request("GET", "/api/sync")
        assert problem(answer.status, answer.body) == (HTTPStatus.METHOD_NOT_ALLOWED, "method")


@pytest.mark.parametrize(
    ("accepted", "encoding", "unpack"),
    [
        ("gzip, deflate, zstd", "zstd", zstd.decompress),
        ("gzip, deflate", "gzip", gzip.decompress),
        ("identity", None, bytes),
    ],
)
def test_an_answer_is_packed_as_the_console_takes_it(
    accepted: str, encoding: str | None, unpack: Callable[[bytes], bytes], alice: Actor
) -> None:
    with announcing():
        for _ in range(50):
            publish(document(), "public")
    answer = request(
        "POST", "/api/sync", encode(SyncRequest()), token=alice.token, headers={"Accept-Encoding": accepted}
    )
    assert dict(answer.headers).get("Content-Encoding") == encoding
    assert msgspec.json.decode(unpack(answer.body), type=SyncResponse).member == alice.id


def test_reading_costs_no_query_per_row(alice: Actor) -> None:
    """Payloads are stored finished: 200 rows cost as many queries as two."""
    settled(alice)

    def queries(rows: int) -> int:
        with announcing():
            for _ in range(rows):
                publish(document(), "public")
        with CaptureQueriesContext(connection) as captured:
            alice.sync()
        return len(captured)

    assert queries(200) <= queries(2) + 1
