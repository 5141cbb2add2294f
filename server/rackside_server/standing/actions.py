"""What is done about trust: check, write, publish, in one transaction. Reading and conduct earn it, points never."""

from rackside_server.accounts.models import Member
from rackside_server.accounts.signals import member_changed
from rackside_server.feed.publish import announcing
from rackside_server.standing import rules


def promote(member_id: str, conduct: rules.Conduct, *, members: int) -> int:
    """Raise a member to the trust level that she has earned; nobody is ever lowered.

    Args:
        member_id: who may have earned it.
        conduct: what she has read and done.
        members: how many the community has; a small one asks for less.

    Returns:
        By how many levels she rose; 0 for who is gone.
    """
    earned = rules.trust_level_earned(conduct, members=members)
    with announcing():
        member = Member.objects.select_for_update(no_key=True).filter(pk=member_id, is_active=True).first()
        if member is None or earned <= member.trust_level:
            return 0
        risen = earned - member.trust_level
        member.trust_level = earned
        member.save(update_fields=["trust_level"])
        member_changed.send(Member, member=member)
    return risen
