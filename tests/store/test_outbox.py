"""The outbox: what a person wrote is kept byte for byte until it is in view, whatever happens on the way."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from rackside.store import Store, mirror, outbox
from rackside.store.database import connect
from rackside_protocol.ids import new_id
from rackside_protocol.registry import encode
from rackside_protocol.sync import Outcome, Position
from rackside_protocol.threads import Ask, Reply, VoteHelpful
from tests.store.pages import ALICE, LINUX, cursor, fill, number, page, row, thread

THREADS = 4


def ask(title: str = "Disk is full") -> Ask:
    return Ask(id=new_id(), group="linux", title=title, body="Why?")


def states(store: Store) -> list[str]:
    return [entry.state for entry in outbox.pending(store)]


def test_actions_go_first_in_first_out_and_byte_for_byte(store: Store) -> None:
    written = [ask("First"), ask("Second"), ask("Third")]
    for action in written:
        outbox.put(store, action)
    assert outbox.take(store, 2) == [(action.id, encode(action)) for action in written[:2]]
    assert states(store) == ["sending", "sending", "queued"]


def test_the_same_action_is_written_once(store: Store) -> None:
    action = ask()
    outbox.put(store, action)
    outbox.put(store, action)
    assert len(outbox.pending(store)) == 1


def test_what_was_written_is_there_after_closing(tmp_path: Path) -> None:
    action = ask()
    with Store.open(tmp_path) as store:
        outbox.put(store, action)
    with Store.open(tmp_path) as store:
        assert [entry.action for entry in outbox.pending(store)] == [action]
        assert store.outbox.execute("PRAGMA synchronous").fetchone()[0] == 2


def test_what_was_being_sent_when_it_ended_is_sent_again(store: Store) -> None:
    outbox.put(store, ask())
    first = outbox.take(store, 100)
    assert outbox.take(store, 100) == first
    outbox.give_back(store)
    assert states(store) == ["queued"]
    assert outbox.pending(store)[0].attempts == 2


def test_an_acknowledged_action_stays_until_every_channel_shows_it(store: Store) -> None:
    action = ask()
    outbox.put(store, action)
    at = [Position("group:linux", 7, 1), Position("public", 3, 2)]
    outbox.settle(store, [Outcome(id=action.id, result="done", at=at)], ALICE)
    assert outbox.unseen(store) == at
    outbox.note_seen(store, {"group:linux": 7, "public": 2})
    assert states(store) == ["sent"]
    outbox.note_seen(store, {"group:linux": 9, "public": 3})
    assert states(store) == []


def test_a_reset_under_way_does_not_show_what_was_acknowledged_in_the_new_time_line(store: Store) -> None:
    fill(store, *(thread(value) for value in range(1, 9)))
    mirror.apply_pages(store, [page([], 0, state="reset", epoch="second", more=True)], [cursor(store)])
    action = ask()
    outbox.put(store, action)
    outbox.settle(store, [Outcome(id=action.id, result="done", at=[Position(LINUX, 2, 1)])], ALICE)
    outbox.note_seen(store, mirror.seen(store))
    assert states(store) == ["sent"]
    mirror.apply_pages(store, [page([row(2, thread(9))], 2, epoch="second")], [cursor(store)])
    outbox.note_seen(store, mirror.seen(store))
    assert states(store) == []


def test_an_action_without_effects_in_view_is_dropped_when_acknowledged(store: Store) -> None:
    action = ask()
    outbox.put(store, action)
    outbox.settle(store, [Outcome(id=action.id, result="already")], ALICE)
    outbox.note_seen(store, {})
    assert states(store) == []


def test_a_channel_that_was_lost_holds_nothing_up(store: Store) -> None:
    action = ask()
    outbox.put(store, action)
    outbox.settle(store, [Outcome(id=action.id, result="done", at=[Position("group:linux", 7, 1)])], ALICE)
    outbox.note_seen(store, {}, gone=["group:linux"])
    assert states(store) == []


def test_a_reset_queues_again_what_was_acknowledged_there(store: Store) -> None:
    kept, lost = ask(), ask()
    for action, channel in ((kept, "public"), (lost, "group:linux")):
        outbox.put(store, action)
        outbox.settle(store, [Outcome(id=action.id, result="done", at=[Position(channel, 7, 1)])], ALICE)
    outbox.send_again(store, "group:linux", ALICE)
    assert states(store) == ["sent", "queued"]
    assert outbox.unseen(store) == [Position("public", 7, 1)]


def kept(store: Store) -> list[bytes]:
    return [row["body"] for row in store.outbox.execute("SELECT body FROM actions ORDER BY place")]


def test_what_was_in_view_is_kept_out_of_sight_and_sent_again_on_a_new_time_line(store: Store) -> None:
    fill(store, thread(1))
    action = ask()
    outbox.put(store, action)
    outbox.settle(store, [Outcome(id=action.id, result="done", at=[Position(LINUX, 7, 1)])], ALICE)
    outbox.note_seen(store, {LINUX: 7})
    assert states(store) == []
    outbox.send_again(store, LINUX, number(0xB0B))
    assert outbox.take(store, 100) == [], "it is not another member's"
    outbox.send_again(store, LINUX, ALICE)
    mirror.apply_pages(store, [page([], 0, state="reset", epoch="second", more=True)], [cursor(store)])
    assert outbox.take(store, 100) == [(action.id, encode(action))]
    assert states(store) == [], "it is in view until the new time-line is"
    mirror.apply_pages(store, [page([row(1, thread(1))], 1, epoch="second")], [cursor(store)])
    assert states(store) == ["sending"]


def test_what_was_sent_again_and_refused_comes_to_sight_and_a_retry_is_new(store: Store) -> None:
    action = ask()
    outbox.put(store, action)
    outbox.settle(store, [Outcome(id=action.id, result="done", at=[Position(LINUX, 7, 1)])], ALICE)
    outbox.note_seen(store, {LINUX: 7})
    outbox.send_again(store, LINUX, ALICE)
    outbox.settle(store, [Outcome(id=action.id, result="refused", reason="gone", message="No such group.")], ALICE)
    assert states(store) == ["refused"]
    outbox.retry(store, action.id)
    assert states(store) == ["queued"]


def test_what_was_done_in_a_channel_that_is_lost_leaves_the_disk_with_it(store: Store) -> None:
    action = ask("Kryptonite")
    outbox.put(store, action)
    outbox.settle(store, [Outcome(id=action.id, result="done", at=[Position(LINUX, 7, 1)])], ALICE)
    outbox.note_seen(store, {LINUX: 7})
    assert b"Kryptonite" in b"".join(path.read_bytes() for path in store.folder.glob("outbox.db*"))
    outbox.note_seen(store, {}, gone=[LINUX])
    assert kept(store) == []
    assert b"Kryptonite" not in b"".join(path.read_bytes() for path in store.folder.glob("outbox.db*"))


def test_what_was_done_is_forgotten_after_a_month(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    action = ask()
    outbox.put(store, action)
    outbox.settle(store, [Outcome(id=action.id, result="done")], ALICE)
    outbox.note_seen(store, {})
    later_ns = time.time_ns() + (outbox.KEPT_MS + 1) * 1_000_000
    monkeypatch.setattr("rackside.store.outbox.time.time_ns", lambda: later_ns)
    outbox.note_seen(store, {})
    assert kept(store) == []


def test_the_witness_of_a_channel_is_its_highest_position(store: Store) -> None:
    for version in (5, 9, 7):
        action = ask()
        outbox.put(store, action)
        outbox.settle(store, [Outcome(id=action.id, result="done", at=[Position("public", version, version)])], ALICE)
    assert outbox.unseen(store) == [Position("public", 9, 9)]


def test_a_refused_action_stays_with_its_reason_until_it_is_dismissed(store: Store) -> None:
    action = ask()
    outbox.put(store, action)
    outbox.dismiss(store, action.id)
    outbox.settle(store, [Outcome(id=action.id, result="refused", reason="too_soon", message="Wait a minute.")], ALICE)
    outbox.note_seen(store, {"group:linux": 99})
    (entry,) = outbox.pending(store)
    assert (entry.state, entry.reason, entry.message) == ("refused", "too_soon", "Wait a minute.")
    assert outbox.take(store, 100) == []
    outbox.dismiss(store, action.id)
    assert outbox.pending(store) == []


def test_a_retried_action_takes_what_depends_on_it_along(store: Store) -> None:
    refused = ask()
    reply = Reply(id=new_id(), thread=refused.id, body="I found out more")
    stranger = Reply(id=new_id(), thread=new_id(), body="Elsewhere")
    for action in (refused, reply, stranger):
        outbox.put(store, action)
    outbox.settle(store, [Outcome(id=refused.id, result="refused", reason="too_soon", message="Wait.")], ALICE)
    outbox.retry(store, refused.id)
    again, its_reply, other = outbox.pending(store)
    assert again.action.id != refused.id
    assert (again.state, again.reason, again.message) == ("queued", "", "")
    assert isinstance(its_reply.action, Reply)
    assert its_reply.action.thread == again.action.id
    assert its_reply.action.id == reply.id
    assert other.action == stranger
    assert outbox.pending(store, target=again.action.id) == [again, its_reply]
    assert [body for _, body in outbox.take(store, 9)] == [encode(each.action) for each in (again, its_reply, other)]


def test_only_a_refused_action_is_retried(store: Store) -> None:
    action = ask()
    outbox.put(store, action)
    outbox.retry(store, action.id)
    assert [entry.action for entry in outbox.pending(store)] == [action]


def test_what_is_pending_about_a_document_is_found_by_its_id(store: Store) -> None:
    thread = new_id()
    vote = VoteHelpful(id=new_id(), item=thread, item_kind="thread", on=True)
    outbox.put(store, vote)
    outbox.put(store, ask())
    assert [entry.action for entry in outbox.pending(store, target=thread)] == [vote]
    assert [entry.action for entry in outbox.pending(store, target=vote.id)] == [vote]


def test_an_action_of_a_newer_version_is_kept_and_sent_and_not_shown(store: Store) -> None:
    body = b'{"kind":"threads.sing","id":"' + b"0" * 32 + b'"}'
    store.outbox.execute(
        "INSERT INTO actions (id, kind, target, body, state, created_ms) VALUES (?, 'sing', '', ?, 'queued', 1)",
        ("0" * 32, body),
    )
    assert outbox.pending(store) == []
    assert outbox.take(store, 9) == [("0" * 32, body)]


@pytest.mark.parametrize("text", ["half a sen", "half a sentence", "  \n", "ß 😀 \u202e"])
def test_a_draft_is_kept_at_every_keystroke(tmp_path: Path, text: str) -> None:
    with Store.open(tmp_path) as store:
        outbox.save_draft(store, "reply:1", "half")
        outbox.save_draft(store, "reply:1", text)
        outbox.save_draft(store, "ask", "other")
    with Store.open(tmp_path) as store:
        assert outbox.draft(store, "reply:1") == text
        assert outbox.drafts(store) == {"ask": "other", "reply:1": text}
        outbox.forget_draft(store, "reply:1")
        outbox.save_draft(store, "ask", "")
        assert outbox.drafts(store) == {}


def test_two_threads_write_at_once_and_neither_waits_in_vain(tmp_path: Path) -> None:
    def write(_: int) -> None:
        with Store.open(tmp_path) as store:
            for _ in range(20):
                outbox.put(store, ask())
                outbox.take(store, 1)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    with Store.open(tmp_path) as store:
        assert len(outbox.pending(store)) == 80


def test_threads_that_open_a_new_file_at_once_all_open_it(tmp_path: Path) -> None:
    """Without waiting for the switch to WAL, some 4 % of these tries end in "database is locked"."""
    together = Barrier(THREADS)

    def open_it(path: Path) -> None:
        together.wait()
        connect(path).close()

    with ThreadPoolExecutor(THREADS) as pool:
        for number in range(200):
            list(pool.map(open_it, [tmp_path / f"{number}.db"] * THREADS))


def test_opening_a_store_drops_no_lock_of_another_connection(tmp_path: Path) -> None:
    with Store.open(tmp_path) as first, Store.open(tmp_path):
        outbox.put(first, ask())
        locks = Path("/proc/locks")
        if not locks.exists():  # pragma: no cover - another system than Linux
            return
        inode = f":{(tmp_path / 'outbox.db').stat().st_ino} "
        assert any(inode in line for line in locks.read_text().splitlines())
