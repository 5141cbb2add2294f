"""What a community outlives is forgotten, what has ended is ended, and who has earned trust is promoted.

Each step is whole by itself, may be broken off anywhere, and does nothing when there is nothing to do. So a turn that
two processes take at once, or one that dies in the middle, does no harm.
"""

from collections.abc import Callable
from importlib import import_module
from typing import Final

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max, QuerySet

from rackside_server.accounts.actions import forget_expired
from rackside_server.answers.actions import index_all
from rackside_server.answers.learning import learn
from rackside_server.answers.ledger import weigh_all
from rackside_server.feed.clock import now_ms
from rackside_server.feed.models import ReceivedAction
from rackside_server.feed.timeline import forget_deletions
from rackside_server.operating import conduct, turns
from rackside_server.operating.models import Mark
from rackside_server.sponsors.actions import end_finished

WORK: Final = "tidy"
HOUR_MS: Final = 60 * 60 * 1_000
DAY_MS: Final = 24 * HOUR_MS
EVERY_MS: Final = HOUR_MS
MARK_EVERY_MS: Final = 7 * DAY_MS
"""So a deletion is remembered for 90 to 97 days, and a channel that is busy all the time needs 14 marks."""
DELETIONS_KEPT_MS: Final = 90 * DAY_MS
"""A console that was away for longer fetches a channel anew in which something was deleted."""
ACTIONS_KEPT_MS: Final = 400 * DAY_MS
"""For so long an action that comes again is known; docs/operating.md says what happens to one that comes later."""
BATCH: Final = 1_000
SLICE_VERSIONS: Final = 10_000
"""So much of a channel is looked through while who writes to it waits: 10 MB, for payloads of 1 kB."""

_MARK: Final = """
    INSERT INTO operating_mark (channel_id, head, at_ms)
    SELECT c.id, c.head, %s FROM feed_channel c
    WHERE c.head > c.floor + 1 AND NOT EXISTS (
        SELECT 1 FROM operating_mark m WHERE m.channel_id = c.id AND m.head >= c.head
    )
"""
_HAS_DELETIONS: Final = """
    SELECT 1 FROM feed_feedrow
    WHERE channel_id = %s AND version > %s AND version <= %s AND payload IS NULL LIMIT 1
"""


def tidy_now() -> dict[str, int]:
    """Do every step; return how many things each of them changed."""
    turns.take(WORK, 0)
    did = {name: step() for name, step in STEPS.items()}
    turns.done(WORK, did)
    return did


def tidy_if_due() -> dict[str, int] | None:
    """Do every step if no process did in the last hour; None when it is not due."""
    return tidy_now() if turns.take(WORK, EVERY_MS) else None


def forget_old_deletions() -> int:
    """Once a week, forget what was deleted more than 90 days ago, and note where each channel stands."""
    now = now_ms()
    newest = Mark.objects.aggregate(newest=Max("at_ms"))["newest"]
    if newest is not None and now - MARK_EVERY_MS < newest <= now:
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_MARK, [now])
    old = Mark.objects.filter(at_ms__lt=now - DELETIONS_KEPT_MS).order_by()
    passed = list(old.values_list("channel_id", "channel__name", "channel__floor").annotate(Max("head")))
    return sum(_forget(old, *each) for each in passed)


def _forget(old: QuerySet[Mark], channel_id: int, name: str, floor: int, up_to: int) -> int:
    """Forget a channel's deletions up to a version, if it has any. Its newest old mark stays: it is not marked anew."""
    old.filter(channel_id=channel_id, head__lt=up_to).delete()
    with connection.cursor() as cursor:
        cursor.execute(_HAS_DELETIONS, [channel_id, floor, up_to])
        if cursor.fetchone() is None:
            return 0  # raising the floor would send consoles that were away back to the start for nothing
    slices = [*range(floor + SLICE_VERSIONS, up_to, SLICE_VERSIONS), up_to]
    return sum(forget_deletions(name, each) for each in slices)


def forget_old_actions() -> int:
    """Forget the outcomes of actions received more than 400 days ago."""
    horizon, forgotten = now_ms() - ACTIONS_KEPT_MS, 0
    while True:
        oldest = ReceivedAction.objects.order_by("pk").values_list("pk", "received_ms")[:BATCH]
        old = [pk for pk, received_ms in oldest if received_ms < horizon]
        forgotten += ReceivedAction.objects.filter(pk__in=old).delete()[0]
        if len(old) < BATCH:
            return forgotten


def end_sessions() -> int:
    """Delete the web sessions that have expired."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    model = store.get_model_class()
    before = model.objects.count()
    store.clear_expired()
    return max(0, int(before - model.objects.count()))


STEPS: Final[dict[str, Callable[[], int]]] = {
    "deletions_forgotten": forget_old_deletions,
    "actions_forgotten": forget_old_actions,
    "campaigns_ended": end_finished,
    "sign_ins_forgotten": forget_expired,
    "sessions_ended": end_sessions,
    "members_promoted": conduct.promote_all,
    "reports_weighed": weigh_all,
    "answers_indexed": index_all,
    "words_learned_from": learn,
}
