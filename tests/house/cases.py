"""One case for each kind of action: what comes before it, and who shall see what it did, how many times."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from rackside.store import documents
from rackside_protocol import accounts, answers, groups, heartbeats, ideas, people, sponsors, threads
from rackside_protocol.actions import Action, action_kind
from rackside_protocol.documents import Document
from rackside_protocol.ids import Id, new_id
from rackside_protocol.registry import ACTIONS
from tests.kernel.cast import OPEN_GROUP, PRIVATE_GROUP
from tests.kernel.console import Console

MARK: Final = "Kryptonite"
"""A word in every text of the action under test, by which it is looked for wherever it must not be."""
BESIDE: Final = "weakens"
"""A word beside it, to search for: a page of results repeats what was asked."""
TEXT: Final = f"{MARK} {BESIDE}"


@dataclass
class Scene:
    """The cast with their consoles, all in sync."""

    alice: Console
    bob: Console
    charlie: Console
    staff: Console
    campaign: Id
    notes: dict[str, Id] = field(default_factory=dict)

    @property
    def everybody(self) -> list[Console]:
        """All four consoles."""
        return [self.alice, self.bob, self.charlie, self.staff]

    def all_sync(self) -> None:
        """Bring every console up to date."""
        for each in self.everybody:
            each.syncs()

    def asked(self, by: Console) -> Id:
        """Have somebody ask in the private group; return the thread."""
        ask = threads.Ask(id=new_id(), group=PRIVATE_GROUP, title="How do you price it", body="Per seat?")
        by.does(ask)
        self.all_sync()
        return ask.id

    def replied(self, by: Console, thread: Id) -> Id:
        """Have somebody reply; return the post."""
        reply = threads.Reply(id=new_id(), thread=thread, body="Per device.")
        by.does(reply)
        self.all_sync()
        return reply.id

    def proposed(self, by: Console) -> Id:
        """Have somebody propose a feature; return the idea."""
        propose = ideas.Propose(id=new_id(), title="Dark icons", body="For the dark theme.")
        by.does(propose)
        self.all_sync()
        return propose.id


Shown: TypeAlias = Callable[[Console, Scene, Action], int]
"""How many times a console shows what the action did."""


@dataclass(frozen=True)
class Case:
    """What is done, what it shows as, and to whom. `private` texts may reach nobody outside the group."""

    make: Callable[[Scene], Action]
    shown: Shown
    alice: int = 1
    bob: int = 1
    charlie: int = 0
    private: bool = True


def copies(console: Console, _: Scene, action: Action) -> int:
    """Count the documents that carry the action's own id."""
    return console.copies(action.id)


def saying(kind: type[threads.Thread | threads.Post | ideas.Idea | people.Member], attribute: str) -> Shown:
    """Count the documents of a kind whose text holds the mark."""
    return lambda console, _scene, _action: sum(
        MARK in getattr(each, attribute) for each in documents.of_kind(console.store, kind, limit=1_000)
    )


def counting(attribute: str) -> Shown:
    """Return a document's own count: a vote must count once."""

    def shown(console: Console, _: Scene, action: Action) -> int:
        held = documents.get(console.store, action.target)
        return int(getattr(held, attribute)) if held else 0

    return shown


def mine(kind: type[Document]) -> Shown:
    """Count the documents of a kind about the action's target."""
    return lambda console, _scene, action: sum(
        action.target in {each.parent, each.id} for each in documents.of_kind(console.store, kind, limit=1_000)
    )


def a_reply_of_hers(scene: Scene) -> tuple[Id, Id]:
    """Have bob ask and alice reply; return the thread and the post."""
    thread = scene.asked(scene.bob)
    return thread, scene.replied(scene.alice, thread)


def a_thread_to_accept_in(scene: Scene) -> threads.Accept:
    thread = scene.asked(scene.alice)
    return threads.Accept(id=new_id(), thread=thread, post=scene.replied(scene.bob, thread))


