"""Members by the thousand, for importers: people who wrote elsewhere and cannot sign in here."""

from collections.abc import Iterable

from rackside_server.accounts.models import Member
from rackside_server.feed.channels import PUBLIC
from rackside_server.feed.publish import announcing, publish
from rackside_server.standing.documents import member_document
from rackside_server.standing.models import Total

NO_PASSWORD = "!"  # noqa: S105 - Django's mark of a password that nothing matches


def add_members(members: Iterable[Member]) -> int:
    """Add and announce members who are not there yet; return how many were new."""
    listed = {member.pk: member for member in members}
    held = set(Member.objects.filter(pk__in=listed).values_list("pk", flat=True))
    new = [member for member in listed.values() if member.pk not in held]
    for member in new:
        member.password = NO_PASSWORD
    with announcing():
        Member.objects.bulk_create(new)
        for member in new:
            publish(member_document(member, Total()), PUBLIC)
    return len(new)
