"""What members have read and done, as far as the server knows, and promoting those who have earned it.

Consoles do not tell what their members read. So reading is bounded from below by taking part: who replied in a thread,
found something in it helpful, or has the same trouble has read it up to then. Nobody is promoted whom Discourse's rules
would not promote; a silent reader has to take part once in what she reads.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from django.db.models import Q

from rackside_server.accounts.models import Member
from rackside_server.feed.clock import now_ms
from rackside_server.feed.models import ReceivedAction
from rackside_server.standing.actions import promote
from rackside_server.standing.rules import DAY_MS, Conduct
from rackside_server.threads.models import HelpfulVote, MeTooVote, Post, Thread

RECENT_MS: Final = 100 * DAY_MS
ACTED_WITHIN_MS: Final = 2 * 60 * 60 * 1_000
"""Who is promoted is here to see it, and what others did for her counts when she is here next."""
ACTIONS_LOOKED_AT: Final = 20_000
HIGHEST_EARNED: Final = 3
POSTS_READ_A_MINUTE: Final = 3
"""As Discourse asks for level 1: 30 posts in 10 minutes."""


@dataclass(frozen=True)
class Community:
    """What a member's share is a share of, at a moment."""

    at_ms: int

    @property
    def recent_ms(self) -> int:
        """Where the last 100 days begin."""
        return self.at_ms - RECENT_MS

    @cached_property
    def members(self) -> int:
        """How many members there are."""
        return Member.objects.filter(is_active=True).count()

    @cached_property
    def recent_threads(self) -> int:
        """How many threads are of the last 100 days."""
        return Thread.objects.filter(deleted_ms=0, created_ms__gte=self.recent_ms).count()

    @cached_property
    def recent_posts(self) -> int:
        """How many posts, questions among them, are of the last 100 days."""
        posts = Post.objects.filter(deleted_ms=0, created_ms__gte=self.recent_ms).count()
        return posts + self.recent_threads


def promote_all() -> int:
    """Promote every member who acted lately and has earned it; return how many."""
    community = Community(now_ms())
    return sum(bool(promote(each, conduct_of(each, community), members=community.members)) for each in _here(community))


def conduct_of(member: str, community: Community) -> Conduct:
    """Return what a member has read and done, at least."""
    recent_ms = community.recent_ms
    seen = _threads_seen(member)
    read = _posts_read(seen)
    days = {moment_ms // DAY_MS for moment_ms in _acted(member)}
    replied = list(
        Post.objects.filter(author=member, deleted_ms=0)
        .exclude(thread__author=member)
        .values_list("thread_id", "created_ms")
    )
    given, got = HelpfulVote.objects.filter(member=member), HelpfulVote.objects.filter(author=member)
    recent_threads = Thread.objects.filter(pk__in=seen, created_ms__gte=recent_ms).count()
    return Conduct(
        threads_entered=len(seen),
        posts_read=len(read),
        minutes_read=len(read) // POSTS_READ_A_MINUTE,
        days_visited=len(days),
        likes_given=given.count(),
        likes_got=got.count(),
        replies=len({thread for thread, _ in replied}),
        recent_days_visited=sum(day * DAY_MS >= recent_ms for day in days),
        recent_replies=len({thread for thread, at_ms in replied if at_ms >= recent_ms}),
        recent_threads_read_share=recent_threads / max(1, community.recent_threads),
        recent_posts_read_share=sum(at_ms >= recent_ms for at_ms in read) / max(1, community.recent_posts),
        recent_likes_given=given.filter(created_ms__gte=recent_ms).count(),
        recent_likes_got=got.filter(created_ms__gte=recent_ms).count(),
    )


def _here(community: Community) -> Iterable[str]:
    """Return the members who acted lately and can still rise."""
    newest = ReceivedAction.objects.order_by("-pk").values_list("member_id", "received_ms")[:ACTIONS_LOOKED_AT]
    since_ms = community.at_ms - ACTED_WITHIN_MS
    acted = {member for member, at_ms in newest if at_ms >= since_ms}
    return Member.objects.filter(pk__in=acted, is_active=True, trust_level__lt=HIGHEST_EARNED).values_list(
        "pk", flat=True
    )


def _acted(member: str) -> Iterable[int]:
    return ReceivedAction.objects.filter(member=member).values_list("received_ms", flat=True)


def _threads_seen(member: str) -> dict[str, int]:
    """Return the threads that a member took part in, and when she last did."""
    voted = dict(HelpfulVote.objects.filter(member=member).values_list("item", "created_ms"))
    acts = [
        *Thread.objects.filter(Q(author=member) | Q(pk__in=voted), deleted_ms=0).values_list("pk", "pk", "created_ms"),
        *Post.objects.filter(Q(author=member) | Q(pk__in=voted), deleted_ms=0).values_list(
            "thread_id", "pk", "created_ms"
        ),
        *MeTooVote.objects.filter(member=member).values_list("thread_id", "thread_id", "created_ms"),
    ]
    seen: dict[str, int] = {}
    for thread, item, at_ms in acts:
        seen[thread] = max(seen.get(thread, 0), voted.get(item, at_ms))
    return seen


def _posts_read(seen: dict[str, int]) -> list[int]:
    """Return when each post was written that stood in these threads at their moments, the questions among them."""
    asked = Thread.objects.filter(pk__in=seen, deleted_ms=0).values_list("pk", "created_ms")
    posts = Post.objects.filter(thread__in=seen, deleted_ms=0).values_list("thread_id", "created_ms")
    return [at_ms for thread, at_ms in [*asked, *posts] if at_ms <= seen[thread]]