def an_accepted_post(console: Console, _: Scene, action: Action) -> int:
    posts = documents.of_kind(console.store, threads.Post, parent=action.target)
    thread = documents.get(console.store, action.target)
    return sum(each.accepted and getattr(thread, "accepted", None) == each.id for each in posts)


def a_device_of_hers(scene: Scene) -> accounts.RevokeDevice:
    return accounts.RevokeDevice(id=new_id(), device=scene.notes["second device"])


def a_receipt(scene: Scene) -> sponsors.SendReceipt:
    key = documents.of_kind(scene.alice.store, sponsors.ServingKey)[0]
    day = scene.notes["today"]
    token = sponsors.sign_serving(key.secret, sponsors.Serving(key.id, scene.campaign, day, 1))
    return sponsors.SendReceipt(id=new_id(), token=token, day=day, outcome="viewed")


def a_heartbeat_of_hers(scene: Scene) -> Id:
    register = heartbeats.RegisterHeartbeat(id=new_id(), name="nightly backup")
    scene.alice.does(register)
    scene.all_sync()
    scene.notes["address"] = address_of(scene.alice, register.id)
    return register.id


def address_of(console: Console, heartbeat: Id) -> str:
    """Return the address at which a console knows that a job is listened for."""
    held = documents.get(console.store, heartbeat)
    return held.address if isinstance(held, heartbeats.Heartbeat) else ""


def at_another_address(console: Console, scene: Scene, action: Action) -> int:
    return int(address_of(console, action.target) not in {"", scene.notes["address"]})


def nothing(*_: object) -> int:
    return 0


def a_report(scene: Scene) -> answers.ReportOutcome:
    """Somebody else's answer cured her alert."""
    post = scene.replied(scene.bob, scene.asked(scene.bob))
    return answers.ReportOutcome(id=new_id(), signature="disk.used/ext4/", post=post, cleared=True, stayed_h=24)


def a_report_to_withdraw(scene: Scene) -> answers.WithdrawOutcome:
    """She said so too early."""
    report = a_report(scene)
    scene.alice.does(report)
    scene.all_sync()
    return answers.WithdrawOutcome(id=new_id(), signature=report.signature, post=report.post)


def a_question_for_her(scene: Scene) -> answers.DismissHelpWanted:
    """Alice verified a fix, and so is asked when somebody else has the same alert."""
    scene.alice.does(a_report(scene))
    scene.all_sync()
    ask = threads.Ask(id=new_id(), group=PRIVATE_GROUP, title="Full", body="Full.", signature="disk.used/ext4/")
    scene.bob.does(ask)
    scene.all_sync()
    return answers.DismissHelpWanted(id=new_id(), thread=ask.id)


