"""'Did this clear it?': the card that asks, and the page of what is tried here and what was reported."""

import time
from functools import partial
from typing import Final

import msgspec
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from rackside import words
from rackside.answers.outcomes import Question, asks, report
from rackside.answers.trying import Reported, Tried, load_reported, load_tried, said_of, watch_untreated
from rackside.kit import signals
from rackside.kit.cards import Card, SectionHead, StateView, button, column, refill, row
from rackside.kit.panel import Panel
from rackside.kit.slices import Context
from rackside.kit.text import PlainLabel, TapLabel
from rackside.store import Store, trials
from rackside_protocol.answers import WithdrawOutcome
from rackside_protocol.ids import new_id
from rackside_protocol.registry import encode

LATER_S: Final = 86_400.0
"""How long "Not now" lasts."""
LOOK_AGAIN_MS: Final = 10 * 60_000
"""A day passes without anything else happening."""
SHOWN: Final = 2
"""Cards at a time."""
UNTREATED: Final = "Was nothing done about it?"
GONE: Final = "An answer that is not here any more"
NOTHING_YET: Final = (
    "Nothing yet. Say “I am trying this” on an answer while its alert is open, and the console asks later what became"
    " of it."
)
TOPICS: Final = frozenset({"alerts", "trials", "outbox", "my_outcome", "theme"})

_SENTENCES: Final = {
    "ask_cleared": "“{alert}” cleared {when} and stayed clear for a day{after}.",
    "ask_lasting": "“{alert}” cleared {when} and stayed clear for 30 days{after}.",
    "ask_back": "“{alert}” cleared, and came back {when}{after}.",
    "ask_still": "“{alert}” is still there, a week on{after}.",
}
_HEADS: Final = {
    "ask_cleared": "Did this clear it?",
    "ask_lasting": "Still clear: did this do it?",
    "ask_back": "It came back. Did this help?",
    "ask_still": "Did this not help?",
}
_STANDS: Final = {
    "trying": "begun {when}",
    "watching": "cleared {when}; it counts when it stays clear for a day",
    "told": "told",
}


class OutcomesSection(Panel):
    """Asks what became of answers that were tried; not there while there is nothing to ask."""

    TOPICS = TOPICS

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._cards = column(gap=8)
        link = partial(context.open_link, "outcomes:")
        self._asked = QWidget()
        self._asked.setLayout(column(SectionHead("What helped", action="All", act=link), self._cards))
        self._asked.hide()
        self.setLayout(column(self._asked))
        self._timer = QTimer(self, interval=LOOK_AGAIN_MS)
        self._timer.timeout.connect(lambda: self.refresh(self.TOPICS))
        self._timer.start()

    def refresh(self, topics: frozenset[str]) -> None:
        """Look again what there is to ask, on a worker."""
        del topics

        def read(store: Store) -> list[Tried]:
            now_s = time.time()
            watch_untreated(store, now_s)
            return [each for each in load_tried(store, now_s) if asks(each.question, now_s)]

        self._context.read(read, self._show)

    def _show(self, found: list[Tried]) -> None:
        asked = found if self._context.me() else []
        refill(self._cards, *(OutcomeCard(each, self._context) for each in asked[:SHOWN]))
        self._asked.setVisible(bool(asked))


