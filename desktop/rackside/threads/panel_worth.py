"""What stands on an answer beside its votes: what it cured, whether it still works, and that it is tried here."""

import time
from functools import partial

from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from rackside import words
from rackside.kit import signals
from rackside.kit.cards import Badge, Card, button, column, row
from rackside.kit.plain import plain
from rackside.kit.slices import Context
from rackside.kit.text import PlainLabel, tooltip
from rackside.store import trials
from rackside.store.trials import Trial
from rackside.threads import worth
from rackside.threads.data import PostView, ThreadView
from rackside.watch.model import Alert
from rackside_protocol.answers import DismissHelpWanted, HelpWanted
from rackside_protocol.ids import Id, new_id
from rackside_protocol.threads import Freshness, Mark

MOST_NAME = 40
"""Characters of an alert in a menu."""


def asked_for(wanted: HelpWanted, context: Context) -> QWidget:
    """Make the card that says why she of all people is asked to look at a question, and that puts it aside."""
    why = {
        "verified": "You reported that a fix cleared this alert for good. Do you know this one?",
        "topic": f"Answers of yours on {wanted.about} were accepted. Do you know this one?",
    }[wanted.why]
    aside = button(
        "Not this one", lambda: context.act(DismissHelpWanted(id=new_id(), thread=wanted.thread)), kind="link"
    )
    inside = row(PlainLabel(why, tone="dim", wrap=True), aside, margins=(12, 8, 12, 8))
    inside.setStretch(0, 1)
    holder = QWidget()
    holder.setLayout(inside)
    card = Card("raised", lines=False)
    card.add(holder)
    return card


def worth_of(each: PostView, context: Context) -> QWidget | None:
    """Make the lines that say what peers made of an answer; None where they said nothing."""
    lines: list[QWidget] = []
    if each.record is not None:
        cured = PlainLabel(worth.cured(each.record, context.machine().release), role="small", tone="ok", wrap=True)
        tooltip(cured, worth.by_system(each.record))
        lines.append(cured)
    said = list(worth.freshness(each.post, time.time()))
    if not lines and not said:
        return None
    made = QWidget()
    made.setLayout(column(*lines, *([row(*(Badge(text, tone) for text, tone in said), None, gap=6)] if said else [])))
    return made


def trial_buttons(view: ThreadView, each: PostView, context: Context) -> list[QWidget]:
    """Make what says that an answer is tried on an alert of this machine, or begins it."""
    trial = each.trial
    if trial is not None:
        said = {-1: f"Trying since {words.clock(trial.started_s)}", 0: "You reported that it did not help"}
        label = PlainLabel(said.get(trial.said_h, "You reported that it helped"), role="small", tone="accent")
        return [label, button("All you tried", partial(context.open_link, "outcomes:"), kind="link")]
    if each.mine or not view.alerts:
        return []
    hint = "The console asks later whether it cleared the alert. Nothing is sent before."
    made = button("I am trying this", lambda: _begin(made, view, each.post.id, context), kind="link", hint=hint)
    return [made]


def freshness_button(each: PostView, context: Context) -> QPushButton:
    """Make the button whose menu says that an answer still works, here or at all, or is outdated."""
    label = {"works": "You: still works", "outdated": "You: outdated", "": "Still works?"}[each.marked]
    made = button(label, lambda: menu.exec(made.mapToGlobal(made.rect().bottomLeft())), kind="link")
    menu = QMenu(made)
    release = context.machine().release

    def offer(text: str, freshness: Freshness, *versions: str) -> None:
        post = each.post.id
        menu.addAction(
            plain(text),
            lambda: context.act(Mark(id=new_id(), post=post, freshness=freshness, versions=list(versions))),
        )

    if not each.mine:
        offer(f"Still works on {release}", "works", release)
        offer("Still works", "works")
    offer("Outdated", "outdated")
    if each.marked:
        menu.addSeparator()
        offer("Take back what I said", "")
    return made


def _begin(made: QPushButton, view: ThreadView, post: Id, context: Context) -> None:
    """Begin at once where one alert is open, or ask on which."""
    if len(view.alerts) == 1:
        _start(view, post, view.alerts[0], context)
        return
    menu = QMenu(made)
    for alert in view.alerts:
        menu.addAction(plain(alert.summary)[:MOST_NAME], partial(_start, view, post, alert, context))
    menu.exec(made.mapToGlobal(made.rect().bottomLeft()))


def _start(view: ThreadView, post: Id, alert: Alert, context: Context) -> None:
    trial = Trial(alert.id, post, view.thread.id, alert.signature, alert.summary, started_s=time.time())
    trials.start(context.store, trial)
    signals.announce(frozenset({"trials"}))
