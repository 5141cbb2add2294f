"""What became of an alert on which an answer was tried: when there is something to ask, and what is sent. Pure.

A cure counts when the alert stayed clear for a day, and again when it did for 30 days. Nothing is sent but what
`ReportOutcome` holds, and nothing without the person's yes.

To know what a cure is worth, it must be known how often an alert clears where nothing is tried. So once a week the
first alert that is raised is watched without anything being tried. It is chosen before anybody knows how it ends:
asking about those that cleared alone would make every alert look as if it healed itself.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from rackside.store.outbox import Pending
from rackside.store.trials import Trial
from rackside.watch.model import Alert
from rackside_protocol.answers import MyOutcome, ReportOutcome, StayedHours, WithdrawOutcome, alert_kind, my_outcome_id
from rackside_protocol.ids import Id, new_id

HOUR_S: Final = 3_600.0
DAY_H: Final = 24
LASTING_H: Final = 720
WATCHED_EVERY_S: Final = 7 * 86_400.0
JUST_RAISED_S: Final = HOUR_S
PATIENCE_S: Final = 7 * 86_400.0
"""An alert that is open for so long after an answer was tried was not cleared by it."""

Stand: TypeAlias = Literal["trying", "watching", "ask_cleared", "ask_lasting", "ask_back", "ask_still", "told"]
"""How a trial stands; `ask_*` when there is something to ask."""


@dataclass(frozen=True)
class Question:
    """A trial with what is to be asked about it; `since_s` is when the alert cleared, came back, or was tried on."""

    trial: Trial
    stand: Stand
    since_s: float

    @property
    def cleared(self) -> bool:
        """Whether the alert is clear."""
        return self.stand in {"ask_cleared", "ask_lasting"}

    @property
    def stayed_h(self) -> StayedHours:
        """How long it was seen to stay so."""
        return {"ask_cleared": 24, "ask_lasting": 720}.get(self.stand, 0)  # type: ignore[return-value]


def question(trial: Trial, alert: Alert | None, again: Iterable[Alert], now_s: float) -> Question:
    """Return how a trial stands.

    Args:
        trial: what is tried.
        alert: the alert it is tried on; None when it is not kept any more.
        again: later alerts with its signature on the same component, open or cleared.
        now_s: seconds since the epoch.
    """
    if alert is None or trial.said_h == LASTING_H or (trial.untreated and trial.said_h >= 0):
        return Question(trial, "told", trial.started_s)
    if alert.is_open():
        waited = trial.said_h < 0 and now_s - trial.started_s >= PATIENCE_S
        return Question(trial, "ask_still" if waited else "trying", trial.started_s)
    back_s = min((each.raised_at_s for each in again), default=now_s)
    stayed_h = (back_s - alert.cleared_at_s) / HOUR_S
    if stayed_h >= LASTING_H and not trial.untreated:
        return Question(trial, "ask_lasting", alert.cleared_at_s)
    if stayed_h >= DAY_H and trial.said_h < DAY_H:
        return Question(trial, "ask_cleared", alert.cleared_at_s)
    if back_s < now_s:
        back = trial.said_h < 0 and stayed_h < DAY_H
        return Question(trial, "ask_back" if back else "told", back_s)
    return Question(trial, "watching", alert.cleared_at_s)


def to_watch(alerts: Iterable[Alert], trials: Sequence[Trial], now_s: float) -> Alert | None:
    """Return the alert that is watched without anything being tried: the first one of the week, just raised."""
    if any(each.untreated and each.started_s > now_s - WATCHED_EVERY_S for each in trials):
        return None
    tried = {each.alert for each in trials}
    fresh = [each for each in alerts if now_s - each.raised_at_s < JUST_RAISED_S and each.id not in tried]
    return min(
        (each for each in fresh if alert_kind(each.signature)),
        key=lambda each: (each.raised_at_s, each.id),
        default=None,
    )


def asks(each: Question, now_s: float) -> bool:
    """Say whether there is something to ask the person now."""
    return each.stand.startswith("ask_") and now_s >= each.trial.quiet_until_s


def report(each: Question, release: str, *, now_ms: int) -> ReportOutcome:
    """Make what is sent on the person's yes; `release` is `Machine.release`."""
    return ReportOutcome(
        id=new_id(),
        made_ms=now_ms,
        signature=each.trial.signature,
        post=each.trial.post or None,
        cleared=each.cleared,
        stayed_h=each.stayed_h,
        system=release,
    )


def show_outcomes(held: Sequence[MyOutcome], pending: Iterable[Pending], me: Id) -> list[MyOutcome]:
    """Overlay one's own reports with what waits in the outbox, the newest first."""
    shown = {each.id: each for each in held}
    for entry in pending:
        action = entry.action
        if not isinstance(action, ReportOutcome | WithdrawOutcome) or entry.state == "refused":
            continue
        own = my_outcome_id(me, action.signature, action.post)
        if isinstance(action, WithdrawOutcome):
            shown.pop(own, None)
        else:
            shown[own] = MyOutcome(
                id=own,
                signature=action.signature,
                post=action.post,
                cleared=action.cleared,
                stayed_h=action.stayed_h,
                system=action.system,
                reported_ms=entry.created_ms,
            )
    return sorted(shown.values(), key=lambda each: (-each.reported_ms, each.id))
