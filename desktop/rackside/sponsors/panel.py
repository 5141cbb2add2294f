"""The one sponsored card, and the pages that say why it is there and what else could have been."""

import time
from datetime import datetime
from random import SystemRandom

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from rackside.kit.cards import Badge, Card, StateView, button, column, refill, row
from rackside.kit.panel import Panel
from rackside.kit.rich import open_on_the_web
from rackside.kit.slices import Context
from rackside.kit.text import PlainLabel, confirm
from rackside.sponsors import rules
from rackside.sponsors.choose import Calm, Candidate, Facts, ViewTimer, catalogue, choose, click_counts
from rackside.sponsors.data import load_catalogue, load_history, note, owe_receipt, showings_today, trust_level
from rackside.sponsors.facts import calm, facts
from rackside_protocol.sponsors import ReceiptOutcome

LOOK_EVERY_MS = 250


class SponsorCard(Panel):
    """At most one panel. It is chosen here, on the machine; what leaves is a token, a day and an outcome."""

    TOPICS = frozenset({"campaign", "alerts", "settings", "theme"})

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._choice: Candidate | None = None
        self._serial = 0
        self._timer = ViewTimer()
        self._layout = column()
        self.setLayout(self._layout)
        self._looks = QTimer(self, interval=LOOK_EVERY_MS)
        self._looks.timeout.connect(self._look)
        self._next = QTimer(self, singleShot=True, interval=rules.CHANGE_AFTER_S * 1000)
        self._next.timeout.connect(lambda: self.refresh(self.TOPICS))

    def refresh(self, topics: frozenset[str]) -> None:
        """Choose again: what is shown stays for its minute unless calm is due."""
        store = self._context.store
        history = load_history(store)
        choice = choose(
            load_catalogue(store),
            _facts(self._context),
            history,
            _calm(self._context),
            now_s=time.time(),
            random=SystemRandom(),
        )
        before = self._choice.campaign.id if self._choice else None
        after = choice.campaign.id if choice else None
        if before == after and "theme" not in topics:
            return
        if choice and before != after:
            self._serial = showings_today(history) + 1
            self._timer = ViewTimer()
            note(store, choice.campaign.id, "shown")
            self._next.start()
        self._choice = choice
        self._draw()

    def _draw(self) -> None:
        refill(self._layout, *([self._card(self._choice)] if self._choice else []))
        self.setVisible(self._choice is not None)
        if self._choice is None:
            self._looks.stop()
        else:
            self._looks.start()

    def _card(self, choice: Candidate) -> QWidget:
        campaign = choice.campaign
        card = Card("sponsor", lines=False)
        label = {"paid": "SPONSORED", "community": "COMMUNITY", "house": "FROM RACKSIDE"}[campaign.tier]
        why = button("Why this?", lambda: self._context.open_link(f"sponsor:{campaign.id}"), kind="link")
        close = button("", self._not_for_me, kind="quiet", icon_name="close", hint="Not for me: not again for 90 days")
        head = row(
            PlainLabel(f"{label} · chosen on this machine", role="head", tone="sponsor"), why, None, close, gap=4
        )
        act = row(
            PlainLabel(campaign.vendor_name, role="small", tone="dim"), None, button("Open", self._open, kind="link")
        )
        inside = QWidget()
        inside.setLayout(
            column(
                head,
                PlainLabel(campaign.title, role="strong", wrap=True),
                PlainLabel(campaign.body, role="small", tone="dim", wrap=True),
                act,
                gap=2,
                margins=(10, 4, 6, 6),
            )
        )
        inside.setAccessibleName(f"Sponsored: {campaign.title}")
        card.add(inside)
        return card

    def _look(self) -> None:
        if self._choice is None:
            return
        whole = max(1, self.width() * self.height())
        seen = self.visibleRegion().boundingRect()
        share = seen.width() * seen.height() / whole
        active = self.window().isActiveWindow() and not self.window().isMinimized()
        if self._timer.look(share_visible=share, window_active=active, now_s=time.monotonic()):
            self._looks.stop()
            self._report("viewed")

    def _report(self, outcome: ReceiptOutcome) -> None:
        if self._choice:
            note(self._context.store, self._choice.campaign.id, outcome)
            if owe_receipt(self._context.store, self._choice.campaign.id, outcome, self._serial):
                self._context.wake_sync()

    def _open(self) -> None:
        if self._choice is None:
            return
        if click_counts(load_history(self._context.store), self._choice.campaign.id, time.time()):
            self._report("clicked")
        open_on_the_web(self, self._choice.campaign.link)

    def _not_for_me(self) -> None:
        self._report("dismissed")
        self._choice = None
        self._draw()


