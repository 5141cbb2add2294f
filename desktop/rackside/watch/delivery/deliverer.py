"""The thread that delivers: takes alerts from the watch, keeps what waits on the disk, and has it sent by each way."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Final, NamedTuple

import msgspec

from rackside.settings import Delivery
from rackside.store import Store, local
from rackside.store.database import StoreError
from rackside.watch.delivery import texts
from rackside.watch.delivery.keeping import recall, save
from rackside.watch.delivery.ledger import Ledger
from rackside.watch.delivery.model import WAYS, DeliveryError, News, Status, Way
from rackside.watch.delivery.sending import Notify, Sender
from rackside.watch.model import Alert

log = logging.getLogger(__name__)

STOP_S: Final = 5.0
LOOK_AGAIN_S: Final = 60.0
"""While something waits: the clock may have been set."""
TOASTS: Final = 3
TOASTS_S: Final = 60.0
"""At most so many notifications within so long; what is more comes as one."""


class Outcome(NamedTuple):
    """How an attempt ended; a test has no news."""

    way: Way
    batch: Sequence[News]
    error: DeliveryError | None


class Deliverer:
    """Delivers alerts. `offer`, `again`, `status` and `test` are safe on any thread."""

    def __init__(
        self,
        home: Path,
        settings: Callable[[], Delivery],
        notify: Notify,
        *,
        machine: str,
        on_change: Callable[[frozenset[str]], object] = lambda _: None,
    ) -> None:
        """Prepare; nothing is sent before `start`.

        Args:
            home: the folder of the store.
            settings: how the person wants to hear of alerts.
            notify: shows a notification on the desktop, or says that it cannot; called on the delivering thread.
            machine: the name of this machine, which each message holds.
            on_change: told `delivery` when there is something new to show.
        """
        self._home, self._settings, self._on_change = home, settings, on_change
        self._sender = Sender(home, machine, notify)
        self._inbox: SimpleQueue[Alert | Outcome | None] = SimpleQueue()
        self._ledger = Ledger()
        self._recalled = False
        self._under_way: set[Way] = set()
        self._shown_s: deque[float] = deque(maxlen=TOASTS)
        self._status: Mapping[Way, Status] = dict(self._ledger.status)
        self._wake = threading.Event()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="delivery", daemon=True)

    def start(self) -> None:
        """Begin, with what waited when the program ended and what changed meanwhile."""
        self._thread.start()

    def stop(self) -> None:
        """End, after a message that is under way if that does not take long; what waits is on the disk."""
        self._stopping = True
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(STOP_S)

    def offer(self, alerts: Iterable[Alert]) -> None:
        """Take alerts that were raised, changed or cleared; it never waits."""
        for alert in alerts:
            self._inbox.put(alert)
        self._wake.set()

    def again(self) -> None:
        """Try at once what failed, and look again at what is held, since the person changed something."""
        self._tell(None)

    def status(self) -> Mapping[Way, Status]:
        """Return how each way fares."""
        return self._status

    def test(self, way: Way) -> str:
        """Send a test message now, whether or not the way is on; return what happened. It may take a minute.

        Raises:
            DeliveryError: it did not go out; the message says what to do next.
        """
        now_s = time.time()
        news = News(way=way, transition="raised", alert=texts.trial(now_s), made_s=now_s, due_s=now_s)
        try:
            said = self._sender.send(way, self._settings(), [news], now_s)
        except DeliveryError as error:
            self._tell(Outcome(way, (), error))
            raise
        self._tell(Outcome(way, (), None))
        return f"{said}."

    def _tell(self, what: Outcome | None) -> None:
        self._inbox.put(what)
        self._wake.set()

    def _run(self) -> None:
        store: Store | None = None
        while not self._stopping or self._under_way:
            self._wake.clear()
            rest_s: float | None = LOOK_AGAIN_S
            try:
                store = self._worked(store)
                rest_s = self._rest_s(kept=store is not None)
            except Exception:  # what we wrote wrongly must not end the delivery of everything else
                log.exception("The delivery of alerts failed")
            self._wake.wait(rest_s)
        if store is not None:
            store.close()

    def _worked(self, store: Store | None) -> Store | None:
        """Do what there is to do; return the store, or None when it cannot be used now."""
        try:
            store = store or Store.open(self._home)
            self._work(store)
        except StoreError as error:
            log.info("What is to be delivered cannot be kept now, and is sent all the same: %s", error)
            if store is not None:
                store.close()
            self._work(None)
            return None
        return store

    def _work(self, store: Store | None) -> None:
        """Take what came in, write it down, and have sent what is due; without a store too, as on a full disk.

        Raises:
            StoreError: the store cannot be used.
        """
        if store is not None and not self._recalled:
            recall(store, self._ledger, self._settings(), time.time())
            self._recalled = True
        self._take()
        if store is not None:
            save(store, self._ledger)
        for way in WAYS:
            if way not in self._under_way and not self._stopping:
                self._deliver(way, store)
        self._ledger.prune(time.time())
        if store is not None:
            save(store, self._ledger)
        self._show()

    def _take(self) -> None:
        now_s, delivery = time.time(), self._settings()
        with suppress(Empty):
            while True:
                match self._inbox.get_nowait():
                    case None:
                        self._ledger.hurry(now_s)
                    case Alert() as alert:
                        self._ledger.take(alert, delivery, now_s)
                    case Outcome() as outcome:
                        self._note(outcome, now_s)

    def _note(self, outcome: Outcome, now_s: float) -> None:
        way, batch, error = outcome
        if not batch:
            self._ledger.tested(way, str(error or ""), now_s)
            return
        self._under_way.discard(way)
        if error is None:
            self._ledger.sent(way, batch, now_s)
        else:
            log.info("Alerts were not delivered by %s: %s", way, error)
            self._ledger.failed(way, batch, error, now_s)

    def _deliver(self, way: Way, store: Store | None) -> None:
        now_s, delivery = time.time(), self._settings()
        batch = self._ledger.due(way, delivery, now_s, lambda alert: local.alert(store, alert) if store else None)
        if batch and way == "desktop":
            self._toast(batch, delivery, now_s)
        elif batch:
            self._under_way.add(way)
            threading.Thread(target=self._send, args=(way, delivery, batch), name=way, daemon=True).start()

    def _send(self, way: Way, delivery: Delivery, batch: Sequence[News]) -> None:
        """Send on a thread of its own: a server that does not answer must not delay the other ways."""
        error: DeliveryError | None = DeliveryError("Something in Rackside failed; its log says what.")
        try:
            self._sender.send(way, delivery, batch, time.time())
            error = None
        except DeliveryError as failure:
            error = failure
        except Exception:  # as in `_run`
            log.exception("The delivery of alerts by %s failed", way)
        self._tell(Outcome(way, batch, error))

    def _toast(self, batch: Sequence[News], delivery: Delivery, now_s: float) -> None:
        """Show notifications: each by itself as long as they are few, else all in one."""
        while self._shown_s and not 0 <= now_s - self._shown_s[0] < TOASTS_S:
            self._shown_s.popleft()
        room = TOASTS - len(self._shown_s)
        if room == 0:
            self._ledger.postpone(batch, self._shown_s[0] + TOASTS_S)
            return
        held = any(news.wait for news in batch)
        for each in [[news] for news in batch] if len(batch) <= room and not held else [batch]:
            try:
                self._sender.send("desktop", delivery, each, now_s)
            except DeliveryError as error:
                self._ledger.let_go("desktop", batch, str(error), now_s)
                return
            self._shown_s.append(now_s)
            self._ledger.sent("desktop", each, now_s)

    def _rest_s(self, *, kept: bool) -> float | None:
        """Return how long there is nothing to do; None until something comes in, if all is kept."""
        ways = [way for way in WAYS if way not in self._under_way]
        due = [due_s for way in ways if (due_s := self._ledger.due_s(way)) is not None]
        if not due:
            return None if kept else LOOK_AGAIN_S
        return min(max(min(due) - time.time(), 0.0), LOOK_AGAIN_S)

    def _show(self) -> None:
        shown = {
            way: msgspec.structs.replace(status, waiting=self._ledger.waiting(way))
            for way, status in self._ledger.status.items()
        }
        if shown != self._status:
            self._status = shown
            self._on_change(frozenset({"delivery"}))
