"""Answers that the person is trying on an alert of this machine, until what became of it is told. Never leaves."""

from dataclasses import dataclass
from typing import Final

from rackside.store import Store
from rackside.store.database import writing
from rackside_protocol.ids import Id

KEPT_S: Final = 90 * 86_400
"""As long as an alert that cleared is."""


@dataclass(frozen=True)
class Trial:
    """A post that was tried on an alert; without a post, that nothing was.

    `said_h` is how long the alert was said to have stayed clear, in hours, and -1 before anything was said. The person
    does not want to be asked before `quiet_until_s`.
    """

    alert: str
    post: Id
    thread: Id
    signature: str
    summary: str
    started_s: float
    said_h: int = -1
    quiet_until_s: float = 0.0

    @property
    def untreated(self) -> bool:
        """Whether it is seen what becomes of the alert where nothing is tried."""
        return not self.post


def start(store: Store, trial: Trial) -> None:
    """Note that a post is tried on an alert, which is not untreated any more; starting again changes nothing."""
    with writing(store.local) as local:
        local.execute("DELETE FROM trials WHERE alert = ? AND post = '' AND ? <> ''", (trial.alert, trial.post))
        local.execute(
            "INSERT INTO trials (alert, post, thread, signature, summary, started_s) VALUES (?, ?, ?, ?, ?, ?)"
            " ON CONFLICT DO NOTHING",
            (trial.alert, trial.post, trial.thread, trial.signature, trial.summary, trial.started_s),
        )
        local.execute("DELETE FROM trials WHERE started_s < ?", (trial.started_s - KEPT_S,))


def stop(store: Store, trial: Trial) -> None:
    """Forget a trial."""
    _change(store, "DELETE FROM trials", trial)


def say(store: Store, trial: Trial, stayed_h: int) -> None:
    """Note what was said of a trial."""
    _change(store, "UPDATE trials SET said_h = ?", trial, stayed_h)


def quieten(store: Store, trial: Trial, until_s: float) -> None:
    """Ask nothing about a trial until a time."""
    _change(store, "UPDATE trials SET quiet_until_s = ?", trial, until_s)


def trials(store: Store, *, thread: Id = "") -> list[Trial]:
    """Return what is being tried, the oldest first; with `thread` only on its posts."""
    which, values = ("WHERE thread = ?", (thread,)) if thread else ("", ())
    return [
        Trial(**row)
        for row in store.local.execute(f"SELECT * FROM trials {which} ORDER BY started_s, alert, post", values)  # noqa: S608 - our own words
    ]


def _change(store: Store, statement: str, trial: Trial, *values: float) -> None:
    with writing(store.local) as local:
        local.execute(f"{statement} WHERE alert = ? AND post = ?", (*values, trial.alert, trial.post))
