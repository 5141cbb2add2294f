"""What is tried on this machine's alerts and what was reported of it, read from the store."""

from dataclasses import dataclass

from rackside import words
from rackside.answers.outcomes import Question, question, show_outcomes, to_watch
from rackside.store import Store, documents, local, outbox, trials
from rackside.watch.model import Alert
from rackside_protocol.answers import MyOutcome, PackedAnswer, packed_answer_id
from rackside_protocol.ids import Id
from rackside_protocol.threads import Post, Thread

MOST_REPORTS = 10_000


@dataclass(frozen=True)
class Tried:
    """A trial as it stands, with the title of the thread that the post is in; empty when it is not here any more."""

    question: Question
    title: str


@dataclass(frozen=True)
class Reported:
    """A report of one's own, with the thread it is about; `thread` is empty where nothing was tried or it is gone."""

    outcome: MyOutcome
    thread: Id
    title: str


def load_tried(store: Store, now_s: float, *, thread: Id = "") -> list[Tried]:
    """Return what is being tried, the oldest first; with `thread` only on its posts."""
    found = trials.trials(store, thread=thread)
    if not found:
        return []
    alerts = [*local.open_alerts(store), *local.past_alerts(store, limit=1_000)]
    by_id = {each.id: each for each in alerts}
    return [
        Tried(
            question(each, alert, _again(alerts, alert), now_s),
            _title(store, each.thread) if each.thread else "",
        )
        for each in found
        for alert in [by_id.get(each.alert)]
    ]


def watch_untreated(store: Store, now_s: float) -> None:
    """Begin to watch an alert on which nothing is tried, once a week."""
    alert = to_watch(local.open_alerts(store), trials.trials(store), now_s)
    if alert is not None:
        trials.start(store, trials.Trial(alert.id, "", "", alert.signature, alert.summary, started_s=now_s))


def load_reported(store: Store, me: Id) -> list[Reported]:
    """Return one's own reports, as the server has them and as they wait in the outbox, the newest first."""
    held = documents.of_kind(store, MyOutcome, limit=MOST_REPORTS)
    shown = show_outcomes(held, outbox.pending(store), me)
    threads = {each.post: each.thread for each in trials.trials(store)}
    return [_reported(store, each, threads.get(each.post or "", "")) for each in shown]


def said_of(each: Reported) -> str:
    """Say what a report says."""
    outcome = each.outcome
    stayed = {0: "cleared", 24: "stayed clear for a day", 720: "stayed clear for 30 days"}
    became = stayed[outcome.stayed_h] if outcome.cleared else "did not clear"
    where = f" on {outcome.system}" if outcome.system else ""
    return f"{became}{where} · reported {words.ago(outcome.reported_ms / 1000)}"


def _again(alerts: list[Alert], alert: Alert | None) -> list[Alert]:
    """Return the later alerts of the same trouble."""
    if alert is None:
        return []
    return [
        each
        for each in alerts
        if (each.signature, each.component) == (alert.signature, alert.component)
        and each.raised_at_s >= alert.cleared_at_s > 0
        and each.id != alert.id
    ]


def _reported(store: Store, outcome: MyOutcome, thread: Id) -> Reported:
    post = documents.get(store, outcome.post) if outcome.post else None
    thread = post.thread if isinstance(post, Post) else thread
    return Reported(outcome, thread, _title(store, thread) if thread else "")


def _title(store: Store, thread: Id) -> str:
    held = documents.get(store, thread)
    if isinstance(held, Thread):
        return held.title
    packed = documents.get(store, packed_answer_id(thread))
    return packed.thread.title if isinstance(packed, PackedAnswer) else ""
