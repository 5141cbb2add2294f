"""What a member does with threads: check, write, publish, in one transaction. The only writer of these rows.

Points follow the deed: taking back a vote, an acceptance or a text reverses the award it gave, as an entry of its own.
"""

from typing import TypeVar

from rackside_protocol import threads as wire
from rackside_protocol.groups import group_channel
from rackside_protocol.standing import personal_channel
from rackside_server.accounts.models import Member
from rackside_server.feed.channels import follows
from rackside_server.feed.clock import now_ms
from rackside_server.feed.handlers import Refused, handles
from rackside_server.feed.limits import DAY_MS, Recent, recent, written_ms
from rackside_server.feed.publish import publish, withdraw
from rackside_server.standing.ledger import award, reverse
from rackside_server.threads import evidence, freshness, rules
from rackside_server.threads.documents import helpful_document
from rackside_server.threads.ground import Item, announce, post_open_to, refuse, thread_open_to, unlimited
from rackside_server.threads.models import HelpfulVote, Post, Thread
from rackside_server.threads.signals import thread_changed

ItemT = TypeVar("ItemT", Thread, Post, Item)


@handles(wire.Ask)
def ask(member: Member, action: wire.Ask) -> None:
    """Open a thread in a group that the member follows."""
    if not follows(member, group_channel(action.group)):
        raise Refused("not_in_group", "You do not follow this group. Follow it first, then ask.")
    now = now_ms()
    written = written_ms(action.id, now, member.joined_ms)
    limits = _limits(member, written)
    if limits.threads is not None:
        lately = _recent(Thread, member, written)
        refuse("too_many", rules.too_many("threads", lately, limits.threads, limits.thread_every_s, written))
    refuse("too_many_links", rules.too_many_links(action.body, limits.links_a_text))
    thread = Thread.objects.create(
        id=action.id,
        group_id=action.group,
        author=member,
        title=action.title,
        body=action.body,
        tags=action.tags,
        signature=action.signature,
        capsule=action.capsule,
        how_to=action.how_to,
        created_ms=now,
        active_ms=now,
    )
    announce(thread)
    award(member, "asked", thread.id, rules.POINTS_ASK)


@handles(wire.Reply)
def reply(member: Member, action: wire.Reply) -> None:
    """Write a post in a thread, and move the thread to the top of its group."""
    thread = thread_open_to(member, action.thread)
    if action.reply_to is not None and not thread.posts.visible_to(member).filter(pk=action.reply_to).exists():
        raise Refused("gone", "The post you answer is not there any more. Answer the question instead.")
    now = now_ms()
    written = written_ms(action.id, now, member.joined_ms)
    limits = _limits(member, written)
    if limits.posts is not None:
        lately = _recent(Post, member, written)
        refuse("too_many", rules.too_many("posts", lately, limits.posts, limits.post_every_s, written))
    refuse("too_many_links", rules.too_many_links(action.body, limits.links_a_text))
    post = Post.objects.create(
        id=action.id, thread=thread, author=member, body=action.body, created_ms=now, reply_to_id=action.reply_to
    )
    thread.replies, thread.active_ms = _live_posts(thread), max(now, thread.active_ms)
    thread.save(update_fields=["replies", "active_ms"])
    announce(post, thread)
    award(member, "replied", post.id, rules.POINTS_REPLY)


@handles(wire.EditThread)
def edit_thread(member: Member, action: wire.EditThread) -> None:
    """Change the words of one's own question."""
    thread = _own(member, thread_open_to(member, action.thread))
    now = now_ms()
    refuse("too_many_links", rules.too_many_links(action.body, _limits(member, now).links_a_text))
    thread.title, thread.body, thread.tags, thread.edited_ms = action.title, action.body, action.tags, now
    thread.save(update_fields=["title", "body", "tags", "edited_ms"])
    announce(thread)


@handles(wire.EditPost)
def edit_post(member: Member, action: wire.EditPost) -> None:
    """Change the words of one's own post."""
    post = _own(member, post_open_to(member, action.post))
    now = now_ms()
    refuse("too_many_links", rules.too_many_links(action.body, _limits(member, now).links_a_text))
    post.body, post.edited_ms = action.body, now
    post.save(update_fields=["body", "edited_ms"])
    announce(post)


@handles(wire.Delete)
def delete(member: Member, action: wire.Delete) -> None:
    """Take back one's own post, or one's own question that nobody has replied to."""
    item = _own(member, _item(member, action.item, action.item_kind))
    if isinstance(item, Thread) and item.replies:
        raise Refused("has_replies", "Others have replied, and their answers stay. Edit the question instead.")
    remove(item)


def remove(item: Item) -> None:
    """Take a text out of sight, with the points it earned: for its author, and for staff in the admin."""
    if isinstance(item, Thread):
        for post in item.posts.filter(deleted_ms=0):
            _remove_post(post, item)
        _strike(item)
        thread_changed.send(Thread, thread=item)
    else:
        thread = Thread.objects.select_for_update().get(pk=item.thread_id)
        _remove_post(item, thread)
        thread.replies = _live_posts(thread)
        thread.save(update_fields=["replies", "accepted"])
        announce(thread)


@handles(wire.VoteHelpful)
def vote(member: Member, action: wire.VoteHelpful) -> None:
    """Set, or take back, a helpful vote on somebody else's text."""
    item = _item(member, action.item, action.item_kind)
    if item.author_id == member.pk:
        raise Refused("own", "A helpful vote is for somebody else's text. This one is yours.")
    ballot = HelpfulVote.objects.filter(member=member, item=item.pk).first()
    if action.on and ballot is None:
        written = written_ms(action.id, now_ms(), member.joined_ms)
        if not unlimited(member):
            refuse("too_many", _too_many_votes(member, item, written))
        _cast(member, item, written)
    elif not action.on and ballot is not None:
        _uncast(ballot)
    else:
        return
    _count_helpful(item)


