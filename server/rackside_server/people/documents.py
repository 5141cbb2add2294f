"""Members as documents of the feed. A profile carries its member's points, so standing makes it."""

from collections.abc import Iterator

from rackside_protocol.documents import Document
from rackside_server.accounts.models import Member
from rackside_server.feed.channels import PUBLIC
from rackside_server.standing.documents import member_document

__all__ = ["every_document", "member_document"]


def every_document() -> Iterator[tuple[str, Document]]:
    """Yield each channel and document that the feed holds of people, made anew from the rows."""
    for member in Member.objects.all():
        yield PUBLIC, member_document(member)
