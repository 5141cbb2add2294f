"""What a member can do with what her console shows: one maker for each kind of action."""

from collections.abc import Callable, Sequence
from typing import Final, TypeAlias, TypeVar

from rackside.store import Store, documents, outbox
from rackside_protocol import accounts, answers, groups, heartbeats, ideas, people, sponsors, threads
from rackside_protocol.actions import Action, action_kind
from rackside_protocol.documents import Document
from rackside_protocol.ids import Id, new_id
from rackside_protocol.registry import ACTIONS
from tests.kernel.cast import OPEN_GROUP, PRIVATE_GROUP
from tests.world.server import today

Maker: TypeAlias = Callable[[Store, Id, int], Action | None]
T = TypeVar("T")
D = TypeVar("D", bound=Document)
GROUPS: Final = (OPEN_GROUP, PRIVATE_GROUP, "windows-admins")
ALERTS: Final = ("disk.used/srv", "dns.failing", "")


def chosen(many: Sequence[T], pick: int) -> T | None:
    """Return one of many, None of none."""
    return many[pick % len(many)] if many else None


def shown(store: Store, kind: type[D]) -> list[D]:
    """Return the documents of a kind that the console holds, in an order that a run repeats."""
    return sorted(documents.of_kind(store, kind, limit=1_000), key=lambda each: each.id)


def thread_ids(store: Store) -> list[Id]:
    """Return the threads in view, those that wait in the outbox too."""
    waiting = [entry.action.id for entry in outbox.pending(store) if entry.kind == "threads.ask"]
    return sorted({*(each.id for each in shown(store, threads.Thread)), *waiting})


def ask(_store: Store, _me: Id, pick: int) -> Action:
    signature = ALERTS[pick % len(ALERTS)]
    return threads.Ask(id=new_id(), group=GROUPS[pick % 3], title=f"Question {pick}", body="?", signature=signature)


def reply(store: Store, _me: Id, pick: int) -> Action | None:
    thread = chosen(thread_ids(store), pick)
    return threads.Reply(id=new_id(), thread=thread, body=f"Answer {pick}") if thread else None


def edit_thread(store: Store, me: Id, pick: int) -> Action | None:
    own = chosen([each for each in shown(store, threads.Thread) if each.author == me], pick)
    return threads.EditThread(id=new_id(), thread=own.id, title=f"Edited {pick}", body="!") if own else None


def edit_post(store: Store, me: Id, pick: int) -> Action | None:
    own = chosen([each for each in shown(store, threads.Post) if each.author == me], pick)
    return threads.EditPost(id=new_id(), post=own.id, body=f"Edited {pick}") if own else None


def texts(store: Store) -> list[threads.Thread | threads.Post]:
    """Return threads and posts."""
    return [*shown(store, threads.Thread), *shown(store, threads.Post)]


def delete(store: Store, me: Id, pick: int) -> Action | None:
    item = chosen([each for each in texts(store) if each.author == me], pick)
    return threads.Delete(id=new_id(), item=item.id, item_kind=item.kind) if item else None  # type: ignore[arg-type]


def vote_helpful(store: Store, _me: Id, pick: int) -> Action | None:
    item = chosen(texts(store), pick)
    return threads.VoteHelpful(id=new_id(), item=item.id, item_kind=item.kind, on=pick % 3 > 0) if item else None  # type: ignore[arg-type]


def accept(store: Store, me: Id, pick: int) -> Action | None:
    own = {each.id for each in shown(store, threads.Thread) if each.author == me}
    post = chosen([each for each in shown(store, threads.Post) if each.thread in own], pick)
    return threads.Accept(id=new_id(), thread=post.thread, post=post.id) if post else None


def me_too(store: Store, _me: Id, pick: int) -> Action | None:
    thread = chosen(thread_ids(store), pick)
    return threads.MeToo(id=new_id(), thread=thread, on=pick % 3 > 0) if thread else None


def mark(store: Store, _me: Id, pick: int) -> Action | None:
    post = chosen(shown(store, threads.Post), pick)
    says = (("works", ["Debian 12"]), ("outdated", []), ("", []))[pick % 3]
    return threads.Mark(id=new_id(), post=post.id, freshness=says[0], versions=says[1]) if post else None  # type: ignore[arg-type]


def report_outcome(store: Store, _me: Id, pick: int) -> Action | None:
    post = chosen([*shown(store, threads.Post), None], pick)
    return answers.ReportOutcome(
        id=new_id(), signature=ALERTS[0], post=post and post.id, cleared=pick % 3 > 0, stayed_h=24, system="Debian 12"
    )


