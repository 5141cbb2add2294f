"""The product's own ranking as the yardstick of contextual answers asks for it."""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence

from rackside_protocol.queries import Query
from rackside_ranking import context, ranking
from rackside_ranking.learning import learn_from
from rackside_ranking.ranking import Held, Place
from rackside_ranking.segment import Segment, Text

ALERT_PARTS = {"class": "severity"}
"""The yardstick's names where they are not ours."""


class Adapter:
    """An index in memory over the yardstick's documents; it is asked as the console asks its own."""

    def __init__(self, docs: Sequence[Mapping[str, str]], links: Mapping[str, str]) -> None:
        self._names = [doc["id"] for doc in docs]
        self._texts = [Text.of(doc["title"], doc["product"], doc["body"]) for doc in docs]
        self._places = {name: place for place, name in enumerate(self._names)}
        self._links = links
        self._duplicates = Counter(links.values())
        self.segments = [Segment.of(self._texts)]
        self.vectors = learn_from(self._texts, [self._places[links.get(name, name)] for name in self._names])

    def search(self, query: Mapping[str, str], k: int) -> list[Hashable]:
        """Return the problems that match, best first."""
        return [match.problem for match in ranking.search(self, query_of(query), limit=k)]

    def rank(self, query: Mapping[str, str], ids: Sequence[str]) -> list[str]:
        """Order documents: by their problem, then the document that names it first, then by their own words."""
        return [str(name) for name in ranking.order(self, query_of(query), self.named(ids))]

    def held(self, places: Sequence[Place]) -> list[Held]:
        """Return the documents at places of the one segment."""
        return [self._held(place.place) for place in places]

    def named(self, names: Sequence[Hashable]) -> list[Held]:
        """Return documents by their names."""
        return [self._held(self._places[str(name)]) for name in names]

    def _held(self, place: int) -> Held:
        name = self._names[place]
        problem = self._links.get(name, name)
        return Held(name, problem, problem == name, self._duplicates[problem], self._texts[place])


def query_of(asked: Mapping[str, str]) -> Query:
    """Make the product's query of one of the yardstick's."""
    if asked["kind"] == "question":
        return context.from_question(asked["title"], asked.get("body", ""))
    if asked["kind"] == "error":
        return context.from_error(asked["error"], product=asked["product"])
    return context.from_alert({ALERT_PARTS.get(name, name): text for name, text in asked.items()})
