"""What answers are searched in: the mirror's index, and beside it the first-steps cards that come with Rackside."""

from collections.abc import Hashable, Sequence
from functools import cache

from rackside.answers.first_steps import every_card
from rackside.store import Store
from rackside.store.ranked import MirrorIndex
from rackside_ranking.ranking import Held, Place
from rackside_ranking.segment import Segment, Text


class ConsoleIndex:
    """The index as the ranking asks it; the cards are its last segment."""

    def __init__(self, store: Store) -> None:
        self._mirror = MirrorIndex(store)
        self._cards, cards = _cards()
        self.vectors = self._mirror.vectors
        self.segments = [*self._mirror.segments, cards]

    def held(self, places: Sequence[Place]) -> list[Held]:
        """Return what stands at places."""
        last = len(self.segments) - 1
        cards = [self._cards[place.place] for place in places if place.segment == last]
        return self._mirror.held([place for place in places if place.segment < last]) + cards

    def named(self, names: Sequence[Hashable]) -> list[Held]:
        """Return documents of the mirror by their ids; a card is never asked for by its own."""
        return self._mirror.named(names)


@cache
def _cards() -> tuple[list[Held], Segment]:
    texts = {card.id: Text.of(card.title, " ".join(card.tags), card.body) for card in every_card().values()}
    held = [Held(name, name, is_problem=True, duplicates=0, text=text) for name, text in texts.items()]
    return held, Segment.of(list(texts.values()))
