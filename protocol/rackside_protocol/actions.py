"""What an action is: something a person did, written down with its own id before anything is sent."""

from typing import Annotated, TypeAlias

import msgspec

from rackside_protocol.ids import Id, Moment

Title: TypeAlias = Annotated[str, msgspec.Meta(min_length=4, max_length=160)]
Body: TypeAlias = Annotated[str, msgspec.Meta(min_length=1, max_length=16_000)]
"""Markdown source. 16 kB is the most that a console shows of one text."""
Sentence: TypeAlias = Annotated[str, msgspec.Meta(max_length=400)]
Tags: TypeAlias = Annotated[
    list[Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9.+#-]*$", max_length=32)]],
    msgspec.Meta(max_length=5),
]


class Action(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="kind"):
    """The base of every action; the class's tag is its `kind` on the wire, `<feature>.<verb>`.

    `made_ms` is the console's clock, for showing only: no client clock orders anything.
    """

    id: Id
    made_ms: Moment = 0

    @property
    def target(self) -> str:
        """The id of the document that this action changes or answers; its own id when it makes a new one."""
        return self.id


def action_kind(action: type[Action]) -> str:
    """Return the wire name of a class of actions."""
    tag = action.__struct_config__.tag
    if not isinstance(tag, str):
        msg = f"{action.__name__} has no tag"
        raise TypeError(msg)
    return tag
