"""What a document is: one thing the community made, carried whole in the feed and mirrored on each console."""

import msgspec

from rackside_protocol.ids import Id, Moment


class Document(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="kind"):
    """The base of every document; the class's tag is its `kind` on the wire."""

    id: Id

    @property
    def kind(self) -> str:
        """The wire name of this kind of document."""
        return kind_of(type(self))

    @property
    def parent(self) -> str:
        """The id or slug that lists of this kind are asked by: a post's thread, a thread's group; else empty."""
        return ""

    @property
    def moment_ms(self) -> Moment:
        """The time by which lists of this kind are ordered."""
        return 0

    @property
    def words(self) -> tuple[str, str, str]:
        """Title, body and tags as a search index takes them."""
        return "", "", ""


def kind_of(document: type[Document]) -> str:
    """Return the wire name of a class of documents."""
    tag = document.__struct_config__.tag
    if not isinstance(tag, str):
        msg = f"{document.__name__} has no tag"
        raise TypeError(msg)
    return tag
