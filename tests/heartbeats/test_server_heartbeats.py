"""What a member does with her heartbeats, and what a job may say at their addresses."""

from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from threading import Barrier

import pytest
from django.db import connections

from rackside.store import documents
from rackside_protocol.heartbeats import Heartbeat, RegisterHeartbeat, RemoveHeartbeat, RenewHeartbeat
from rackside_protocol.ids import new_id
from rackside_protocol.registry import ACTIONS, encode, read_action
from rackside_protocol.standing import personal_channel
from rackside_server.accounts.models import Member
from rackside_server.feed import clock
from rackside_server.feed.handlers import carry_out
from rackside_server.feed.models import Channel, FeedRow
from rackside_server.heartbeats import models, rules
from tests.kernel.cast import Actor
from tests.kernel.console import Console, MakeConsole
from tests.kernel.transport import Answer, request
from tests.people.community import ROLES, Community, did, feed, fresh, refused

pytestmark = pytest.mark.django_db
MINUTE_MS = 60_000


def registered(member: Member, name: str = "nightly backup") -> models.Heartbeat:
    return row(did(member, RegisterHeartbeat(id=new_id(), name=name)))


def row(heartbeat: str) -> models.Heartbeat:
    return models.Heartbeat.objects.get(pk=heartbeat)


def beat(address: str, end: str = "", body: bytes = b"", method: str = "POST", **headers: str) -> Answer:
    answer = request(method, address + end, body, headers=headers)
    assert feed() == fresh()
    return answer


def said_to(heartbeat: models.Heartbeat, end: str = "", body: bytes = b"", **terms: str) -> tuple[str, str, int]:
    """Have a job say something; return what the heartbeat holds then."""
    assert beat(rules.address(heartbeat.token), end, body, **terms).status == HTTPStatus.OK
    heartbeat.refresh_from_db()
    return heartbeat.last_state, heartbeat.message, heartbeat.count


def held(console: Console) -> list[Heartbeat]:
    return documents.of_kind(console.store, Heartbeat)


class TestConsoles:
    def test_a_beat_is_at_her_console_by_the_next_sync_and_never_at_bobs(
        self, alice: Actor, bob: Actor, console: MakeConsole
    ) -> None:
        hers, his = console(alice), console(bob)
        hers.does(RegisterHeartbeat(id=new_id(), name="nightly backup"))
        [known] = held(hers)
        assert (known.last_state, known.last_ms, known.count) == ("never", 0, 0)
        before = clock.now_ms()
        assert beat(known.address, body=b"4 GiB in 3 files\n").body == b"ok"
        hers.syncs()
        [known] = held(hers)
        assert (known.last_state, known.message, known.count) == ("ok", "4 GiB in 3 files", 1)
        assert before <= known.last_ms <= clock.now_ms()
        his.syncs()
        assert held(his) == []
        token = known.address.removeprefix("/beat/").encode()
        assert token in hers.bytes_on_disk()
        assert token not in his.bytes_on_disk()
        assert not any(token in body for body in his.line.received)

    def test_bob_can_neither_remove_nor_renew_hers(self, alice: Actor, bob: Actor) -> None:
        heartbeat = registered(alice.member)
        for kind in (RemoveHeartbeat, RenewHeartbeat):
            assert refused(bob.member, kind(id=new_id(), heartbeat=heartbeat.pk)) == "gone"
        assert row(heartbeat.pk).token == heartbeat.token

    def test_what_is_removed_leaves_the_console_and_its_address_is_unknown(
        self, alice: Actor, console: MakeConsole
    ) -> None:
        hers = console(alice)
        hers.does(RegisterHeartbeat(id=new_id(), name="nightly backup"))
        [known] = held(hers)
        hers.does(RemoveHeartbeat(id=new_id(), heartbeat=known.id))
        assert held(hers) == []
        assert beat(known.address).status == HTTPStatus.NOT_FOUND

    def test_a_renewed_one_is_heard_at_its_new_address_only(self, alice: Actor) -> None:
        old = registered(alice.member)
        did(alice.member, RenewHeartbeat(id=new_id(), heartbeat=old.pk))
        new = row(old.pk)
        assert beat(rules.address(old.token)).status == HTTPStatus.NOT_FOUND
        assert said_to(new) == ("ok", "", 1)