@handles(wire.MeToo)
def me_too(member: Member, action: wire.MeToo) -> None:
    """Set, or take back, "I have this too", with the context of the member's machine if she likes."""
    thread = thread_open_to(member, action.thread)
    if thread.author_id == member.pk:
        raise Refused("own", "It is your own question, so that you have it is known already.")
    if not (evidence.say(member, thread, action.capsule) if action.on else evidence.take_back(member, thread)):
        return
    thread.me_too = evidence.organisations(thread)
    thread.save(update_fields=["me_too"])
    announce(thread)


@handles(wire.Accept)
def accept(member: Member, action: wire.Accept) -> None:
    """The asker names the post that solved it; naming another moves the mark, naming none takes it away."""
    thread = thread_open_to(member, action.thread)
    if thread.author_id != member.pk:
        raise Refused("not_asker", "Only who asked can say what solved it. A helpful vote is open to you.")
    if thread.how_to:
        raise Refused("how_to", "A how-to is an answer itself. A helpful vote is for the reply.")
    chosen = post_open_to(member, action.post) if action.post is not None else None
    if chosen is not None and chosen.thread_id != thread.pk:
        raise Refused("wrong_thread", "This post answers another question. Choose one of this thread.")
    before = thread.accepted
    if before == chosen:
        return
    thread.accepted = chosen
    thread.save(update_fields=["accepted"])
    marked = [post for post in (before, chosen) if post is not None]
    for post in marked:
        post.thread = thread
    announce(*marked, thread)
    _move_accept_points(thread, before, chosen)


def _item(member: Member, pk: str, kind: str) -> Item:
    return thread_open_to(member, pk) if kind == "thread" else post_open_to(member, pk)


def _own(member: Member, item: ItemT) -> ItemT:
    if item.author_id != member.pk:
        raise Refused("not_yours", "Only its author can do this.")
    return item


def _limits(member: Member, now: int) -> rules.Limits:
    return rules.limits(unlimited=unlimited(member), joined_ms=member.joined_ms, now_ms=now)


def _recent(kind: type[Item], member: Member, at_ms: int) -> Recent:
    """Count what a member wrote around a moment, with what she took back since."""
    texts = kind.objects.filter(author=member, created_ms__gt=at_ms - DAY_MS).values_list("pk", "created_ms")
    return recent((written_ms(pk, created_ms, member.joined_ms) for pk, created_ms in texts), at_ms)


def _live_posts(thread: Thread) -> int:
    return thread.posts.filter(deleted_ms=0).count()


def _too_many_votes(member: Member, item: Item, at_ms: int) -> str:
    cast = HelpfulVote.objects.filter(member=member, created_ms__gt=at_ms - DAY_MS).values_list("author", "created_ms")
    to_this_person = [moment for author, moment in cast if author == item.author_id]
    return rules.too_many_votes(
        today=recent((moment for _, moment in cast), at_ms).count, to_this_person=recent(to_this_person, at_ms).count
    )


def _cast(member: Member, item: Item, at_ms: int) -> None:
    ballot = HelpfulVote.objects.create(member=member, author_id=item.author_id, item=item.pk, created_ms=at_ms)
    document = helpful_document(ballot)
    publish(document, personal_channel(member.pk))
    award(item.author, "helpful", document.id, rules.POINTS_HELPFUL_GOT)


def _uncast(ballot: HelpfulVote) -> None:
    document = helpful_document(ballot)
    ballot.delete()
    withdraw(document.id, personal_channel(ballot.member_id))
    reverse(ballot.author, "helpful", document.id)


def _count_helpful(item: Item) -> None:
    item.helpful = HelpfulVote.objects.filter(item=item.pk).count()
    item.save(update_fields=["helpful"])
    announce(item)


def _move_accept_points(thread: Thread, before: Post | None, chosen: Post | None) -> None:
    """Give the points of an accepted answer to the one it is now; one's own answer earns nothing."""
    if before is not None and before.author_id != thread.author_id:
        reverse(before.author, "accepted", before.pk)
        reverse(thread.author, "accepting", before.pk)
    if chosen is not None and chosen.author_id != thread.author_id:
        award(chosen.author, "accepted", chosen.pk, rules.POINTS_ACCEPTED)
        award(thread.author, "accepting", chosen.pk, rules.POINTS_ACCEPTING)


def _remove_post(post: Post, thread: Thread) -> None:
    if thread.accepted_id == post.pk:
        _move_accept_points(thread, post, None)
        thread.accepted = None
    post.thread = thread
    reverse(post.author, "replied", post.pk)
    _strike(post)


def _strike(item: Item) -> None:
    """Wipe the words, keep the row for the limits of the day, and take its votes and its document away."""
    for ballot in HelpfulVote.objects.filter(item=item.pk):
        _uncast(ballot)
    channel = item.channel if isinstance(item, Thread) else item.thread.channel
    if isinstance(item, Thread):
        item.title, item.tags, item.capsule, item.signature = "", [], "", ""
        evidence.wipe(item)
        reverse(item.author, "asked", item.pk)
    else:
        freshness.forget(item)
    item.body, item.helpful, item.deleted_ms = "", 0, now_ms()
    item.save()
    withdraw(item.pk, channel)
