"""The index of what is ranked, beside the mirror: segments over the documents' words, made after the mirror is filled.

A document's words wait, are numbered, and are put into a segment; segments of like size are merged (Bentley and Saxe,
1980, "Decomposable Searching Problems"), so that there are few and each word is put into one a few times only. What
changed or went leaves its old postings behind until then; a search drops them.
"""

import sqlite3
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from secrets import randbits
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rackside.store import Store
from rackside.store.database import as_bytes, writing
from rackside.store.learned import word_vectors
from rackside.store.rows import read
from rackside.store.texts import COLUMNS, seal, sealed, unsealed
from rackside_protocol.answers import PackedAnswer
from rackside_protocol.documents import Document
from rackside_protocol.ids import Id
from rackside_protocol.threads import Thread
from rackside_ranking.ranking import Held, Place
from rackside_ranking.segment import Segment, Text

AT_ONCE: Final = 2_000
"""Documents that are put into a segment in one transaction: 0.2 s on a slow machine."""
LARGEST_SEGMENT: Final = 32_768
"""Documents. Merging one takes 100 MB for two seconds; 500,000 documents are in 16."""
LOOKED_THROUGH: Final = 1_000
"""Documents that wait and are searched all the same, each time anew; the newest ones."""
_MARKS: Final = 1_000
_directories: Final[dict[int, tuple[NDArray[np.uint32], ...]]] = {}
"""What is read of a segment at every search: its documents, its terms, and where their postings start. By its number,
which no other segment of any file ever has; so all threads share them."""


def index_some(store: Store) -> int:
    """Put some documents that wait into a segment; return how many there were."""
    with writing(store.cache) as cache:
        waiting = cache.execute(
            "SELECT doc, fields, payload FROM texts JOIN documents USING (doc) WHERE segment = 0 LIMIT ?", (AT_ONCE,)
        ).fetchall()
        if not waiting:
            return 0
        texts = {row["doc"]: _text(row) for row in waiting}
        cache.executemany(
            "UPDATE texts SET fields = ?, duplicate_of = ? WHERE doc = ?",
            [
                (sealed(texts[row["doc"]].packed()), _duplicate_of(row), row["doc"])
                for row in waiting
                if row["fields"] is None
            ],
        )
        _put(cache, texts, _merged(cache, len(texts)))
    return len(waiting)


class MirrorIndex:
    """The index as the ranking asks it, over one thread's store. Names are ids."""

    def __init__(self, store: Store) -> None:
        self._cache = store.cache
        self.vectors = word_vectors(store)
        self._segments = [
            _Stored.of(self._cache, row[0]) for row in self._cache.execute("SELECT segment FROM segments")
        ]
        waiting = self._cache.execute(
            "SELECT doc, fields, payload FROM texts JOIN documents USING (doc) WHERE segment = 0"
            " ORDER BY doc DESC LIMIT ?",
            (LOOKED_THROUGH,),
        ).fetchall()
        self._waiting = {row["doc"]: row for row in waiting}
        self._waiting_texts = {doc: _text(row) for doc, row in self._waiting.items()}

    @cached_property
    def segments(self) -> Sequence[Segment]:
        """The stored ones, and one in memory of what waits."""
        return [*(each.segment for each in self._segments), Segment.of(list(self._waiting_texts.values()))]

    def held(self, places: Sequence[Place]) -> list[Held]:
        """Return what stands at places, without what went or changed since the segment was made."""
        waiting = list(self._waiting)
        docs: dict[int, int] = {}
        for place in places:
            stored = place.segment < len(self._segments)
            doc = int(self._segments[place.segment].docs[place.place]) if stored else waiting[place.place]
            docs[doc] = self._segments[place.segment].number if stored else 0
        rows = self._rows("doc", list(docs))
        return self._as_held(row for row in rows if row["segment"] == docs[row["doc"]])

    def named(self, names: Sequence[Hashable]) -> list[Held]:
        """Return documents by their ids, as far as they are held."""
        return self._as_held(self._rows("id", [bytes.fromhex(str(name)) for name in names]))

    def _rows(self, column: str, values: Sequence[object]) -> list[sqlite3.Row]:
        return [
            row
            for at in range(0, len(values), _MARKS)
            for row in self._cache.execute(
                "SELECT doc, id, kind, parent, segment, fields, duplicate_of,"  # noqa: S608 - our own words
                " CASE WHEN kind = 'packed_answer' OR fields IS NULL THEN payload END AS payload"
                f" FROM texts JOIN documents USING (doc) WHERE {column} IN ({_marks(values[at : at + _MARKS])})",
                values[at : at + _MARKS],
            )
        ]

    def _as_held(self, rows: Iterable[sqlite3.Row]) -> list[Held]:
        found = [(row, _thread_of(row)) for row in rows]
        canonical = self._canonical({thread for _, thread in found})
        linked = self._linked(set(canonical.values()))
        return [
            Held(
                name=as_bytes(row["id"]).hex(),
                problem=canonical[thread],
                is_problem=row["kind"] != "post" and canonical[thread] == thread,
                duplicates=linked.get(canonical[thread], 0),
                text=self._waiting_texts.get(row["doc"]) or _text(row),
            )
            for row, thread in found
        ]

    def _canonical(self, threads: set[Id]) -> dict[Id, Id]:
        """Return for each thread the one that it duplicates, if that is here; else itself."""
        statement = (
            "SELECT id, duplicate_of, CASE WHEN fields IS NULL THEN payload END AS payload"
            " FROM texts JOIN documents USING (doc)"
        )
        links = {
            as_bytes(row["id"]).hex(): link.hex()
            for row in self._among(statement, "id", threads)
            if (link := row["duplicate_of"] or (_duplicate_of(row) if row["payload"] else None))
        }
        here = {as_bytes(row["id"]).hex() for row in self._among("SELECT id FROM documents", "id", set(links.values()))}
        return {thread: links[thread] if links.get(thread) in here else thread for thread in threads}

    def _linked(self, threads: set[Id]) -> dict[Id, int]:
        """Return how many threads duplicate each."""
        count = "SELECT duplicate_of, count(*) AS linked FROM texts"
        rows = self._among(count, "duplicate_of", threads, "GROUP BY duplicate_of")
        return {as_bytes(row["duplicate_of"]).hex(): row["linked"] for row in rows}

    def _among(self, statement: str, column: str, ids: set[Id], then: str = "") -> list[sqlite3.Row]:
        keys = [bytes.fromhex(each) for each in ids]
        return [
            row
            for at in range(0, len(keys), _MARKS)
            for row in self._cache.execute(
                f"{statement} WHERE {column} IN ({_marks(keys[at : at + _MARKS])}) {then}", keys[at : at + _MARKS]
            )
        ]