def withdraw_outcome(store: Store, _me: Id, pick: int) -> Action | None:
    own = chosen(shown(store, answers.MyOutcome), pick)
    return answers.WithdrawOutcome(id=new_id(), signature=own.signature, post=own.post) if own else None


def dismiss_help_wanted(store: Store, _me: Id, pick: int) -> Action | None:
    wanted = chosen(shown(store, answers.HelpWanted), pick)
    return answers.DismissHelpWanted(id=new_id(), thread=wanted.thread) if wanted else None


def propose(_store: Store, _me: Id, pick: int) -> Action:
    return ideas.Propose(id=new_id(), title=f"Idea {pick}", body="Because.")


def vote_idea(store: Store, _me: Id, pick: int) -> Action | None:
    idea = chosen(shown(store, ideas.Idea), pick)
    return ideas.VoteIdea(id=new_id(), idea=idea.id, on=pick % 3 > 0) if idea else None


def comment_idea(store: Store, _me: Id, pick: int) -> Action | None:
    idea = chosen(shown(store, ideas.Idea), pick)
    return ideas.CommentIdea(id=new_id(), idea=idea.id, body=f"Comment {pick}") if idea else None


def set_idea_state(store: Store, _me: Id, pick: int) -> Action | None:
    idea = chosen(shown(store, ideas.Idea), pick)
    return ideas.SetIdeaState(id=new_id(), idea=idea.id, state="declined", reason="No.") if idea else None


def join_group(_store: Store, _me: Id, pick: int) -> Action:
    return groups.JoinGroup(id=new_id(), group=GROUPS[pick % 3])


def leave_group(_store: Store, _me: Id, pick: int) -> Action:
    return groups.LeaveGroup(id=new_id(), group=GROUPS[pick % 3])


def edit_profile(_store: Store, _me: Id, pick: int) -> Action:
    return people.EditProfile(id=new_id(), name=f"Name {pick}", headline="Words.")


def revoke_device(store: Store, _me: Id, _pick: int) -> Action | None:
    old = next((each for each in shown(store, accounts.Device) if each.name.startswith("an old")), None)
    return accounts.RevokeDevice(id=new_id(), device=old.id) if old else None


def send_receipt(store: Store, _me: Id, pick: int) -> Action | None:
    key, campaign = chosen(shown(store, sponsors.ServingKey), 0), chosen(shown(store, sponsors.Campaign), 0)
    if key is None or campaign is None:
        return None
    token = sponsors.sign_serving(key.secret, sponsors.Serving(key.id, campaign.id, today(), pick))
    return sponsors.SendReceipt(id=new_id(), token=token, day=today(), outcome="viewed")


def register_heartbeat(_store: Store, _me: Id, pick: int) -> Action:
    return heartbeats.RegisterHeartbeat(id=new_id(), name=f"job {pick}")


def renew_heartbeat(store: Store, _me: Id, pick: int) -> Action | None:
    own = chosen(shown(store, heartbeats.Heartbeat), pick)
    return heartbeats.RenewHeartbeat(id=new_id(), heartbeat=own.id) if own else None


def remove_heartbeat(store: Store, _me: Id, pick: int) -> Action | None:
    own = chosen(shown(store, heartbeats.Heartbeat), pick)
    return heartbeats.RemoveHeartbeat(id=new_id(), heartbeat=own.id) if own else None


DEEDS: Final[dict[type[Action], Maker]] = {
    threads.Ask: ask,
    threads.Reply: reply,
    threads.EditThread: edit_thread,
    threads.EditPost: edit_post,
    threads.Delete: delete,
    threads.VoteHelpful: vote_helpful,
    threads.Accept: accept,
    threads.MeToo: me_too,
    threads.Mark: mark,
    answers.ReportOutcome: report_outcome,
    answers.WithdrawOutcome: withdraw_outcome,
    answers.DismissHelpWanted: dismiss_help_wanted,
    ideas.Propose: propose,
    ideas.VoteIdea: vote_idea,
    ideas.CommentIdea: comment_idea,
    ideas.SetIdeaState: set_idea_state,
    groups.JoinGroup: join_group,
    groups.LeaveGroup: leave_group,
    people.EditProfile: edit_profile,
    accounts.RevokeDevice: revoke_device,
    sponsors.SendReceipt: send_receipt,
    heartbeats.RegisterHeartbeat: register_heartbeat,
    heartbeats.RenewHeartbeat: renew_heartbeat,
    heartbeats.RemoveHeartbeat: remove_heartbeat,
}
KINDS: Final = {action_kind(kind): make for kind, make in DEEDS.items()}
MISSING: Final = ACTIONS.keys() - KINDS.keys()
CREATES: Final = ("threads.ask", "threads.reply", "ideas.propose", "ideas.comment")
