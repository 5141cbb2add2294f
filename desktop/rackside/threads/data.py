"""Threads as they are shown: lists a page at a time, and one thread whole, each overlaid with the outbox."""

from collections.abc import Sequence
from dataclasses import dataclass

from rackside.store import Store, documents, local, members, outbox, pins, trials
from rackside.store.documents import ThreadFilter
from rackside.store.outbox import Pending
from rackside.store.trials import Trial
from rackside.threads import overlay
from rackside.watch.model import Alert
from rackside_protocol.answers import (
    DismissHelpWanted,
    FixRecord,
    HelpWanted,
    PackedAnswer,
    alert_kind,
    help_wanted_id,
    packed_answer_id,
)
from rackside_protocol.groups import Group, Membership
from rackside_protocol.ids import Id
from rackside_protocol.people import Member
from rackside_protocol.standing import MyVote
from rackside_protocol.threads import Evidence, Freshness, Post, Reply, Thread

MOST_POSTS = 2_000
MOST_EVIDENCE = 500
MOST_VOTES = 20_000
MOST_GROUPS = 10_000


@dataclass(frozen=True)
class Writing:
    """How far something she wrote is: `state` as in the outbox, empty when the server has it; `reason` when refused."""

    action: Id = ""
    state: str = ""
    reason: str = ""


@dataclass(frozen=True)
class ThreadRow:
    """A thread in a list."""

    thread: Thread
    author: Member
    group: str
    writing: Writing


@dataclass(frozen=True)
class PostView:
    """A post as it is shown under its question.

    `record` is what the ledger says of it, `trial` that it is being tried here, and `marked` what she said of whether
    it still works.
    """

    post: Post
    author: Member
    mine: bool
    voted: bool
    writing: Writing
    record: FixRecord | None = None
    trial: Trial | None = None
    marked: Freshness = ""


@dataclass(frozen=True)
class EvidenceView:
    """The context of a machine that has it, too; `pending` while the server does not have it."""

    evidence: Evidence
    author: Member
    pending: bool


@dataclass(frozen=True)
class ThreadView:
    """A thread whole. `posts` stand accepted first, then in the order they were written.

    One that is `packed` is here with the answer pack only: its best posts, to be read. `followed` says whether its
    group is, or will be with what waits in the outbox. `alerts` are those open here on which its posts may be tried,
    those of its own kind alone if there are any; `wanted` says why she is asked to look at it.
    """

    thread: Thread
    author: Member
    group: str
    mine: bool
    voted: bool
    me_too: bool
    writing: Writing
    posts: tuple[PostView, ...]
    pinned: bool = False
    packed: bool = False
    followed: bool = True
    evidence: tuple[EvidenceView, ...] = ()
    alerts: tuple[Alert, ...] = ()
    wanted: HelpWanted | None = None


def load_rows(
    store: Store, me: Id, which: ThreadFilter = "newest", *, offset: int = 0, limit: int = 50
) -> list[ThreadRow]:
    """Load one page of threads, newest activity first; her own unsent questions stand before the first page."""
    pending = outbox.pending(store)
    found = documents.threads(store, which, me=me, offset=offset, limit=limit)
    if offset == 0 and which != "unanswered":
        known = {thread.id for thread in found}
        among = set(pins.pinned(store)) if which == "pinned" else None
        unsent = [thread for thread in overlay.asked(pending, me) if among is None or thread.id in among]
        found = [thread for thread in unsent if thread.id not in known] + found
    shown = [
        each
        for thread in found
        if (each := overlay.show_thread(thread, pending, voted=False, me_too=False)) is not None
    ]
    authors = members.by_id(store, {thread.author for thread in shown})
    groups = group_names(store)
    return [
        ThreadRow(thread, authors[thread.author], groups.get(thread.group, thread.group), writing(pending, thread.id))
        for thread in shown
    ]


def load_thread(store: Store, thread_id: Id, me: Id) -> ThreadView | None:
    """Load a thread with its posts; from the answer pack where that is all there is; None when nothing is here."""
    pending = outbox.pending(store)
    held = documents.get(store, thread_id)
    if not isinstance(held, Thread):
        held = next((each for each in overlay.asked(pending, me) if each.id == thread_id), None)
    if held is None:
        return _load_packed(store, thread_id, pending, me)
    cast = my_votes(store)
    in_documents = {ballot: (thread_id, ballot) in cast for ballot in ("helpful", "me_too")}
    thread = overlay.show_thread(held, pending, voted=in_documents["helpful"], me_too=in_documents["me_too"])
    if thread is None:
        return None
    posts = _posts(store, thread, pending, cast, me)
    author = members.by_id(store, {thread.author})[thread.author]
    return ThreadView(
        thread,
        author,
        group_names(store).get(thread.group, thread.group),
        mine=thread.author == me,
        voted=wants(pending, "threads.vote", thread_id, otherwise=in_documents["helpful"]),
        me_too=wants(pending, "threads.me_too", thread_id, otherwise=in_documents["me_too"]),
        writing=writing(pending, thread_id),
        posts=tuple(posts),
        pinned=pins.is_pinned(store, thread_id),
        evidence=_evidence(store, thread_id, pending, me),
        alerts=_alerts(store, thread),
        wanted=_wanted(store, thread_id, pending, me),
    )


def _wanted(store: Store, thread_id: Id, pending: Sequence[Pending], me: Id) -> HelpWanted | None:
    """Return why she is asked to look at a thread, unless she replied to it or put it aside since."""
    held = documents.get(store, help_wanted_id(me, thread_id))
    done = any(
        isinstance(entry.action, DismissHelpWanted | Reply)
        and entry.action.thread == thread_id
        and entry.state != "refused"
        for entry in pending
    )
    return held if isinstance(held, HelpWanted) and not done else None


