"""What is kept on this machine: the groups that are followed, how much of each is here, and the room it may take."""

from functools import partial

from PySide6.QtWidgets import QWidget

from rackside import words
from rackside.accounts.data import Kept, Subscription, load_kept, load_subscriptions
from rackside.kit import signals
from rackside.kit.cards import Card, SectionHead, StateView, button, column, refill, row
from rackside.kit.forms import labelled, number
from rackside.kit.panel import Panel
from rackside.kit.plain import plain
from rackside.kit.slices import Context
from rackside.kit.text import ElidedLabel, PlainLabel, confirm, tooltip
from rackside.store import Store, budget
from rackside.store.database import StoreError
from rackside_protocol.groups import JoinGroup, LeaveGroup
from rackside_protocol.ids import new_id

LEAST_MB = 50
MOST_MB = 100_000
MOST_DAYS = 36_500
MB = 2**20


class Subscriptions(Panel):
    """Every group with what is here of it, to follow or to leave; then the channels that every member has."""

    TOPICS = frozenset({"sync", "membership", "group", "outbox", "theme"})

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._shown: list[Subscription] = []
        self._notes: list[PlainLabel] = []
        self._rows = column(gap=0)
        holder = QWidget()
        holder.setLayout(self._rows)
        self.setLayout(column(SectionHead("Groups you follow are kept on this machine"), holder, gap=10))

    def refresh(self, topics: frozenset[str]) -> None:
        """Read on a worker what is held: it counts every document."""
        del topics
        self._context.read(load_subscriptions, self._show)

    def _show(self, found: list[Subscription]) -> None:
        """Draw the list anew when a group came or went; else only the figures, so that the focus stays."""
        same = [(each.name, each.followed) for each in found] == [(each.name, each.followed) for each in self._shown]
        self._shown = found
        if not same or not found:
            self._notes = [PlainLabel(role="small", tone="dim") for _ in found]
            card = Card()
            for each, note in zip(found, self._notes, strict=True):
                card.add(self._row(each, note))
            none = StateView("empty", "No groups yet. They appear with the first sync.")
            refill(self._rows, card if found else none)
        for each, note in zip(found, self._notes, strict=True):
            note.setText(_held(each))
            tooltip(note, f"Last contact: {words.date_and_time(each.synced_s)}" if each.documents else "")

    def _row(self, each: Subscription, note: PlainLabel) -> QWidget:
        line = row(ElidedLabel(each.name), None, note, margins=(12, 4, 8, 4))
        if each.group:
            act = button("Leave" if each.followed else "Follow", partial(self._turn, each), kind="link")
            act.setAccessibleName(plain(f"{act.text()} {each.name}"))
            line.addWidget(act)
        made = QWidget()
        made.setLayout(line)
        made.setMinimumHeight(34)
        return made

    def _turn(self, each: Subscription) -> None:
        if not each.followed:
            self._context.act(JoinGroup(id=new_id(), group=each.group))
        elif not each.private or self._is_sure(each):
            self._context.act(LeaveGroup(id=new_id(), group=each.group))

    def _is_sure(self, each: Subscription) -> bool:
        back = f"{each.name} and all its threads leave this machine. Its staff alone can let you in again."
        return confirm(self, "Leave a private group", back, yes="Leave")


class Storage(Panel):
    """How much room and how many days the community's texts have, what they take, and a way to free some now."""

    TOPICS = frozenset({"sync", "pins", "theme"})

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        settings = context.settings()
        room = number(settings.cache_budget_mb, LEAST_MB, MOST_MB, " MB", partial(self._set, "cache_budget_mb"))
        days = number(settings.cache_days, 0, MOST_DAYS, " days", partial(self._set, "cache_days"))
        days.setSpecialValueText("as long as there is room")
        self._used = PlainLabel(tone="dim", wrap=True)
        self._free = button("Free space now", self._free_now, hint="Lets go of what is over the room and the days.")
        where = f"Everything is kept in {context.home}."
        self.setLayout(
            column(
                SectionHead("On this machine"),
                labelled("Room for the community's texts", room),
                labelled("Threads are kept after their last reply", days),
                self._used,
                row(self._free, None),
                PlainLabel(where, role="small", tone="dim", wrap=True),
                gap=10,
            )
        )

    def refresh(self, topics: frozenset[str]) -> None:
        """Read what is taken."""
        del topics
        self._context.read(load_kept, self._show)

    def _show(self, kept: Kept) -> None:
        pinned = f", with {words.counted(kept.pinned, 'pinned thread')}" if kept.pinned else ""
        self._used.setText(
            f"In use: {words.size(kept.used_bytes)}{pinned}. Your own threads, pinned ones and those that answer "
            "an open alert stay whatever their age."
        )

    def _free_now(self) -> None:
        settings, me = self._context.settings(), self._context.me()
        self._free.setEnabled(False)

        def free(store: Store) -> int:
            return budget.free_space(store, settings.cache_budget_mb * MB, keep=me, days=settings.cache_days)

        self._context.read(free, self._freed, self._failed)

    def _freed(self, freed_bytes: int) -> None:
        self._free.setEnabled(True)
        self._used.setText(f"{words.size(freed_bytes)} were freed." if freed_bytes else "There was nothing to free.")
        signals.announce(frozenset({"thread", "post"}))

    def _failed(self, error: Exception) -> None:
        self._free.setEnabled(True)
        busy = isinstance(error, StoreError)
        why = "Sync is writing, or the disk is full. Try again in a moment." if busy else str(error)
        self._used.setText(f"No space was freed. {why}")

    def _set(self, name: str, value: int) -> None:
        settings = self._context.settings()
        setattr(settings, name, value)
        self._context.choose(settings)


def _held(each: Subscription) -> str:
    """Say how much of a channel is here, and as of when."""
    if not each.documents:
        waits = each.followed and not each.empty and not each.synced_s
        return "comes with the next sync" if waits else "no threads yet" if each.empty else ""
    return f"{each.documents:,} texts · {words.size(each.size_bytes)} · {words.clock(each.synced_s)}"
