"""How the ledger is kept on the disk, and what it takes up when the program starts."""

import logging
from typing import Final

import msgspec

from rackside.settings import Delivery
from rackside.store import Store, deliveries, local
from rackside.store.deliveries import Waiting
from rackside.watch.delivery.ledger import Ledger
from rackside.watch.delivery.model import WAYS, Course, News, Status

log = logging.getLogger(__name__)

WAY: Final = "way:"
"""Before the name of a way; a signal begins with its kind, which has no colon."""


def recall(store: Store, ledger: Ledger, delivery: Delivery, now_s: float) -> None:
    """Take up what waited and what was told, and then what became of alerts since it was written down.

    So an alert is told although the program was killed between judging it and queuing it. What this version cannot
    read is left out.

    Raises:
        StoreError: the store cannot be read now.
    """
    for each in deliveries.waiting(store):
        try:
            news = msgspec.json.decode(each.body, type=News)
        except msgspec.MsgspecError as error:
            log.warning("Something that waits to be delivered is not understood and is left out: %s", error)
            continue
        ledger.news.setdefault(news.key, news)
    for name, body in deliveries.told(store).items():
        _recall(ledger, name, body)
    for alert in local.open_alerts(store):
        ledger.take(alert, delivery, now_s)
    for signal, course in list(ledger.courses.items()):
        held = local.alert(store, course.alert) if course.open else None
        if held is not None:
            ledger.take(held, delivery, now_s)
        elif course.open:
            course.open, course.at_s = False, now_s
            ledger.unsaved.add(signal)


def save(store: Store, ledger: Ledger) -> None:
    """Write what changed; it is tried again later when it cannot be.

    Raises:
        StoreError: the store cannot be written now.
    """
    if not ledger.unsaved:
        return
    put, told, gone = [], {}, []
    for name in ledger.unsaved:
        if (news := ledger.news.get(name)) is not None:
            put.append(_waiting(news))
        elif (course := ledger.courses.get(name)) is not None:
            told[name] = msgspec.json.encode(course)
        elif name in WAYS:
            told[WAY + name] = msgspec.json.encode(ledger.status[name])
        else:
            gone.append(name)
    deliveries.save(store, put, gone, told, gone)
    ledger.unsaved.clear()


def _recall(ledger: Ledger, name: str, body: bytes) -> None:
    way = name.removeprefix(WAY)
    try:
        if name.startswith(WAY) and way in WAYS:
            ledger.status[way] = msgspec.json.decode(body, type=Status)
        else:
            ledger.courses.setdefault(name, msgspec.json.decode(body, type=Course))
    except msgspec.MsgspecError as error:
        log.warning("What was told of %s is not understood and is left out: %s", name, error)


def _waiting(news: News) -> Waiting:
    return Waiting(
        id=news.key,
        way=news.way,
        body=msgspec.json.encode(news),
        due_s=news.due_s,
        attempts=news.attempts,
        said=news.said,
    )
