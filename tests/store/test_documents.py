"""The mirror: rows and cursors move together, in whatever order and however often pages come."""

import stat
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rackside.store import Store, documents, mirror, rows, schema, search
from rackside_protocol.documents import Document
from rackside_protocol.sync import ChannelPage, Cursor, Row
from rackside_protocol.threads import Post, Thread
from tests.store.pages import ALICE, EPOCH, LINUX, cursor, fill, gone, number, page, post, row, thread


def test_what_was_applied_is_read_back(store: Store) -> None:
    fill(store, thread(1), post(2, 1), post(3, 1))
    assert documents.get(store, number(1)) == thread(1)
    assert [each.id for each in documents.of_kind(store, Post, parent=number(1), order="oldest")] == [
        number(2),
        number(3),
    ]
    assert documents.get(store, number(9)) is None
    assert documents.get(store, "not an id") is None


def test_threads_are_listed_newest_first_unanswered_or_ones_own(store: Store) -> None:
    other = number(0xB0B)
    fill(store, thread(1), thread(2, replies=1), thread(3, author=other), thread(4, active_ms=1, replies=2))

    def ids(which: documents.ThreadFilter) -> list[int]:
        return [int(each.id, 16) for each in documents.threads(store, which, me=other)]

    assert ids("newest") == [3, 2, 4, 1]
    assert ids("unanswered") == [3, 1]
    assert ids("mine") == [3]
    assert documents.count_threads(store) == 4
    assert documents.count_threads(store, "unanswered") == 2
    assert [each.id for each in documents.threads(store, "newest", me=ALICE, offset=2, limit=1)] == [number(4)]


def test_a_withdrawn_document_is_gone_from_lists_and_search(store: Store) -> None:
    fill(store, thread(1, "Zebra"))
    mirror.apply_pages(store, [page([gone(2, 1)], 2)], [cursor(store)])
    assert documents.get(store, number(1)) is None
    assert search.find(store, "zebra") == []


def test_a_document_of_null_is_gone(store: Store) -> None:
    fill(store, thread(1))
    null = Row(version=2, id=number(1), kind="thread", document=msgspec.Raw(b"null"))
    mirror.apply_pages(store, [page([null], 2)], [cursor(store)])
    assert documents.get(store, number(1)) is None


def test_a_kind_that_is_not_known_is_kept_and_not_shown(store: Store) -> None:
    strange = Row(version=1, id=number(7), kind="hologram", document=msgspec.Raw(b'{"kind":"hologram","id":"7"}'))
    mirror.apply_pages(store, [page([strange, row(2, thread(1))], 2)], [cursor(store)])
    assert documents.unknown_kinds(store) == {"hologram"}
    assert documents.get(store, number(7)) is None
    assert documents.channels(store)[0].documents == 2


@pytest.mark.parametrize(
    "payload",
    [
        b'{"kind":"thread","title":[[[]]]}',
        b'{"kind":"thread","title":"\xff"}',
        b'{"kind":"thread","x":' + b"[" * 100_000,
    ],
    ids=["a list for a word", "no UTF-8", "deeply nested"],
)
def test_a_document_that_breaks_its_schema_is_not_shown(store: Store, payload: bytes) -> None:
    broken = Row(version=1, id=number(1), kind="thread", document=msgspec.Raw(payload))
    mirror.apply_pages(store, [page([broken], 1)], [cursor(store)])
    assert documents.threads(store, "newest", me=ALICE) == []


def test_a_reset_is_seen_only_when_it_is_whole(store: Store) -> None:
    fill(store, thread(1), thread(2))
    before = cursor(store)
    mirror.apply_pages(store, [page([], 0, state="reset", epoch="second", more=True)], [before])
    assert mirror.seen(store) == {}
    mirror.apply_pages(store, [page([row(1, thread(3))], 1, epoch="second", more=True)], [cursor(store)])
    assert [each.id for each in documents.threads(store, "newest", me=ALICE)] == [number(2), number(1)]
    mirror.apply_pages(store, [page([row(2, thread(4))], 2, epoch="second")], [cursor(store)])
    assert [each.id for each in documents.threads(store, "newest", me=ALICE)] == [number(4), number(3)]
    assert cursor(store) == Cursor(channel=LINUX, epoch="second", version=2, tag=2)
    assert mirror.seen(store) == {LINUX: 2}


