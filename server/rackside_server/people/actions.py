"""What a member does with her profile: check, write, publish, in one transaction."""

from rackside_protocol import people as wire
from rackside_server.accounts.models import Member
from rackside_server.feed.channels import PUBLIC
from rackside_server.feed.handlers import Refused, handles
from rackside_server.feed.publish import publish
from rackside_server.people import rules
from rackside_server.standing.documents import member_document


@handles(wire.EditProfile)
def edit_profile(member: Member, action: wire.EditProfile) -> None:
    """Change one's own public profile."""
    name = rules.one_line(action.name)
    if not name:
        raise Refused("no_name", "A name has at least one letter. Write the one that others shall see.")
    member.name, member.headline = name, rules.one_line(action.headline)
    member.bio, member.topics = action.bio.strip(), rules.tidy_topics(action.topics)
    member.save(update_fields=["name", "headline", "bio", "topics"])
    publish(member_document(member), PUBLIC)