def _evidence(store: Store, thread_id: Id, pending: Sequence[Pending], me: Id) -> tuple[EvidenceView, ...]:
    held = documents.of_kind(store, Evidence, parent=thread_id, limit=MOST_EVIDENCE)
    known = set(held)
    shown = overlay.show_evidence(held, pending, thread_id, me)
    authors = members.by_id(store, {each.author for each in shown})
    return tuple(EvidenceView(each, authors[each.author], pending=each not in known) for each in shown)


def _load_packed(store: Store, thread_id: Id, pending: Sequence[Pending], me: Id) -> ThreadView | None:
    """Load what the answer pack holds of a thread."""
    packed = documents.get(store, packed_answer_id(thread_id))
    if not isinstance(packed, PackedAnswer):
        return None
    thread = packed.thread
    authors = members.by_id(store, {thread.author, *(post.author for post in packed.posts)})
    followed = {membership.group for membership in documents.of_kind(store, Membership, limit=MOST_GROUPS)}
    records, tried = _records(packed.records, thread), _tried(store, thread_id)
    joined = {entry.action.target for entry in pending if entry.kind == "groups.join" and entry.state != "refused"}
    return ThreadView(
        thread,
        authors[thread.author],
        group_names(store).get(thread.group, thread.group),
        mine=thread.author == me,
        voted=False,
        me_too=False,
        writing=Writing(),
        posts=tuple(
            PostView(
                post,
                authors[post.author],
                mine=post.author == me,
                voted=False,
                writing=Writing(),
                record=records.get(post.id),
                trial=tried.get(post.id),
            )
            for post in packed.posts
        ),
        packed=True,
        alerts=_alerts(store, thread),
        followed=thread.group in followed | joined,
    )


def load_groups(store: Store) -> list[Group]:
    """Load the groups there are, by name."""
    return sorted(documents.of_kind(store, Group, limit=1_000), key=lambda group: group.name.casefold())


def group_names(store: Store) -> dict[str, str]:
    """Return the name of each group by its slug."""
    return {group.slug: group.name for group in load_groups(store)}


def my_votes(store: Store) -> set[tuple[Id, str]]:
    """Return the votes that the server holds of her: (item, ballot)."""
    return {(vote.item, vote.ballot) for vote in documents.of_kind(store, MyVote, limit=MOST_VOTES)}


def wants(pending: Sequence[Pending], kind: str, item: Id, *, otherwise: bool) -> bool:
    """Return what she last chose in a set of on and off about an item: the outbox's word, else the server's."""
    chosen = [
        bool(getattr(entry.action, "on", False))
        for entry in pending
        if entry.kind == kind and entry.action.target == item and entry.state != "refused"
    ]
    return chosen[-1] if chosen else otherwise


def writing(pending: Sequence[Pending], item: Id) -> Writing:
    """Return how far the newest thing is that she did to an item, or that made it."""
    about = [entry for entry in pending if item in {entry.action.id, entry.action.target}]
    own = [entry for entry in about if entry.kind != "threads.reply" or entry.action.id == item]
    if not own:
        return Writing()
    newest = own[-1]
    return Writing(newest.action.id, newest.state, newest.message)


def _posts(
    store: Store, thread: Thread, pending: Sequence[Pending], cast: set[tuple[Id, str]], me: Id
) -> list[PostView]:
    held = documents.of_kind(store, Post, parent=thread.id, order="oldest", limit=MOST_POSTS)
    records = _records(documents.of_kind(store, FixRecord, parent=thread.id, limit=MOST_POSTS), thread)
    tried = _tried(store, thread.id)
    known = {post.id for post in held}
    held += [post for post in overlay.replied(pending, thread.id, me) if post.id not in known]
    shown = [
        each
        for post in held
        if (each := overlay.show_post(post, pending, voted=(post.id, "helpful") in cast, marked=_marked(cast, post)))
        is not None
    ]
    shown.sort(key=lambda post: (not post.accepted, post.created_ms, post.id))
    authors = members.by_id(store, {post.author for post in shown})
    return [
        PostView(
            post,
            authors[post.author],
            mine=post.author == me,
            voted=wants(pending, "threads.vote", post.id, otherwise=(post.id, "helpful") in cast),
            writing=writing(pending, post.id),
            record=records.get(post.id),
            trial=tried.get(post.id),
            marked=overlay.marked(pending, post.id, otherwise=_marked(cast, post)),
        )
        for post in shown
    ]


def _marked(cast: set[tuple[Id, str]], post: Post) -> Freshness:
    return next((each for each in ("works", "outdated") if (post.id, each) in cast), "")


def _records(records: Sequence[FixRecord], thread: Thread) -> dict[Id, FixRecord]:
    """Return for each post what the ledger says of it for the thread's own alert, else for the one tried most."""
    ordered = sorted(records, key=lambda each: (each.signature == thread.signature, each.all.tried))
    return {each.post: each for each in ordered}


def _tried(store: Store, thread: Id) -> dict[Id, Trial]:
    return {each.post: each for each in trials.trials(store, thread=thread)}


def _alerts(store: Store, thread: Thread) -> tuple[Alert, ...]:
    found = [each for each in local.open_alerts(store) if alert_kind(each.signature)]
    same = [each for each in found if alert_kind(each.signature) == alert_kind(thread.signature)]
    return tuple(same or found)
