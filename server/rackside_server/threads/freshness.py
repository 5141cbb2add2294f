"""Freshness: members say of an answer that it still works or is outdated, and for which versions it is."""

from rackside_protocol import threads as wire
from rackside_protocol.standing import personal_channel
from rackside_server.accounts.models import Member
from rackside_server.feed.clock import now_ms
from rackside_server.feed.handlers import handles
from rackside_server.feed.limits import DAY_MS, recent, written_ms
from rackside_server.feed.publish import publish, withdraw
from rackside_server.threads import rules
from rackside_server.threads.documents import freshness_document
from rackside_server.threads.ground import announce, post_open_to, refuse, unlimited
from rackside_server.threads.models import FreshnessMark, Post


@handles(wire.Mark)
def mark(member: Member, action: wire.Mark) -> None:
    """Set, replace or take back a member's word on a post."""
    post = post_open_to(member, action.post)
    held = FreshnessMark.objects.filter(member=member, post=post).first()
    if held is None and not action.freshness:
        return
    written = written_ms(action.id, now_ms(), member.joined_ms)
    if action.freshness and not unlimited(member):
        refuse("too_many", rules.too_many_marks(_marked_on_others(member, post, written)))
    if held is not None:
        _forget(held)
    if action.freshness:
        made = FreshnessMark.objects.create(
            member=member, post=post, freshness=action.freshness, versions=action.versions, marked_ms=written
        )
        publish(freshness_document(made), personal_channel(member.pk))
    _count(post)
    announce(post)


def forget(post: Post) -> None:
    """Drop what members said of a post that is taken back."""
    for each in post.freshness_marks.all():
        _forget(each)
    _count(post)


def _forget(held: FreshnessMark) -> None:
    document = freshness_document(held)
    held.delete()
    withdraw(document.id, personal_channel(held.member_id))


def _marked_on_others(member: Member, post: Post, at_ms: int) -> int:
    """Count the other posts that a member marked in the 24 hours around a moment."""
    marks = FreshnessMark.objects.filter(member=member, marked_ms__gt=at_ms - DAY_MS).exclude(post=post)
    return recent(marks.values_list("marked_ms", flat=True), at_ms).count


def _count(post: Post) -> None:
    """Sum the marks up; that its own author finds it working is not news and does not count."""
    marks = list(post.freshness_marks.order_by("marked_ms", "pk"))
    working = [each for each in marks if each.freshness == "works"]
    vouching = [each for each in working if each.member_id != post.author_id]
    post.works, post.works_ms = len(vouching), max((each.marked_ms for each in vouching), default=0)
    post.outdated = len(marks) - len(working)
    own = [each.versions for each in working if each.member_id == post.author_id and each.versions]
    post.versions = own[0] if own else rules.agreed_versions(each.versions for each in vouching)
    post.save(update_fields=["works", "works_ms", "outdated", "versions"])
