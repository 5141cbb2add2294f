"""A thread in the reading pane: the question, its posts, and what the member can do to each, online or not."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from rackside import words
from rackside.kit import signals, theme
from rackside.kit.cards import Badge, StateView, button, column, line, refill, row
from rackside.kit.markdown import SafeHtml, to_safe_html
from rackside.kit.panel import Panel
from rackside.kit.slices import Context
from rackside.kit.text import ElidedLabel, PlainLabel, confirm, tooltip
from rackside.kit.writing import WritingLine
from rackside.store import Store, pins
from rackside.threads.data import PostView, ThreadView, Writing, load_thread
from rackside.threads.panel_composer import Composer
from rackside.threads.panel_evidence import EvidenceList
from rackside.threads.panel_message import context_card, message, text
from rackside.threads.panel_packed import counted, where_from
from rackside.threads.panel_worth import asked_for, freshness_button, trial_buttons, worth_of
from rackside_protocol.ids import Id, new_id
from rackside_protocol.threads import Accept, Delete, MeToo, Reply, VoteHelpful

FIRST_POSTS = 30
"""Posts built at once; more come at a click, so that a thread of 1,000 opens as fast as one of ten."""


class ThreadPage(Panel):
    """One thread. Keys: V votes for the question, R goes to the reply box, P pins."""

    TOPICS = frozenset(
        {
            "thread",
            "post",
            "evidence",
            "fix_record",
            "packed_answer",
            "membership",
            "my_vote",
            "member",
            "outbox",
            "pins",
            "alerts",
            "trials",
            "help_wanted",
            "theme",
        }
    )

    def __init__(self, context: Context, thread: Id) -> None:
        super().__init__()
        self._context = context
        self._thread = thread
        self._view: ThreadView | None = None
        self._shown = FIRST_POSTS
        self._evidence: EvidenceList | None = None
        waiting = StateView("loading", "Reading the thread from this machine.")
        self._content = column(waiting, None, gap=12, margins=(24, 20, 24, 20))
        self.setLayout(self._content)
        self._pin = button("", self._toggle_pin, kind="quiet", icon_name="pin")
        self._pin.setCheckable(True)
        self._pin.hide()
        self._composer = Composer(
            context, f"reply:{thread}", "Reply in Markdown… saved as a draft, sent when online", "Reply", self._reply
        )

    def foot(self) -> QWidget:
        """Keep the reply box below the posts."""
        return self._composer

    def actions_shown(self) -> list[QWidget]:
        """Offer to pin the thread."""
        return [self._pin]

    def title(self) -> str:
        """Say where the thread stands."""
        if self._view is None:
            return "Question"
        noun = "How-to" if self._view.thread.how_to else "Question"
        return f"{self._view.group} \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK} {noun}"

    def refresh(self, topics: frozenset[str]) -> None:
        """Read the thread again on a worker, with its texts made safe there."""
        del topics
        palette, thread, me = theme.palette(), self._thread, self._context.me()

        def read(store: Store) -> tuple[ThreadView | None, dict[Id, SafeHtml]]:
            view = load_thread(store, thread, me)
            if view is None:
                return None, {}
            texts = {view.thread.id: to_safe_html(view.thread.body, palette)}
            texts |= {each.post.id: to_safe_html(each.post.body, palette) for each in view.posts[: self._shown]}
            return view, texts

        self._context.read(read, self._show, self._failed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """V votes, R replies, P pins."""
        view = self._view
        if view is None or view.packed:
            super().keyPressEvent(event)
        elif event.key() == Qt.Key.Key_V and not view.mine:
            self._vote(view.thread.id, "thread", on=not view.voted)
        elif event.key() == Qt.Key.Key_R:
            self._composer.focus()
        elif event.key() == Qt.Key.Key_P:
            self._toggle_pin()
        else:
            super().keyPressEvent(event)

    def _toggle_pin(self) -> None:
        if self._view is not None and not self._view.packed:
            pins.pin(self._context.store, self._thread, on=not self._view.pinned)
            signals.announce(frozenset({"pins"}))

    def _show_pin(self, view: ThreadView | None) -> None:
        self._pin.setVisible(view is not None and not view.packed)
        pinned = view is not None and view.pinned
        self._pin.setChecked(pinned)
        hint = "Pinned: it stays on this machine. P lets go." if pinned else "Pin: keep it on this machine (P)"
        tooltip(self._pin, hint)
        self._pin.setAccessibleName("Pinned" if pinned else "Pin this thread")

    def _failed(self, error: Exception) -> None:
        failed = f"The thread could not be read: {error}"
        refill(self._content, StateView("error", failed, action="Try again", act=self._again))

    def _again(self) -> None:
        self.refresh(self.TOPICS)

    def _show(self, read: tuple[ThreadView | None, dict[Id, SafeHtml]]) -> None:
        view, texts = read
        self._view = view
        self._show_pin(view)
        self.retitled.emit()
        if view is None:
            gone = "This thread is not on this machine: it was deleted, or it is in a group you do not follow."
            refill(self._content, StateView("empty", gone))
            self._composer.hide()
            return
        widgets: list[QWidget] = [self._head(view)]
        if view.packed:
            widgets.append(where_from(view, self._context))
        if view.wanted is not None:
            widgets.append(asked_for(view.wanted, self._context))
        widgets.append(self._question(view, texts[view.thread.id]))
        for each in view.posts[: self._shown]:
            html = texts.get(each.post.id)
            if html is not None:
                widgets.append(self._post(view, each, html))
        rest = len(view.posts) - self._shown
        if rest > 0:
            widgets.append(button(f"Show {min(rest, FIRST_POSTS)} more of {rest} posts", self._more))
        elif not view.posts:
            first = "Did it work for you?" if view.thread.how_to else "What would you try first?"
            widgets.append(StateView("notice", f"Nobody has replied yet. {first}"))
        self._composer.setVisible(not view.packed)
        refill(self._content, *widgets)

    def _more(self) -> None:
        self._shown += FIRST_POSTS
        self._again()

    def _head(self, view: ThreadView) -> QWidget:
        thread = view.thread
        title = PlainLabel(thread.title, role="title", wrap=True)
        title.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        chips = row(*[Badge(tag) for tag in thread.tags], gap=6)
        if thread.how_to:
            chips.addWidget(Badge("How-to", "info"))
        elif thread.accepted:
            chips.addWidget(Badge("Solved", "ok"))
        deed = "Written" if thread.how_to else "Asked"
        asked = ElidedLabel(
            f"{deed} by {view.author.name} · {words.date(thread.created_ms / 1000)} · {view.group}",
            role="small",
            tone="dim",
        )
        asked.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        chips.addWidget(asked, 1)
        head = QWidget()
        layout = column(title, chips, line(), gap=8)
        if source := thread.source:
            by = f"By {source.author}, {source.licence}, from {source.url}"
            layout.addWidget(PlainLabel(by, role="small", tone="dim", wrap=True))
        head.setLayout(layout)
        return head

    def _question(self, view: ThreadView, html: SafeHtml) -> QWidget:
        thread = view.thread
        body = [text(html, self._context)]
        if thread.capsule:
            body.append(context_card(thread.capsule))
        self._evidence = self._evidence_list(view)
        if self._evidence is not None:
            body.append(self._evidence)
        return message(
            view.author,
            thread.created_ms,
            thread.edited_ms,
            body,
            acts=counted(thread.helpful) if view.packed else self._question_acts(view),
            writing=self._writing(view.writing),
            context=self._context,
        )

    def _question_acts(self, view: ThreadView) -> QHBoxLayout:
        thread = view.thread
        return row(
            self._vote_button(thread.id, "thread", thread.helpful, voted=view.voted, mine=view.mine),
            self._me_too_button(view),
            self._context_button(view),
            *self._own_buttons(thread.id, "thread", mine=view.mine, deletable=not view.posts),
            None,
        )

    def _post(self, view: ThreadView, each: PostView, html: SafeHtml) -> QWidget:
        post = each.post
        said = worth_of(each, self._context)
        return message(
            each.author,
            post.created_ms,
            post.edited_ms,
            [text(html, self._context), *([said] if said else [])],
            acts=self._packed_acts(view, each) if view.packed else self._post_acts(view, each),
            writing=self._writing(each.writing),
            context=self._context,
            accepted=post.accepted,
        )

    def _packed_acts(self, view: ThreadView, each: PostView) -> QHBoxLayout:
        return row(counted(each.post.helpful), *trial_buttons(view, each, self._context), None)

    def _post_acts(self, view: ThreadView, each: PostView) -> QHBoxLayout:
        post = each.post
        acts = row(
            self._vote_button(post.id, "post", post.helpful, voted=each.voted, mine=each.mine),
            button("Reply", lambda: self._composer.answer(each.author.name), kind="link"),
            *trial_buttons(view, each, self._context),
            freshness_button(each, self._context),
        )
        if view.mine and not each.mine and not view.thread.how_to:
            accepted = post.accepted
            label = "Not the answer after all" if accepted else "This solved it"
            chosen = None if accepted else post.id
            acts.addWidget(
                button(
                    label,
                    lambda: self._context.act(Accept(id=new_id(), thread=view.thread.id, post=chosen)),
                    kind="link",
                )
            )
        for own in self._own_buttons(post.id, "post", mine=each.mine, deletable=True):
            acts.addWidget(own)
        acts.addStretch(1)
        return acts

    def _vote_button(self, item: Id, kind: str, count: int, *, voted: bool, mine: bool) -> QWidget:
        made = button(
            f"▲ {words.count(count)}",
            lambda: self._vote(item, kind, on=not voted),
            kind="quiet",
            hint="Nobody votes for her own words." if mine else "Helpful (V)",
        )
        made.setCheckable(True)
        made.setChecked(voted)
        made.setEnabled(not mine)
        made.setAccessibleName(f"Helpful, {count} votes" + (", yours among them" if voted else ""))
        return made

    def _vote(self, item: Id, kind: str, *, on: bool) -> None:
        self._context.act(VoteHelpful(id=new_id(), item=item, item_kind=kind, on=on))  # type: ignore[arg-type]

    def _me_too_button(self, view: ThreadView) -> QWidget:
        count = f" · {words.count(view.thread.me_too)}" if view.thread.me_too else ""
        made = button(
            f"I have this too{count}",
            lambda: self._me_too(view),
            kind="quiet",
        )
        made.setCheckable(True)
        made.setChecked(view.me_too)
        made.setVisible(not view.mine and not view.thread.how_to)
        return made

    def _me_too(self, view: ThreadView) -> None:
        """Say it at once, or take it back; offer the context first where an alert here has the thread's signature."""
        thread = view.thread
        open_here = {alert.signature for alert in self._context.snapshot().alerts if alert.is_open()}
        if not view.me_too and thread.signature and thread.signature in open_here:
            self._context.open_link(f"metoo:{thread.id}")
        else:
            self._context.act(MeToo(id=new_id(), thread=thread.id, on=not view.me_too))

    def _context_button(self, view: ThreadView) -> QWidget:
        given = any(each.evidence.author == self._context.me() for each in view.evidence)
        label = "Change this machine's context" if given else "Add this machine's context"
        made = button(label, lambda: self._context.open_link(f"metoo:{view.thread.id}"), kind="link")
        made.setVisible(not view.mine and not view.thread.how_to)
        return made

    def _evidence_list(self, view: ThreadView) -> EvidenceList | None:
        if not view.evidence:
            return None
        opened = self._evidence is not None and self._evidence.opened
        return EvidenceList(view.thread.me_too, view.evidence, self._context, opened=opened)

    def _own_buttons(self, item: Id, kind: str, *, mine: bool, deletable: bool) -> list[QWidget]:
        if not mine:
            return []
        made: list[QWidget] = [button("Edit", lambda: self._context.open_link(f"edit:{item}"), kind="link")]
        if deletable:
            made.append(button("Delete", lambda: self._delete(item, kind), kind="link"))
        return made

    def _delete(self, item: Id, kind: str) -> None:
        if confirm(self, "Delete", "Take this back for everybody? It cannot be restored.", yes="Delete"):
            self._context.act(Delete(id=new_id(), item=item, item_kind=kind))  # type: ignore[arg-type]

    def _reply(self, text: str) -> bool:
        self._context.act(Reply(id=new_id(), thread=self._thread, body=text))
        return True

    def _writing(self, writing: Writing) -> QWidget | None:
        if not writing.state:
            return None
        return WritingLine(
            writing.state,
            writing.reason,
            retry=lambda: self._context.retry(writing.action),
            dismiss=lambda: self._context.dismiss(writing.action),
        )