class TestRegistering:
    @pytest.mark.parametrize("role", ROLES)
    def test_any_member_may(self, role: str, community: Community) -> None:
        heartbeat = registered(community.member(role))
        assert len(heartbeat.token) >= 43, "256 bits"

    def test_a_name_is_given_once_and_is_free_again_when_it_is_removed(self, community: Community) -> None:
        first = registered(community.owner)
        assert refused(community.owner, RegisterHeartbeat(id=new_id(), name=first.name)) == "taken"
        registered(community.other)
        did(community.owner, RemoveHeartbeat(id=new_id(), heartbeat=first.pk))
        assert registered(community.owner).token != first.token

    def test_one_too_many_is_refused(self, community: Community) -> None:
        for number in range(rules.MOST_HEARTBEATS):
            models.Heartbeat.objects.bulk_create(
                [
                    models.Heartbeat(
                        id=new_id(), member=community.owner, name=f"job {number}", token=str(number),
                        token_sha256=str(number), created_ms=1,
                    )
                ]
            )  # fmt: skip
        outcome = carry_out(community.owner, RegisterHeartbeat(id=new_id(), name="one more"))
        assert (outcome.result, outcome.reason) == ("refused", "too_many")

    @pytest.mark.parametrize(
        "name", ["", ".hidden", "../up", "a/b", "a\\b", "a\nb", "line\n", "\x1b[2J", "x" * 81, " first", "nul\0"]
    )
    def test_what_is_no_plain_file_name_is_none(self, name: str) -> None:
        with pytest.raises(ValueError, match="name"):
            read_action(encode(RegisterHeartbeat(id=new_id(), name=name)))

    @pytest.mark.parametrize("name", ["backup", "db-1.dump", "Sicherung Köln", "root@nas", "每日"])
    def test_what_is_one_is_taken(self, name: str) -> None:
        read_action(encode(RegisterHeartbeat(id=new_id(), name=name)))

    def test_every_action_of_it_is_registered(self) -> None:
        assert {kind for kind in ACTIONS if kind.startswith("heartbeats.")} == {
            "heartbeats.register", "heartbeats.renew", "heartbeats.remove",
        }  # fmt: skip


class TestBeating:
    @pytest.mark.parametrize(
        ("end", "body", "heard"),
        [
            ("", b"", ("ok", "")),
            ("/", b"", ("ok", "")),
            ("/0", b"fine", ("ok", "fine")),
            ("/start", b"", ("start", "")),
            ("/fail", b"no space left", ("fail", "no space left")),
            ("/1", b"", ("fail", "exit code 1")),
            ("/255", b"killed", ("fail", "exit code 255 killed")),
        ],
    )
    @pytest.mark.parametrize("method", ["GET", "POST", "HEAD"])
    def test_the_end_of_the_address_says_how_it_went(
        self, method: str, end: str, body: bytes, heard: tuple[str, str], community: Community
    ) -> None:
        assert said_to(registered(community.owner), end, body, method=method)[:2] == heard

    @pytest.mark.parametrize("end", ["/256", "/-1", "/stop", "/\u00b2", "/0x1", "/START", "/fail/again", "/%00"])
    def test_an_end_that_says_nothing_is_unknown_and_changes_nothing(self, end: str, community: Community) -> None:
        heartbeat = registered(community.owner)
        assert beat(rules.address(heartbeat.token), end).status == HTTPStatus.NOT_FOUND
        assert row(heartbeat.pk).last_state == "never"

    @pytest.mark.parametrize("token", ["x", "a" * 43, "%00", "%ff", "..", "a" * 60_000, "\x1b[2J", "'; --"])
    def test_a_guess_is_unknown(self, token: str, community: Community) -> None:
        registered(community.owner)
        answer = beat(rules.address(token))
        assert answer.status == HTTPStatus.NOT_FOUND
        assert token.encode() not in answer.body

    def test_the_token_of_who_was_shut_out_is_unknown(self, community: Community) -> None:
        heartbeat = registered(community.owner)
        Member.objects.filter(pk=community.owner.pk).update(is_active=False)
        assert beat(rules.address(heartbeat.token)).status == HTTPStatus.NOT_FOUND

    @pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "PATCH"])
    def test_other_methods_are_none(self, method: str, community: Community) -> None:
        heartbeat = registered(community.owner)
        assert beat(rules.address(heartbeat.token), method=method).status == HTTPStatus.METHOD_NOT_ALLOWED

    def test_it_knows_no_cookies(self, community: Community) -> None:
        answer = beat(rules.address(registered(community.owner).token), Cookie="sessionid=abc")
        assert "set-cookie" not in {name.lower() for name, _ in answer.headers}

    @pytest.mark.parametrize(
        ("body", "message"),
        [
            (b"x" * 5_000_000, "x" * 200),
            (b"\xff\xfe\0\x1b[2Jred\x07", "\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}[2Jred"),
            ("one\r\n\ttwo\u2028three\u202e".encode(), "one two three"),
            ("ß".encode() * 400, "ß" * 200),
            (b"\n" * 9_000 + b"late", "late"),
            (b"<script>alert(1)</script>", "<script>alert(1)</script>"),
        ],
    )
    def test_a_body_is_kept_as_a_short_line_that_a_screen_can_show(
        self, body: bytes, message: str, community: Community
    ) -> None:
        assert said_to(registered(community.owner), "", body)[1] == message

    @pytest.mark.parametrize(
        "kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "multipart/form-data", "junk"]
    )
    def test_a_body_is_no_form_whatever_it_is_called(self, kind: str, community: Community) -> None:
        heartbeat = registered(community.owner)
        headers = {"Content-Type": kind}
        assert said_to(heartbeat, "/fail", b"code=1&password=two" * 10_000, **headers)[1].startswith("code=1&password")

    def test_a_length_that_is_a_lie_or_none_does_no_harm(self, community: Community) -> None:
        heartbeat = registered(community.owner)
        address = rules.address(heartbeat.token)
        for length in ("99999999999", "-1", "many", ""):
            assert request("POST", address, b"", headers={"Content_Length": length}).status == HTTPStatus.OK


