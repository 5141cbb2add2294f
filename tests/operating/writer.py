"""A stream of writes to a community, until standard input closes; and the state of one, as JSON. Run as a module."""

import json
import sys
import threading

from rackside_server import wsgi  # isort: skip - it sets Django up for what follows
from rackside_protocol.ids import new_id
from rackside_protocol.threads import Ask, Delete, Reply
from rackside_server.accounts import actions as accounts
from rackside_server.accounts.models import Member
from rackside_server.feed import limits, verify
from rackside_server.feed.clock import now_ms
from rackside_server.feed.handlers import carry_out
from rackside_server.feed.models import Channel, FeedRow, ReceivedAction
from rackside_server.groups import actions as groups
from rackside_server.groups.models import Group
from rackside_server.threads.models import Post, Thread

GROUP = "linux-servers"
WRITER = "writer"
TOLD_AFTER = 10
OLD_MS = 100 * 24 * 60 * 60 * 1_000

assert wsgi.application


def write() -> None:
    """Write threads, replies and deletions, one transaction each; say so once there is something."""
    if not Group.objects.filter(slug=GROUP).exists():
        groups.save_group(Group(slug=GROUP, name="Linux servers"))
    member = Member.objects.filter(handle=WRITER).first() or accounts.join(WRITER)
    ended = threading.Event()
    threading.Thread(target=wait_for_the_end, args=[ended], daemon=True).start()
    written = 0
    while not ended.is_set():
        ask = Ask(id=new_id(), group=GROUP, title="Why is /var full?", body="df says 100 %. " * 20)
        acts: list[Ask | Reply | Delete] = [ask, Reply(id=new_id(), thread=ask.id, body="It grows.")]
        if written % 5 == 0:
            wrong = Ask(id=new_id(), group=GROUP, title="Never mind this", body="It was nothing.")
            acts += [wrong, Delete(id=new_id(), item=wrong.id, item_kind="thread")]
        for act in acts:
            outcome = carry_out(member, act)
            assert outcome.result == "done", outcome
        written += 1
        if written == TOLD_AFTER:
            say("writing")


def join() -> None:
    """Make a member with a console, and say its token."""
    if not Group.objects.filter(slug=GROUP).exists():
        groups.save_group(Group(slug=GROUP, name="Linux servers"))
    alice = accounts.join("alice", joined_ms=now_ms() - OLD_MS)
    say(accounts.open_device(alice, "console")[1])


def wait_for_the_end(ended: threading.Event) -> None:
    sys.stdin.read()
    ended.set()


def tell() -> None:
    """Say how the community is."""
    said = {
        "differences": list(verify.differences())[:3],
        "rows": FeedRow.objects.count(),
        "threads": Thread.objects.count(),
        "posts": Post.objects.count(),
        "actions": ReceivedAction.objects.count(),
        "epochs": dict(Channel.objects.values_list("name", "epoch")),
        "ahead": [each.name for each in Channel.objects.all() if not each.rows.filter(version=each.head).exists()],
    }
    say(json.dumps(said))


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    with limits.lifted():
        {"write": write, "tell": tell, "join": join}[sys.argv[1]]()
