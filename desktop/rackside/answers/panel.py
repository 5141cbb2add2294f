"""The section "Answers for what is wrong now", and the page that answers any reading, process or error text."""

import time
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLineEdit, QMenu, QPlainTextEdit, QSizePolicy, QWidget

from rackside import words
from rackside.answers.data import answers_for_alert, answers_for_text, find_others
from rackside.answers.first_steps import is_first_steps
from rackside.answers.panel_beyond import Beyond
from rackside.answers.panel_outcomes import OutcomesSection
from rackside.kit import signals
from rackside.kit.cards import Card, Dot, SectionHead, StateView, button, column, refill, row
from rackside.kit.panel import Panel
from rackside.kit.slices import Context
from rackside.kit.stream import ListSource, Row, Stream
from rackside.kit.text import PlainLabel, TapLabel
from rackside.store import Store, local
from rackside.watch.model import Alert
from rackside_protocol.ideas import Idea
from rackside_protocol.people import Member

if TYPE_CHECKING:
    from rackside_ranking.quality import Answer

SHOWN_FOR_AN_ALERT = 3
SHOWN_ALERTS = 3
FOUND = 20
TYPING_PAUSE_MS = 120
SNOOZES_H = (1, 4, 8)


class AnswersSection(Panel):
    """What became of answers that were tried, then each open alert with its best answers, or one calm line."""

    TOPICS = frozenset({"alerts", "thread", "post", "packed_answer", "membership", "theme"})

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._head = SectionHead("Answers for what is wrong now")
        self._cards = column(gap=8)
        holder = QWidget()
        holder.setLayout(self._cards)
        self.setLayout(column(OutcomesSection(context), self._head, holder))

    def refresh(self, topics: frozenset[str]) -> None:
        """Find the answers again, on a worker."""
        del topics
        machine = self._context.machine().system

        def read(store: Store) -> "tuple[list[tuple[Alert, list[Answer]]], int]":
            now_s = time.time()
            awake = [alert for alert in local.open_alerts(store) if alert.snoozed_until_s <= now_s]
            shown = awake[:SHOWN_ALERTS]
            found = [(alert, answers_for_alert(store, alert, machine, limit=FOUND)) for alert in shown]
            return found, len(awake) - len(shown)

        self._context.read(read, lambda found: self._show(*found))

    def _show(self, found: "list[tuple[Alert, list[Answer]]]", more: int) -> None:
        parts: list[QWidget] = [self._card(alert, answers) for alert, answers in found]
        if more:
            rest = words.counted(more, "more alert")
            parts.append(button(rest, lambda: self._context.open_link("alerts:"), kind="link"))
        if not found:
            calm = Card(lines=False)
            calm.add(StateView("empty", "Nothing is wrong on this machine just now."))
            parts.append(calm)
        refill(self._cards, *parts)

    def _card(self, alert: Alert, answers: "list[Answer]") -> QWidget:
        card = Card()
        card.add(self._alert_head(alert))
        if answers:
            stream = Stream(f"Answers for {alert.summary}")
            stream.opened.connect(self._context.open_link)
            stream.show_source(ListSource([answer_row(answer) for answer in answers[:SHOWN_FOR_AN_ALERT]]))
            card.add(stream)
        else:
            none = "No answer on this machine yet. Ask, and it is sent with the next sync."
            card.add(StateView("notice", none))
        acts = row(
            button("Ask peers with context", lambda: self._context.open_link(f"ask:alert:{alert.id}"), kind="primary"),
            self._snooze_button(alert),
            margins=(10, 8, 10, 8),
        )
        if len(answers) > SHOWN_FOR_AN_ALERT:
            acts.addWidget(button(f"Show all {len(answers)}", lambda: self._context.open_link(f"answers:{alert.id}")))
        acts.addStretch(1)
        foot = QWidget()
        foot.setLayout(acts)
        card.add(foot)
        return card

    def _snooze_button(self, alert: Alert) -> QWidget:
        menu = QMenu(self)
        made = button("Snooze", lambda: menu.exec(made.mapToGlobal(made.rect().bottomLeft())))
        for hours in SNOOZES_H:
            menu.addAction(f"{hours} h", partial(self._snooze, alert.id, hours))
        return made

    def _snooze(self, alert: str, hours: int) -> None:
        local.snooze(self._context.store, alert, time.time() + hours * 3_600)
        self._context.look_again()
        signals.announce(frozenset({"alerts"}))

    def _alert_head(self, alert: Alert) -> QWidget:
        title = TapLabel(alert.summary, role="strong")
        title.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        title.tapped = lambda: self._context.open_link(f"alert:{alert.id}")  # type: ignore[method-assign]
        state = "acknowledged · " if alert.acknowledged_at_s else ""
        since = f"{alert.severity} · {state}since {words.clock(alert.raised_at_s)}"
        head = QWidget()
        dot = Dot("bad" if alert.severity == "critical" else "warn" if alert.severity == "warning" else "info")
        head.setLayout(
            column(row(dot, title), PlainLabel(since, role="small", tone="dim"), gap=2, margins=(10, 8, 10, 8))
        )
        return head


