"""What is done with groups: check, write, publish, in one transaction. The only writer of these rows."""

from typing import TYPE_CHECKING

from django.db.models.signals import post_save
from django.dispatch import receiver

from rackside_protocol import groups as wire
from rackside_protocol.ids import new_id
from rackside_protocol.standing import personal_channel
from rackside_server.accounts.models import Member
from rackside_server.accounts.signals import member_joined
from rackside_server.feed.clock import now_ms
from rackside_server.feed.handlers import Refused, handles
from rackside_server.feed.publish import publish, withdraw
from rackside_server.groups.documents import group_document, membership_document
from rackside_server.groups.models import Group, GroupMember

if TYPE_CHECKING:
    from rackside_server.threads.models import Thread


@handles(wire.JoinGroup)
def join(member: Member, action: wire.JoinGroup) -> None:
    """Follow a public group. To somebody who is not in it, a private group is not there."""
    group = Group.objects.visible_to(member).filter(slug=action.group).first()
    if group is None:
        raise Refused("gone", "There is no such group, or it is joined by invitation of the staff only.")
    admit(group, member)


@handles(wire.LeaveGroup)
def leave(member: Member, action: wire.LeaveGroup) -> None:
    """Stop following a group; leaving one that is not followed changes nothing."""
    membership = GroupMember.objects.filter(member=member, group__slug=action.group).select_related("group").first()
    if membership is not None:
        dismiss(membership)


def admit(group: Group, member: Member) -> GroupMember:
    """Make a member follow a group: by her own wish, by default, or by invitation in the admin."""
    membership, is_new = GroupMember.objects.get_or_create(group=group, member=member, defaults={"since_ms": now_ms()})
    if is_new:
        publish(membership_document(membership), personal_channel(member.pk))
        publish_group(group)
    return membership


def dismiss(membership: GroupMember) -> None:
    """Make a member stop following a group; its channel leaves her consoles at the next sync."""
    document = membership_document(membership)
    membership.delete()
    withdraw(document.id, personal_channel(membership.member_id))
    publish_group(membership.group)


@receiver(member_joined)
def welcome(member: Member, **_: object) -> None:
    """Make a new member follow the default groups."""
    for group in Group.objects.filter(default=True, private=False):
        admit(group, member)


def save_group(group: Group) -> None:
    """Make a group or change its words; the slug of one that exists stays, as it names its channel."""
    if not group.pk:
        group.pk = new_id()
    group.save()
    publish_group(group)


@receiver(post_save, sender="threads.Thread")
def count_threads(instance: "Thread", update_fields: frozenset[str] | None, **_: object) -> None:
    """Publish a group anew when a thread came or went; a thread that only changes says which fields."""
    if update_fields is None:
        publish_group(instance.group)


def publish_group(group: Group) -> None:
    """Publish a group as it is now, where those who may know of it read."""
    publish(group_document(group), group.home)