class TestOften:
    def test_the_same_again_within_ten_seconds_is_heard_and_not_written(self, community: Community) -> None:
        heartbeat, now = registered(community.owner), clock.now_ms()
        with clock.at(now):
            assert said_to(heartbeat, "", b"first")[1:] == ("first", 1)
            before = FeedRow.objects.get(object_id=heartbeat.pk).version
        with clock.at(now + rules.REPEAT_MS - 1):
            assert said_to(heartbeat, "", b"second")[1:] == ("first", 1)
        assert FeedRow.objects.get(object_id=heartbeat.pk).version == before
        with clock.at(now + rules.REPEAT_MS):
            assert said_to(heartbeat, "", b"third")[1:] == ("third", 2)

    def test_the_end_of_a_job_that_takes_a_moment_is_written(self, community: Community) -> None:
        heartbeat = registered(community.owner)
        assert said_to(heartbeat, "/start")[0] == "start"
        assert said_to(heartbeat, "")[0] == "ok"

    def test_of_a_flood_little_is_written_and_a_failure_is_never_lost(self, community: Community) -> None:
        heartbeat, now = registered(community.owner), clock.now_ms()
        with clock.at(now):
            for turn in range(40):
                said_to(heartbeat, ("/start", "")[turn % 2])
            assert heartbeat.count == rules.MOST_IN_WINDOW
            for turn in range(40):
                said_to(heartbeat, ("/fail", "")[turn % 2])
            assert (heartbeat.count, heartbeat.last_state) == (rules.MOST_IN_WINDOW + 1, "fail")
        with clock.at(now + MINUTE_MS):
            assert said_to(heartbeat, "")[0] == "ok"

    def test_a_clock_that_was_ahead_silences_nothing(self, community: Community) -> None:
        heartbeat, now = registered(community.owner), clock.now_ms()
        with clock.at(now + 365 * 24 * 60 * MINUTE_MS):
            for end in ("", "/start", "", "/start", "", "/start"):
                said_to(heartbeat, end)
        with clock.at(now):
            assert said_to(heartbeat, "/start")[2] == rules.MOST_IN_WINDOW + 1
            assert heartbeat.last_ms == now


@pytest.mark.django_db(transaction=True)
def test_of_many_that_come_at_once_one_is_written(community: Community) -> None:
    several = [registered(community.owner, f"job {number}") for number in range(8)]
    together, channel = Barrier(8), Channel.objects.get(name=personal_channel(community.owner.pk))

    def knock() -> list[int]:
        try:
            answers = []
            for heartbeat in several:
                together.wait()
                answers.append(request("POST", rules.address(heartbeat.token), b"at once").status)
        finally:
            connections.close_all()
        return answers

    with ThreadPoolExecutor(8) as pool:
        knocking = [pool.submit(knock) for _ in range(8)]
        assert {status for each in knocking for status in each.result()} == {HTTPStatus.OK}
    assert [row(heartbeat.pk).count for heartbeat in several] == [1] * len(several)
    assert Channel.objects.get(pk=channel.pk).head == channel.head + len(several)
    assert feed() == fresh()
