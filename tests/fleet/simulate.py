"""A planted fleet tells a real server what became of its alerts; the real ranking orders what the server publishes."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import combinations
from typing import Final, NamedTuple, TypeVar

from django.db import transaction

from rackside_protocol.answers import AlertRecord, FixRecord, ReportOutcome, alert_kind, alert_record_id, fix_record_id
from rackside_protocol.documents import Document
from rackside_protocol.ids import new_id
from rackside_protocol.queries import Query
from rackside_protocol.registry import read_document
from rackside_protocol.threads import Thread as ThreadDocument
from rackside_ranking.fixes import untreated_rate
from rackside_ranking.quality import Candidate, rank
from rackside_ranking.quality import Fix as Tried
from rackside_server.accounts.models import Member
from rackside_server.answers import ledger
from rackside_server.answers.rules import WHOLE_WEIGHT
from rackside_server.feed.clock import now_ms
from rackside_server.feed.handlers import carry_out
from rackside_server.feed.models import FeedRow
from rackside_server.groups.actions import save_group
from rackside_server.groups.models import Group
from rackside_server.threads import bulk
from rackside_server.threads.models import Post, Thread
from tests.fleet.world import Console, Fix, Report, Trouble, World

GROUP: Final = "fleet"
CLEAR_DIFFERENCE: Final = 0.15
"""Of two planted rates, from which their order is to be right."""
D = TypeVar("D", bound=Document)


class Order(NamedTuple):
    """How many pairs of fixes stand in the planted order, of how many that differ clearly."""

    right: int
    of: int

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return self.right / self.of


class Fleet:
    """A world on a server: members, threads with one answer each, and the reports that are carried out."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.now_ms = now_ms()
        save_group(Group(slug=GROUP, name="Fleet"))
        self.members = [self.member(each) for each in world.consoles]
        Member.objects.bulk_create(self.members)
        self.posts: dict[int, Post] = {}
        for trouble in world.troubles:
            self.answer(trouble, world.random.sample(trouble.fixes, len(trouble.fixes)))

    @staticmethod
    def member(console: Console) -> Member:
        handle = f"console{console.number}"
        return Member(handle=handle, name=handle, email=console.email, trust_level=console.trust_level, password="!")

    def answer(self, trouble: Trouble, fixes: Sequence[Fix]) -> None:
        """Have a thread for each fix, whose accepted answer it is."""
        asked = []
        for fix in fixes:
            of = {"author": self.members[fix.author], "body": "It does so.", "created_ms": self.now_ms}
            thread = Thread(
                id=new_id(), group_id=GROUP, title="Alert", signature=trouble.signature, active_ms=self.now_ms, **of
            )
            self.posts[fix.number] = Post(id=new_id(), thread=thread, **of)
            asked.append(thread)
        last = Thread.objects.order_by("-pk").values_list("pk", flat=True).first() or ""
        bulk.add_threads(asked)
        bulk.add_posts(self.posts[fix.number] for fix in fixes)
        bulk.accept({self.posts[fix.number].thread_id: self.posts[fix.number].pk for fix in fixes})
        bulk.announce(last, len(asked), group=GROUP, posts=False)

    def tell(self, report: Report) -> None:
        """Carry a report out, as if the console had sent it."""
        action = ReportOutcome(
            id=new_id(),
            signature=report.signature,
            post=None if report.fix is None else self.posts[report.fix].pk,
            cleared=report.cleared,
            stayed_h=(720 if report.lasting else 24) if report.cleared else 0,
            system=report.system,
        )
        outcome = carry_out(self.members[report.console], action)
        if outcome.result != "done":
            raise AssertionError(outcome)

    def live(self) -> int:
        """Let everybody report, and the hourly turn come; return how many reports there were."""
        reports = self.world.reports()
        for report in reports:
            self.tell(report)
        ledger.weigh_all()
        return len(reports)

    def record(self, trouble: Trouble, fix: Fix) -> FixRecord | None:
        """Return what the feed holds of a fix."""
        return _published(FixRecord, fix_record_id(self.posts[fix.number].pk, trouble.signature))

    def ranked(self, troubles: Sequence[Trouble], *more: tuple[Trouble, Fix]) -> list[Fix]:
        """Return the fixes for these alerts in the order in which a console shows their threads, best first."""
        fixes = [*((trouble, fix) for trouble in troubles for fix in trouble.fixes), *more]
        found = {self.posts[fix.number].thread_id: fix for _, fix in fixes}
        kind = alert_kind(troubles[0].signature)
        query = Query(
            kind="alert", words=(), weights=(), signature=troubles[0].signature if len(troubles) == 1 else kind
        )
        candidates = [self._candidate(*each) for each in fixes]
        return [found[each.thread.id] for each in rank(query, candidates, now_ms=self.now_ms)]

    def _candidate(self, trouble: Trouble, fix: Fix) -> Candidate:
        """Make a thread a candidate, as `rackside.answers.data` does."""
        thread = _published(ThreadDocument, self.posts[fix.number].thread_id)
        if thread is None:
            raise AssertionError(fix)
        record = self.record(trouble, fix)
        if record is None:
            return Candidate(thread)
        seen = _published(AlertRecord, alert_record_id(trouble.signature))
        untreated = untreated_rate(seen.cleared, seen.seen) if seen else untreated_rate(0, 0)
        credited = record.credited_tried / WHOLE_WEIGHT, record.credited_cleared / WHOLE_WEIGHT
        return Candidate(thread, fix=Tried(record.all.tried, record.all.cleared, *credited, untreated))

    def order(self) -> Order:
        """Count the pairs of fixes for one alert that differ clearly."""
        right = [
            ranked.index(better) < ranked.index(worse)
            for trouble in self.world.troubles
            for ranked in [self.ranked([trouble])]
            for better, worse in _pairs(trouble)
        ]
        return Order(sum(right), len(right))


def _pairs(trouble: Trouble) -> Iterator[tuple[Fix, Fix]]:
    for one, other in combinations(trouble.fixes, 2):
        better, worse = sorted((one, other), key=trouble.worth, reverse=True)
        if trouble.worth(better) - trouble.worth(worse) >= CLEAR_DIFFERENCE:
            yield better, worse


def _published(kind: type[D], object_id: str) -> D | None:
    payload = (
        FeedRow.objects.filter(object_id=object_id).exclude(payload=None).values_list("payload", flat=True).first()
    )
    document = read_document(bytes(payload)) if payload else None
    return document if isinstance(document, kind) else None


@contextmanager
def imagined() -> Iterator[None]:
    """Undo on the server whatever is done within."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
