"""What the community learns from its threads reaches every console, and only public threads teach it."""

import random

import msgspec
import numpy as np
import pytest

from rackside.store import documents
from rackside.store.learned import word_vectors
from rackside.store.ranked import MirrorIndex
from rackside_protocol.answers import LearnedWords
from rackside_protocol.ids import new_id
from rackside_ranking.vectors import WordVectors, pieces_of
from rackside_server.answers import learning
from rackside_server.answers.actions import index_all
from rackside_server.answers.search import CommunityIndex
from rackside_server.feed.verify import differences
from rackside_server.threads import bulk
from rackside_server.threads.models import Thread
from tests.kernel.cast import OPEN_GROUP, PRIVATE_GROUP, Actor
from tests.kernel.console import MakeConsole
from tests.store.pages import fill

pytestmark = pytest.mark.django_db
TROUBLES = {
    "printer": ("printer jams on labels", "The label roller is worn, paper feeds twice."),
    "clock": ("clock drifts after resume", "The chrony daemon slews, offset grows at night."),
    "disk": ("disk fills with journal files", "Journald keeps logs, vacuum frees space."),
    "mail": ("mail queue defers everything", "Postfix retries, the relay refuses bounces."),
}


def grow(actor: Actor, threads: int, *, group: str = OPEN_GROUP, word: str = "") -> None:
    """Add threads, each about one of a few troubles in words of its own."""
    chance = random.Random(threads)  # noqa: S311 - repeatable on purpose
    rows = []
    for number in range(threads):
        title, body = chance.choice(list(TROUBLES.values()))
        own = " ".join(chance.sample(body.split(), 3))
        rows.append(
            Thread(
                id=new_id(),
                group_id=group,
                author=actor.member,
                title=f"{title} {word} {number}",
                body=f"{body} {own} {word}",
                created_ms=number,
                active_ms=number,
            )
        )
    bulk.add_threads(rows)
    index_all()


def test_it_is_learned_once_there_is_enough_and_again_when_it_has_grown(alice: Actor) -> None:
    grow(alice, 300)
    assert learning.learn() == 0
    grow(alice, 900)
    assert learning.learn() == 1_200
    assert learning.learn() == 0
    grow(alice, 300)
    assert learning.learn() == 1_500
    assert [each for each in differences() if "LearnedWords" in each] == []


def test_every_console_holds_what_was_learned_and_ranks_by_it(
    alice: Actor, charlie: Actor, console: MakeConsole
) -> None:
    grow(alice, 1_100)
    learning.learn()
    desk = console(charlie)
    desk.syncs()
    held, served = word_vectors(desk.store), CommunityIndex(alice.member).vectors
    assert held is not None
    assert served is not None
    assert np.array_equal(held.table, served.table)
    assert MirrorIndex(desk.store).vectors is held
    words = [pieces_of(text.split()) for text in ("printer jams", "label roller", "chrony slews")]
    asked, same, other = held.of(words)
    assert asked @ same > asked @ other


def test_private_threads_teach_nothing(alice: Actor) -> None:
    grow(alice, 1_100)
    grow(alice, 200, group=PRIVATE_GROUP, word="kryptonite")
    learning.learn()
    vectors = CommunityIndex(alice.member).vectors
    assert vectors is not None
    assert not set(pieces_of(["kryptonite"]).tolist()) & set(vectors.pieces.tolist())


def test_parts_that_do_not_fit_together_are_left_alone(alice: Actor, console: MakeConsole) -> None:
    grow(alice, 1_100)
    learning.learn()
    desk = console(alice)
    desk.syncs()
    part = documents.of_kind(desk.store, LearnedWords)[0]
    fill(desk.store, msgspec.structs.replace(part, packed=part.packed[:-1]), channel="answers")
    assert word_vectors(desk.store) is None


def test_what_is_packed_is_what_is_unpacked() -> None:
    chance = np.random.default_rng(0)
    pieces = np.sort(chance.choice(2**32, 5_000, replace=False).astype(np.uint32))
    table = chance.integers(-127, 128, (5_000, 64)).astype(np.int8)
    vectors = WordVectors(pieces, chance.random(5_000, np.float32), table)
    again = WordVectors.unpacked(vectors.packed())
    assert all(np.array_equal(getattr(again, name), getattr(vectors, name)) for name in ("pieces", "weights", "table"))