class WhyPage(Panel):
    """Why this panel, and all that could have been shown, each with the reason why not."""

    TOPICS = frozenset({"campaign", "theme"})

    def __init__(self, context: Context, campaign: str) -> None:
        super().__init__()
        self._context, self._campaign = context, campaign
        self._content = column(None, gap=12, margins=(24, 20, 24, 20))
        self.setLayout(self._content)

    def title(self) -> str:
        """Name the page."""
        return "Why this?"

    def refresh(self, topics: frozenset[str]) -> None:
        """Judge the catalogue again."""
        del topics
        store = self._context.store
        judged = catalogue(load_catalogue(store), _facts(self._context), load_history(store), time.time())
        own = next((each for each in judged if each.campaign.id == self._campaign), None)
        intro = (
            "The catalogue is the same for everybody. This machine compares its words with what is open here (alerts, "
            "processes, the operating system) and chooses; nothing about the machine is sent. What is sent when a "
            "panel was seen: a token, the day, and the outcome. A sponsor never moves an answer or a leader board."
        )
        parts: list[QWidget] = [
            PlainLabel("Why this?", role="title"),
            PlainLabel(intro, tone="dim", wrap=True),
        ]
        if own is not None:
            because = ", ".join(own.matched) or "it has no terms: it is shown to everybody"
            parts.append(PlainLabel(f"{own.campaign.title}: matched here by {because}.", role="strong", wrap=True))
            parts.append(self._report_line(own))
        if reason := _calm(self._context).reason():
            parts.append(StateView("notice", reason))
        card = Card()
        for each in judged:
            card.add(_candidate_line(each))
        parts += [PlainLabel("What could be shown here", role="strong"), card]
        refill(self._content, *parts)

    def _report_line(self, own: Candidate) -> QWidget:
        line = QWidget()
        line.setLayout(row(button("Report this panel to a person", lambda: self._report(own)), None))
        return line

    def _report(self, own: Candidate) -> None:
        sure = "It is never shown here again, and a person at the community looks at it."
        if confirm(self, "Report", sure, yes="Report"):
            store = self._context.store
            serial = max(1, showings_today(load_history(store)))
            note(store, own.campaign.id, "reported")
            if owe_receipt(store, own.campaign.id, "reported", serial):
                self._context.wake_sync()
            self.refresh(self.TOPICS)


def _facts(context: Context) -> Facts:
    return facts(context.snapshot(), context.machine())


def _calm(context: Context) -> Calm:
    return calm(
        context.snapshot(),
        context.settings(),
        trust_level(context.store, context.me()),
        datetime.now().astimezone(),
    )


def _candidate_line(each: Candidate) -> QWidget:
    made = QWidget()
    state = each.barred or ("Matched: " + ", ".join(each.matched) if each.matched else "Shown to everybody.")
    head = row(
        PlainLabel(each.campaign.title, role="strong"), Badge(each.campaign.tier.capitalize(), "sponsor"), None, gap=8
    )
    note_line = PlainLabel(f"{each.campaign.vendor_name} · {state}", role="small", tone="dim", wrap=True)
    made.setLayout(column(head, note_line, gap=2, margins=(12, 8, 12, 8)))
    return made
