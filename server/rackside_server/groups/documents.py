"""Rows of groups as documents of the feed."""

from collections.abc import Iterator

from rackside_protocol import groups as wire
from rackside_protocol.documents import Document
from rackside_protocol.standing import personal_channel
from rackside_server.groups.models import Group, GroupMember


def group_document(group: Group) -> wire.Group:
    """Return the document of a group, with its counts as they are now."""
    return wire.Group(
        id=group.id,
        slug=group.slug,
        name=group.name,
        description=group.description,
        private=group.private,
        members=group.memberships.count(),
        threads=group.threads.filter(deleted_ms=0).count(),
    )


def membership_document(membership: GroupMember) -> wire.Membership:
    """Return the document that puts a group's channel on the member's consoles."""
    slug = membership.group.slug
    return wire.Membership(
        id=wire.membership_id(membership.member_id, slug),
        group=slug,
        since_ms=membership.since_ms,
    )


def fresh() -> Iterator[tuple[str, Document]]:
    """Yield every document of groups, made from the rows as they are now, with its channel."""
    for group in Group.objects.all():
        yield group.home, group_document(group)
    for membership in GroupMember.objects.select_related("group"):
        yield personal_channel(membership.member_id), membership_document(membership)