class OutcomeCard(Card):
    """One question about one answer that was tried, with the very bytes that a yes sends."""

    def __init__(self, tried: Tried, context: Context) -> None:
        super().__init__(lines=False)
        self._context, self._asked = context, tried.question
        self._yes = report(tried.question, context.machine().release, now_ms=time.time_ns() // 1_000_000)
        trial = tried.question.trial
        by_itself = tried.question.cleared and not trial.untreated
        self._sent = QWidget()
        without = "“It went away by itself” sends the same without the post." if by_itself else ""
        sent = PlainLabel(msgspec.json.format(encode(self._yes), indent=1).decode(), role="code", wrap=True)
        self._sent.setLayout(column(sent, PlainLabel(without, role="small", tone="dim", wrap=True), gap=4))
        self._sent.hide()
        inside = QWidget()
        inside.setLayout(
            column(
                PlainLabel(UNTREATED if trial.untreated else _HEADS[tried.question.stand], role="head"),
                *([] if trial.untreated else [self._title(tried)]),
                PlainLabel(_sentence(tried.question), role="small", tone="dim", wrap=True),
                row(*self._choices(), None, gap=6),
                row(button("What is sent", self._show_sent, kind="link"), self._later(), None, gap=6),
                self._sent,
                gap=6,
                margins=(12, 10, 12, 10),
            )
        )
        self.add(inside)

    def _title(self, tried: Tried) -> QWidget:
        title = TapLabel(tried.title or GONE, role="strong")
        title.tapped = lambda: self._context.open_link(f"thread:{tried.question.trial.thread}")  # type: ignore[method-assign]
        return title

    def _choices(self) -> list[QWidget]:
        if self._asked.trial.untreated:
            return [
                button("Nothing was done", self._send, kind="primary", hint="Shows how often this alert heals itself."),
                button("Something was done", self._close, hint="Nothing is sent."),
            ]
        if not self._asked.cleared:
            return [
                button("It did not help", self._send, kind="primary"),
                button("I did not try it", self._stop, hint="Nothing is sent."),
            ]
        return [
            button("Yes", self._send, kind="primary", hint="Counts for this answer, once for your organisation."),
            button("It went away by itself", self._send_by_itself, hint="Counts for the alert, not for the answer."),
            button("Something else", self._stop, hint="Nothing is sent."),
        ]

    def _later(self) -> QWidget:
        return button("Not now", self._quieten, kind="link", hint="Asks again tomorrow.")

    def _show_sent(self) -> None:
        self._sent.setVisible(not self._sent.isVisible())

    def _send(self) -> None:
        self._context.act(self._yes)
        trials.say(self._context.store, self._asked.trial, self._asked.stayed_h)
        self._tell()

    def _send_by_itself(self) -> None:
        self._context.act(msgspec.structs.replace(self._yes, post=None))
        self._stop()

    def _stop(self) -> None:
        trials.stop(self._context.store, self._asked.trial)
        self._tell()

    def _close(self) -> None:
        """Be done with what was watched; that it was keeps the next one a week away."""
        trials.say(self._context.store, self._asked.trial, 0)
        self._tell()

    def _quieten(self) -> None:
        trials.quieten(self._context.store, self._asked.trial, time.time() + LATER_S)
        self._tell()

    def _tell(self) -> None:
        signals.announce(frozenset({"trials"}))


class OutcomesPage(Panel):
    """What is tried here, and every report of one's own with the way to take it back."""

    TOPICS = TOPICS

    def __init__(self, context: Context, _argument: str = "") -> None:
        super().__init__()
        self._context = context
        self._body = column(StateView("loading", "Reading your reports."), None, gap=12, margins=(24, 20, 24, 20))
        self.setLayout(self._body)

    def title(self) -> str:
        """Name the page."""
        return "What helped here"

    def refresh(self, topics: frozenset[str]) -> None:
        """Read them again."""
        del topics
        me = self._context.me()
        self._context.read(
            lambda store: (load_tried(store, time.time()), load_reported(store, me)),
            lambda found: self._show(*found),
            lambda error: refill(self._body, StateView("error", f"Your reports could not be read: {error}")),
        )

    def _show(self, tried: list[Tried], reported: list[Reported]) -> None:
        now_s = time.time()
        parts: list[QWidget] = [PlainLabel("What helped here", role="title")]
        waiting = [each for each in tried if asks(each.question, now_s) and self._context.me()]
        parts += [OutcomeCard(each, self._context) for each in waiting]
        rest = [each for each in tried if each not in waiting and each.question.stand != "told"]
        if rest:
            parts += [SectionHead("Being tried"), _list([self._trial(each) for each in rest])]
        parts.append(SectionHead("Reported"))
        if reported:
            parts.append(_list([self._report(each) for each in reported]))
        else:
            parts.append(StateView("empty", NOTHING_YET))
        refill(self._body, *parts)

    def _trial(self, tried: Tried) -> QWidget:
        asked = tried.question
        sentence = f"{asked.trial.summary} · {_stand(asked)}"
        stop = button("Stop", lambda: self._stop(asked), kind="link", hint="Nothing is sent or asked.")
        nothing = "Nothing is tried: does it go away by itself?" if asked.trial.untreated else GONE
        return _line(tried.title or nothing, sentence, stop)

    def _stop(self, asked: Question) -> None:
        trials.stop(self._context.store, asked.trial)
        signals.announce(frozenset({"trials"}))

    def _report(self, each: Reported) -> QWidget:
        outcome = each.outcome
        back = button("Take back", lambda: self._take_back(each), kind="link", hint="Out of the count, for everybody.")
        return _line(each.title or "Nothing was tried", f"{outcome.signature} · {said_of(each)}", back)

    def _take_back(self, each: Reported) -> None:
        self._context.act(WithdrawOutcome(id=new_id(), signature=each.outcome.signature, post=each.outcome.post))


def _sentence(asked: Question) -> str:
    """Say what became of an alert."""
    after = "" if asked.trial.untreated else ", after you tried this answer"
    return _SENTENCES[asked.stand].format(alert=asked.trial.summary, when=words.ago(asked.since_s), after=after)


def _stand(asked: Question) -> str:
    return _STANDS.get(asked.stand, "to be asked again later").format(when=words.ago(asked.since_s))


def _line(title: str, sentence: str, act: QWidget) -> QWidget:
    made = QWidget()
    said = PlainLabel(sentence, role="small", tone="dim", wrap=True)
    layout = row(margins=(12, 9, 12, 9))
    layout.addLayout(column(PlainLabel(title, role="strong", wrap=True), said), 1)
    layout.addWidget(act)
    made.setLayout(layout)
    return made


def _list(lines: list[QWidget]) -> Card:
    card = Card()
    for each in lines:
        card.add(each)
    return card