class SearchPage(Panel):
    """Search over everything this machine holds, as it is typed; a pasted error text is a question like any other."""

    TOPICS = frozenset({"thread", "post", "packed_answer", "idea", "member", "theme"})

    def __init__(self, context: Context, text: str = "") -> None:
        super().__init__()
        self._context = context
        self._text = QPlainTextEdit(text) if "\n" in text else QLineEdit(text)
        self._text.setPlaceholderText("Search, or paste an error as it was logged")
        self._text.setAccessibleName("Search or paste an error")
        self._soon = QTimer(self, singleShot=True, interval=TYPING_PAUSE_MS)
        self._soon.timeout.connect(lambda: self.refresh(self.TOPICS))
        self._text.textChanged.connect(lambda *_: self._soon.start())
        self._stream = Stream("Answers")
        self._stream.opened.connect(context.open_link)
        self._card = Card(lines=False)
        self._card.add(self._stream)
        self._others = Stream("Features and people")
        self._others.opened.connect(context.open_link)
        self._others_card = Card(lines=False)
        self._others_card.add(self._others)
        self._others_head = SectionHead("Features and people")
        self._note = PlainLabel(role="small", tone="dim", wrap=True)
        self._empty = StateView(
            "empty",
            "Nothing on this machine matches. Fewer or other words may; or ask your peers.",
            action="Ask peers",
            act=lambda: context.open_link("ask:"),
        )
        self._beyond = Beyond(context)
        parts = (self._text, self._note, self._card, self._others_head, self._others_card, self._empty, self._beyond)
        self.setLayout(column(*parts, None, gap=8, margins=(24, 20, 24, 16)))

    def title(self) -> str:
        """Name the page."""
        return "Search"

    def refresh(self, topics: frozenset[str]) -> None:
        """Search again, on a worker; the last text typed wins."""
        del topics
        text, machine = self._words(), self._context.machine().system

        def read(store: Store) -> "tuple[list[Answer], list[Idea | Member]]":
            return answers_for_text(store, text, machine, limit=FOUND), find_others(store, text)

        self._context.read(read, lambda found: self._show(text, *found))

    def showEvent(self, event: QShowEvent) -> None:
        """Put the cursor where the words go."""
        super().showEvent(event)
        self._text.setFocus()

    def _words(self) -> str:
        return self._text.toPlainText() if isinstance(self._text, QPlainTextEdit) else self._text.text()

    def _show(self, text: str, found: "list[Answer]", others: list[Idea | Member]) -> None:
        if text != self._words():
            return
        self._beyond.clear(text)
        self._stream.show_source(ListSource([answer_row(answer) for answer in found]))
        self._others.show_source(ListSource([other_row(each) for each in others]))
        self._card.setVisible(bool(found))
        for part in (self._others_head, self._others_card):
            part.setVisible(bool(others))
        self._empty.setVisible(bool(text.strip()) and not found and not others)
        self._note.setText(f"{len(found)} found on this machine" if found else "")


class AlertAnswersPage(Panel):
    """All answers for one alert."""

    TOPICS = frozenset({"alerts", "thread", "post", "packed_answer", "membership", "theme"})

    def __init__(self, context: Context, alert: str) -> None:
        super().__init__()
        self._context, self._alert = context, alert
        self._stream = Stream("Answers")
        self._stream.opened.connect(context.open_link)
        card = Card(lines=False)
        card.add(self._stream)
        self._title = PlainLabel(role="title", wrap=True)
        self.setLayout(column(self._title, card, None, gap=12, margins=(24, 20, 24, 16)))

    def title(self) -> str:
        """Name the page."""
        return "Answers"

    def refresh(self, topics: frozenset[str]) -> None:
        """Find them again."""
        del topics
        found = local.alert(self._context.store, self._alert)
        if found is None:
            self._title.setText("This alert is not known any more.")
            return
        self._title.setText(found.summary)
        machine = self._context.machine().system
        self._context.read(
            lambda store: answers_for_alert(store, found, machine, limit=FOUND),
            lambda answers: self._stream.show_source(ListSource([answer_row(answer) for answer in answers])),
        )


def answer_row(answer: "Answer") -> Row:
    """Return an answer as a row that says why it is there."""
    thread = answer.thread
    if is_first_steps(thread):
        return Row(
            link=thread.id,
            title=thread.title,
            meta=" · ".join(answer.why[1:]),
            figure="1st",
            caption="look",
            tone="accent",
            chips=answer.why[:1],
        )
    return Row(
        link=f"thread:{thread.id}",
        title=thread.title,
        meta=" · ".join(answer.why[1:]) or words.ago(thread.moment_ms / 1000),
        figure=words.count(thread.replies),
        caption=words.replied(thread.replies, solved=bool(thread.accepted), how_to=thread.how_to),
        tone="ok" if thread.accepted else "dim",
        chips=answer.why[:1],
    )


def other_row(each: Idea | Member) -> Row:
    """Return a feature or a person as a row."""
    if isinstance(each, Idea):
        state = each.state.replace("_", " ").capitalize()
        return Row(f"idea:{each.id}", each.title, figure=words.count(each.votes), caption="votes", chips=(state,))
    return Row(f"member:{each.id}", each.name, each.headline, words.count(each.points), "points")