@dataclass(frozen=True)
class _Stored:
    """A segment whose postings stay in the file until they are asked for, with the documents at its places."""

    number: int
    docs: NDArray[np.uint32]
    segment: Segment

    @classmethod
    def of(cls, cache: sqlite3.Connection, number: int) -> "_Stored":
        row = cache.execute(
            "SELECT documents, docs, terms, starts FROM segments WHERE segment = ?", (number,)
        ).fetchone()
        docs, terms, starts = (np.frombuffer(as_bytes(row[column]), "<u4") for column in ("docs", "terms", "starts"))
        holders, impacts = _Part(cache, number, "holders", "<u4"), _Part(cache, number, "impacts", "u1")
        return cls(number, docs, Segment(row["documents"], terms, starts, holders, impacts))


@dataclass(frozen=True)
class _Part:
    """Numbers in a column of a segment; a slice reads that part of the file."""

    cache: sqlite3.Connection
    number: int
    column: str
    kind: str

    @cached_property
    def _blob(self) -> sqlite3.Blob:
        return self.cache.blobopen("segments", self.column, self.number, readonly=True)

    def __getitem__(self, part: slice) -> NDArray[np.generic]:
        size = np.dtype(self.kind).itemsize
        self._blob.seek(part.start * size)
        return np.frombuffer(self._blob.read((part.stop - part.start) * size), self.kind)


def _text(row: sqlite3.Row) -> Text:
    packed = unsealed(as_bytes(row["fields"])) if row["fields"] is not None else None
    if packed is not None:
        return Text.unpacked(packed)
    document = read(as_bytes(row["payload"])) if row["payload"] is not None else None
    return Text.of(*_words(document)) if document else Text.of("", "", "")


def _words(document: Document) -> tuple[str, str, str]:
    title, body, tags = document.words
    return title, tags, body


def _thread_of(row: sqlite3.Row) -> Id:
    if row["kind"] == "post":
        return str(row["parent"])
    document = read(as_bytes(row["payload"])) if row["kind"] == "packed_answer" else None
    return document.thread.id if isinstance(document, PackedAnswer) else as_bytes(row["id"]).hex()


def _duplicate_of(row: sqlite3.Row) -> bytes | None:
    document = read(as_bytes(row["payload"]))
    return bytes.fromhex(document.duplicate_of) if isinstance(document, Thread) and document.duplicate_of else None


def _merged(cache: sqlite3.Connection, documents: int) -> list[int]:
    """Return the segments that a new one of so many documents shall be made one with: the small ones."""
    merged = []
    for row in cache.execute("SELECT segment, documents FROM segments ORDER BY documents, segment"):
        if row["documents"] > documents or row["documents"] + documents > LARGEST_SEGMENT:
            break
        merged.append(row["segment"])
        documents += row["documents"]
    return merged


def _put(cache: sqlite3.Connection, texts: dict[int, Text], merged: Sequence[int]) -> None:
    for number in merged:
        for row in cache.execute("SELECT doc, fields FROM texts WHERE segment = ?", (number,)):
            texts[row["doc"]] = Text.unpacked(unsealed(as_bytes(row["fields"])) or b"")
        cache.execute("DELETE FROM segments WHERE segment = ?", (number,))
    made = Segment.of(list(texts.values()))
    docs = np.fromiter(texts, np.uint32)
    arrays = (docs, made.terms, made.starts, made.holders, made.impacts)
    blobs = [array[:].astype(array[:].dtype.newbyteorder("<")).tobytes() for array in arrays]
    number = randbits(62) or 1
    cache.execute(
        f"INSERT INTO segments (segment, documents, seal, {', '.join(COLUMNS)}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 - our own words
        (number, len(texts), seal(blobs), *blobs),
    )
    cache.executemany("UPDATE texts SET segment = ? WHERE doc = ?", [(number, doc) for doc in texts])


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))
