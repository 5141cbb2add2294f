"""What every act on a thread begins and ends with: may the member do it, and telling of what it changed."""

from typing import TypeAlias

from rackside_server.accounts.models import Member
from rackside_server.feed.channels import follows
from rackside_server.feed.handlers import Refused
from rackside_server.feed.limits import are_lifted
from rackside_server.feed.publish import publish
from rackside_server.threads.documents import post_document, thread_document
from rackside_server.threads.models import Post, Thread
from rackside_server.threads.signals import thread_changed

Item: TypeAlias = Thread | Post


def refuse(code: str, sentence: str) -> None:
    """Refuse an act for the reason that a rule gives; an empty sentence gives none."""
    if sentence:
        raise Refused(code, sentence)


def thread_open_to(member: Member, pk: str) -> Thread:
    """Return a thread that the member may see and write in, locked until the transaction ends."""
    thread = Thread.objects.visible_to(member).select_for_update(of=("self",)).filter(pk=pk).first()
    if thread is None:
        raise Refused("gone", "This thread is not there, or not open to you.")
    if not follows(member, thread.channel):
        raise Refused("not_in_group", "You do not follow this group. Follow it first.")
    return thread


def post_open_to(member: Member, pk: str) -> Post:
    """Return a post of a thread that the member may see and write in, both locked until the transaction ends."""
    post = Post.objects.visible_to(member).filter(pk=pk).first()
    if post is None:
        raise Refused("gone", "This post is not there, or not open to you.")
    post.thread = thread_open_to(member, post.thread_id)
    return post


def unlimited(member: Member) -> bool:
    """Say whether no limits bind a member."""
    return member.is_staff or are_lifted()


def announce(*items: Item) -> None:
    """Publish texts of one thread as they are now, and tell the features above."""
    for item in items:
        if isinstance(item, Thread):
            publish(thread_document(item), item.channel)
        else:
            publish(post_document(item), item.thread.channel)
    last = items[-1]
    thread_changed.send(Thread, thread=last if isinstance(last, Thread) else last.thread)