_CASES: Final[list[tuple[type[Action], Case]]] = [
    (
        threads.Ask,
        Case(lambda _: threads.Ask(id=new_id(), group=PRIVATE_GROUP, title=TEXT, body=TEXT, capsule=TEXT), copies),
    ),
    (
        threads.Reply,
        Case(lambda scene: threads.Reply(id=new_id(), thread=scene.asked(scene.bob), body=TEXT), copies),
    ),
    (
        threads.EditThread,
        Case(
            lambda scene: threads.EditThread(id=new_id(), thread=scene.asked(scene.alice), title=TEXT, body=TEXT),
            saying(threads.Thread, "title"),
        ),
    ),
    (
        threads.EditPost,
        Case(
            lambda scene: threads.EditPost(id=new_id(), post=a_reply_of_hers(scene)[1], body=TEXT),
            saying(threads.Post, "body"),
        ),
    ),
    (
        threads.Delete,
        Case(
            lambda scene: threads.Delete(id=new_id(), item=a_reply_of_hers(scene)[1], item_kind="post"),
            lambda console, _, action: console.copies(action.target),
            alice=0,
            bob=0,
        ),
    ),
    (
        threads.VoteHelpful,
        Case(
            lambda scene: threads.VoteHelpful(id=new_id(), item=scene.asked(scene.bob), item_kind="thread", on=True),
            counting("helpful"),
        ),
    ),
    (threads.Accept, Case(a_thread_to_accept_in, an_accepted_post)),
    (
        threads.MeToo,
        Case(
            lambda scene: threads.MeToo(id=new_id(), thread=scene.asked(scene.bob), on=True, capsule="Alert: <host>"),
            counting("me_too"),
        ),
    ),
    (
        threads.Mark,
        Case(
            lambda scene: threads.Mark(
                id=new_id(), post=scene.replied(scene.bob, scene.asked(scene.bob)), freshness="works"
            ),
            counting("works"),
        ),
    ),
    (answers.ReportOutcome, Case(a_report, mine(answers.MyOutcome), bob=0)),
    (answers.WithdrawOutcome, Case(a_report_to_withdraw, mine(answers.MyOutcome), alice=0, bob=0)),
    (answers.DismissHelpWanted, Case(a_question_for_her, mine(answers.HelpWanted), alice=0, bob=0)),
    (
        groups.JoinGroup,
        Case(lambda _: groups.JoinGroup(id=new_id(), group="windows-admins"), mine(groups.Membership), bob=0),
    ),
    (
        groups.LeaveGroup,
        Case(
            lambda _: groups.LeaveGroup(id=new_id(), group=PRIVATE_GROUP),
            lambda console, *_: len([name for _, name in console.held() if name == f"group:{PRIVATE_GROUP}"]) and 1,
            alice=0,
        ),
    ),
    (
        ideas.Propose,
        Case(lambda _: ideas.Propose(id=new_id(), title=TEXT, body=TEXT), copies, charlie=1, private=False),
    ),
    (
        ideas.VoteIdea,
        Case(
            lambda scene: ideas.VoteIdea(id=new_id(), idea=scene.proposed(scene.bob), on=True),
            lambda console, scene, action: counting("votes")(console, scene, action) - 1,
            charlie=1,
            private=False,
        ),
    ),
    (
        ideas.CommentIdea,
        Case(
            lambda scene: ideas.CommentIdea(id=new_id(), idea=scene.proposed(scene.bob), body=TEXT),
            copies,
            charlie=1,
            private=False,
        ),
    ),
    (
        ideas.SetIdeaState,
        Case(
            lambda scene: ideas.SetIdeaState(
                id=new_id(), idea=scene.proposed(scene.bob), state="declined", reason=TEXT
            ),
            saying(ideas.Idea, "reason"),
            charlie=1,
            private=False,
        ),
    ),
    (
        people.EditProfile,
        Case(
            lambda _: people.EditProfile(id=new_id(), name="Alice", headline=TEXT),
            saying(people.Member, "headline"),
            charlie=1,
            private=False,
        ),
    ),
    (accounts.RevokeDevice, Case(a_device_of_hers, mine(accounts.Device), alice=0, bob=0)),
    (
        heartbeats.RegisterHeartbeat,
        Case(lambda _: heartbeats.RegisterHeartbeat(id=new_id(), name="nightly backup"), copies, bob=0),
    ),
    (
        heartbeats.RenewHeartbeat,
        Case(
            lambda scene: heartbeats.RenewHeartbeat(id=new_id(), heartbeat=a_heartbeat_of_hers(scene)),
            at_another_address,
            bob=0,
        ),
    ),
    (
        heartbeats.RemoveHeartbeat,
        Case(
            lambda scene: heartbeats.RemoveHeartbeat(id=new_id(), heartbeat=a_heartbeat_of_hers(scene)),
            lambda console, _, action: console.copies(action.target),
            alice=0,
            bob=0,
        ),
    ),
    (sponsors.SendReceipt, Case(a_receipt, nothing, alice=0, bob=0)),
]
CASES: Final = {action_kind(kind): case for kind, case in _CASES}
UNCOVERED: Final = ACTIONS.keys() - CASES.keys()
STAFF_ONLY: Final = {"ideas.set_state"}
"""What alice does as a member of the staff."""
OPEN: Final = OPEN_GROUP