def test_a_reset_begun_anew_forgets_what_was_staged(store: Store) -> None:
    fill(store, thread(1))
    mirror.apply_pages(store, [page([row(1, thread(2))], 1, state="reset", epoch="b", more=True)], [cursor(store)])
    mirror.apply_pages(store, [page([row(1, thread(3))], 1, state="reset", epoch="c")], [cursor(store)])
    assert [each.id for each in documents.threads(store, "newest", me=ALICE)] == [number(3)]


def test_one_object_in_two_channels_is_withdrawn_from_one_only(store: Store) -> None:
    fill(store, thread(1))
    fill(store, thread(1), channel="group:windows")
    mirror.purge(store, LINUX)
    assert documents.get(store, number(1)) == thread(1)


def test_a_page_of_what_is_gone_leaves_the_other_channels(store: Store) -> None:
    fill(store, thread(1, "Zebra"))
    fill(store, thread(2, "Zebra"), channel="group:windows")
    changed, _ = mirror.apply_pages(store, [ChannelPage(channel=LINUX, state="gone")], mirror.cursors(store))
    assert changed == {"thread"}
    assert [each.name for each in documents.channels(store)] == ["group:windows"]
    assert [hit.id for hit in search.find(store, "zebra")] == [number(2)]


SECRETS = ["Xylophonesecret", "Quetzalsecret"]


@pytest.mark.parametrize("safe", [True, False], ids=["as it is", "twin: deleted bytes are not overwritten"])
def test_no_byte_of_a_purged_channel_is_left_on_the_disk(store: Store, *, safe: bool) -> None:
    if not safe:
        store.cache.execute("PRAGMA secure_delete = OFF")
    fill(store, *(thread(value, f"{SECRETS[0]} {value}", body=SECRETS[1] * 20) for value in range(1, 80)))
    fill(store, *(thread(value, "Plain") for value in range(100, 180)), channel="group:windows")
    mirror.purge(store, LINUX)
    stored = b"".join(path.read_bytes().lower() for path in store.folder.glob("cache.db*"))
    left = [secret for secret in SECRETS if secret.lower().encode() in stored]
    assert (left == []) is safe
    assert b"plain" in stored


def test_the_files_are_readable_by_their_owner_only(store: Store) -> None:
    fill(store, thread(1))
    for path in store.folder.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path.name


