"""A panel is told what changed: once a turn, and only while somebody can see it."""

from collections.abc import Callable
from typing import ClassVar

from rackside.kit import signals
from rackside.kit.panel import Panel

Until = Callable[[Callable[[], object]], None]


class Noting(Panel):
    TOPICS: ClassVar[frozenset[str]] = frozenset({"thread", "outbox"})

    def __init__(self) -> None:
        super().__init__()
        self.told: list[set[str]] = []

    def refresh(self, topics: frozenset[str]) -> None:
        self.told.append(set(topics))


def say(*topics: str) -> None:
    signals.changed.emit(frozenset(topics))


def test_it_is_told_everything_before_it_is_first_seen(until: Until) -> None:
    panel = Noting()
    assert panel.told == []
    panel.show()
    assert panel.told == [{"thread", "outbox"}]
    del until


def test_it_is_told_once_for_many_changes(until: Until) -> None:
    panel = Noting()
    panel.show()
    for _ in range(100):
        say("thread")
    say("outbox")
    until(lambda: len(panel.told) > 1)
    assert panel.told[1:] == [{"thread", "outbox"}]


def test_it_is_not_told_what_does_not_concern_it(until: Until) -> None:
    panel = Noting()
    panel.show()
    say("idea")
    say("thread", "idea")
    until(lambda: len(panel.told) > 1)
    assert panel.told[1:] == [{"thread"}]


def test_a_hidden_panel_hears_it_when_it_is_shown_again(until: Until) -> None:
    panel = Noting()
    panel.show()
    panel.hide()
    say("thread")
    say("thread")
    assert len(panel.told) == 1
    panel.show()
    assert panel.told[1:] == [{"thread"}]
    panel.hide()
    panel.show()
    assert len(panel.told) == 2
    del until
