"""The tab "For you"."""

from rackside import words
from rackside.home.data import load_home
from rackside.kit.cards import Card, StateView, column
from rackside.kit.panel import Panel
from rackside.kit.slices import Context
from rackside.kit.stream import ListSource, Row, Stream
from rackside.store import Store, documents
from rackside_protocol.answers import HelpWanted
from rackside_protocol.groups import Group
from rackside_protocol.ideas import Idea
from rackside_protocol.ids import Id
from rackside_protocol.threads import Thread


class ForYouTab(Panel):
    """What she is asked to look at, her own answered questions, what is new in her groups, what is voted on."""

    TOPICS = frozenset({"thread", "idea", "group", "help_wanted", "outbox", "theme"})

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._stream = Stream("For you")
        self._stream.opened.connect(context.open_link)
        self._card = Card(lines=False)
        self._card.add(self._stream)
        self._empty = StateView("empty", "What your groups write appears here with the first sync.")
        self.setLayout(column(self._card, self._empty))

    def refresh(self, topics: frozenset[str]) -> None:
        """Read the mixture again."""
        del topics
        store = self._context.store
        found = load_home(store, self._context.me())
        names = _group_names(store)
        self._stream.show_source(ListSource([_row(each, names, found.wanted) for each in found.items]))
        self._card.setVisible(bool(found.items))
        self._empty.setVisible(not found.items)


def _group_names(store: Store) -> dict[str, str]:
    return {group.slug: group.name for group in documents.of_kind(store, Group, limit=1_000)}


def _row(each: Thread | Idea, groups: dict[str, str], wanted: dict[Id, HelpWanted]) -> Row:
    if isinstance(each, Idea):
        return Row(
            link=f"idea:{each.id}",
            title=f"Feature: {each.title}",
            meta=words.counted(each.comments, "comment"),
            figure=words.count(each.votes),
            caption="votes",
            tone="accent",
            chips=(each.state.replace("_", " ").capitalize(),),
        )
    return Row(
        link=f"thread:{each.id}",
        title=each.title,
        meta=words.ago(each.moment_ms / 1000),
        figure=words.count(each.replies),
        caption=words.replied(each.replies, solved=bool(each.accepted), how_to=each.how_to),
        tone="ok" if each.accepted else "dim",
        chips=("You may know this",) if each.id in wanted else (groups.get(each.group, each.group),),
    )