def test_a_damaged_cache_is_put_aside_and_the_outbox_stays(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with Store.open(tmp_path) as store:
        fill(store, thread(1))
        store.outbox.execute("INSERT INTO drafts VALUES ('reply', 'half a sentence', 1)")
    (tmp_path / "cache.db").write_bytes(b"not a database" * 100)
    with Store.open(tmp_path) as store:
        assert documents.channels(store) == []
        assert store.outbox.execute("SELECT text FROM drafts").fetchone()[0] == "half a sentence"
        fill(store, thread(1))
    assert "The cache is damaged" in caplog.text
    caplog.clear()
    assert (tmp_path / "cache.damaged").stat().st_size == 1400


def test_a_cache_read_by_another_version_is_begun_anew(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        fill(store, thread(1))
        store.cache.execute("PRAGMA application_id = 1")
    with Store.open(tmp_path) as store:
        assert documents.channels(store) == []


def test_a_flipped_bit_in_a_document_is_noticed_and_the_cache_put_aside(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with Store.open(tmp_path) as store:
        fill(store, thread(1, "Printer"))
        assert mirror.is_intact(store)
        store.cache.execute("UPDATE documents SET payload = replace(payload, 'Printer', 'Qrinter')")
        assert store.cache.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert not mirror.is_intact(store)
    schema.suspect(tmp_path)
    with Store.open(tmp_path) as store:
        assert documents.channels(store) == []
    with Store.open(tmp_path) as store:
        assert mirror.is_intact(store)
    assert "put aside" not in caplog.text
    caplog.clear()


Apply = Callable[[Store, ChannelPage, Cursor], object]
History = list[tuple[int, int | None]]
"""Per version: which object, and the number in its title, or None when it is withdrawn."""

histories = st.lists(st.tuples(st.integers(1, 5), st.none() | st.integers(0, 50)), min_size=1, max_size=25)


def pages_of(history: History, cuts: set[int]) -> list[tuple[Cursor, ChannelPage]]:
    """Cut a history into pages, each with the cursor it answers; of an object the newest row only, as in a feed."""
    ends = sorted({cut for cut in cuts if cut < len(history)} | {len(history)})
    found, start = [], 0
    for end in ends:
        newest = {value: version for version, (value, _) in enumerate(history[:end], 1)}
        rows = [
            gone(version, value) if title is None else row(version, thread(value, f"Word{title} of{value}"))
            for version, (value, title) in enumerate(history[:end], 1)
            if version > start and newest[value] == version
        ]
        at = Cursor(channel=LINUX, epoch=EPOCH if start else "", version=start, tag=start)
        found.append((at, page(rows, end, more=end < len(history))))
        start = end
    return found


def held(store: Store) -> dict[str, str]:
    return {each.id: each.title for each in documents.threads(store, "newest", me=ALICE)}


def in_the_index(store: Store) -> set[tuple[str, str]]:
    words = {f"word{number}" for number in range(51)}
    return {(hit.id, word) for word in words for hit in search.match(store, f'"{word}"', kinds=("thread",))}


def obeys_the_order(history: History, cuts: set[int], order: list[int], apply: Apply) -> bool:
    """Apply pages in any order, some twice, then once in order as sync would; say whether the mirror is right."""
    pages = pages_of(history, cuts)
    newest = dict(history)
    with TemporaryDirectory() as folder, Store.open(Path(folder)) as store:
        for index in order:
            at, each = pages[index % len(pages)]
            apply(store, each, at)
            reached = cursor(store).version
            if held(store) != {
                number(value): f"Word{title} of{value}"
                for value, title in dict(history[:reached]).items()
                if title is not None
            }:
                return False
        while (at := cursor(store)).version < len(history):
            following = [each for begin, each in pages if begin.version == at.version]
            if not following:
                return False
            apply(store, following[0], at)
        expected = {number(value): f"Word{title} of{value}" for value, title in newest.items() if title is not None}
        words = {(id_, title.partition(" ")[0].lower()) for id_, title in expected.items()}
        return held(store) == expected and in_the_index(store) == words


def as_it_is(store: Store, each: ChannelPage, at: Cursor) -> None:
    mirror.apply_pages(store, [each], [at])


def without_looking_at_the_cursor(store: Store, each: ChannelPage, _at: Cursor) -> None:
    mirror.apply_pages(store, [each], mirror.cursors(store))


@settings(deadline=None, max_examples=60)
@given(history=histories, cuts=st.sets(st.integers(1, 24)), order=st.lists(st.integers(0, 24), max_size=12))
def test_pages_twice_late_and_out_of_order_end_in_the_same_state(
    history: History, cuts: set[int], order: list[int]
) -> None:
    assert obeys_the_order(history, cuts, order, as_it_is)


def test_the_twin_that_does_not_look_at_the_cursor_goes_wrong() -> None:
    history: History = [(1, 1), (2, 2), (1, 3)]
    assert not obeys_the_order(history, {1, 2}, [2, 0], without_looking_at_the_cursor)
    assert obeys_the_order(history, {1, 2}, [2, 0], as_it_is)


def test_the_twin_that_leaves_old_words_in_the_index_finds_ghosts(monkeypatch: pytest.MonkeyPatch) -> None:
    history: History = [(1, 1), (1, 2)]
    monkeypatch.setattr(rows, "unindex", lambda *_: None)
    assert not obeys_the_order(history, {1}, [], as_it_is)


def test_an_older_version_never_replaces_a_newer_one(store: Store) -> None:
    mirror.apply_pages(store, [page([row(5, thread(1, "New"))], 5)], [cursor(store)])
    mirror.apply_pages(store, [page([row(3, thread(1, "Old"))], 6)], [cursor(store)])
    assert held(store) == {number(1): "New"}


@pytest.mark.parametrize("at", range(1, 8))
def test_what_fails_half_way_leaves_rows_and_cursor_as_they_were(
    store: Store, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    fill(store, thread(1))
    before = cursor(store), held(store), in_the_index(store)
    digest, calls = rows.row_digest, iter(range(1, 100))

    def failing(key: str, payload: bytes) -> int:
        if next(calls) == at:
            raise OSError("the disk is full")
        return digest(key, payload)

    monkeypatch.setattr(rows, "row_digest", failing)
    monkeypatch.setattr(rows, "MOST_MARKS", 2)
    sent = [row(version, thread(version, f"Word{version}")) for version in range(2, 9)]
    with pytest.raises(OSError, match="full"):
        mirror.apply_pages(store, [page(sent, 8)], [cursor(store)])
    assert (cursor(store), held(store), in_the_index(store)) == before


def test_documents_are_read_as_their_own_kind_only(store: Store) -> None:
    mislabelled = msgspec.structs.replace(row(1, post(1, 2)), kind="thread")
    mirror.apply_pages(store, [page([mislabelled], 1)], [cursor(store)])
    assert documents.of_kind(store, Thread) == []
    found: Document | None = documents.get(store, number(1))
    assert found == post(1, 2)
