"""What stands around a thread that is here with the answer pack only: where it is from, and how to get all of it."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from rackside import words
from rackside.kit.cards import Card, button, column, row
from rackside.kit.plain import plain
from rackside.kit.slices import Context
from rackside.kit.text import PlainLabel
from rackside.threads.data import ThreadView
from rackside_protocol.groups import JoinGroup
from rackside_protocol.ids import new_id


def where_from(view: ThreadView, context: Context) -> QWidget:
    """Say whose thread it is and what is not here, with the one thing to do about it."""
    inside = column(PlainLabel(_sentence(view), tone="dim", wrap=True), gap=8, margins=(12, 10, 12, 10))
    if not view.followed:
        follow = button(
            "Follow this group",
            lambda: context.act(JoinGroup(id=new_id(), group=view.thread.group)),
            hint=f"All threads of {view.group} come with the next sync.",
        )
        follow.setAccessibleName(plain(f"Follow {view.group}"))
        inside.addLayout(row(follow, None))
    holder = QWidget()
    holder.setLayout(inside)
    card = Card("raised", lines=False)
    card.add(holder)
    return card


def counted(helpful: int) -> QHBoxLayout:
    """Return what stands below a text in place of buttons: how many found it helpful."""
    said = f"▲ {words.counted(helpful, 'member')} found it helpful" if helpful else ""
    return row(PlainLabel(said, role="small", tone="dim"), None)


def _sentence(view: ThreadView) -> str:
    rest = view.thread.replies - len(view.posts)
    more = f" The group has {words.count(rest)} more of its replies." if rest > 0 else ""
    if view.followed:
        here = f"Only the best answers of this thread are on this machine.{more}"
        return f"{here} The rest comes with the next sync, or was let go of to save room."
    return f"From a group you do not follow: {view.group}. Its best answers are kept here for your alerts.{more}"
