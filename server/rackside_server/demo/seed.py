"""Tell the demo community to the server: as actions of its members, in the order of time, by a clock set back.

Twice in a row changes nothing: what is made has an id derived from its key, and an action is carried out once.
"""

from collections.abc import Iterator

from rackside_server.accounts.actions import join
from rackside_server.accounts.models import Member
from rackside_server.demo import content
from rackside_server.demo.acts import (
    DAY_MS,
    Act,
    demo_id,
    idea_acts,
    in_order,
    ledger_acts,
    member_acts,
    thread_acts,
    untreated_acts,
)
from rackside_server.feed import clock
from rackside_server.feed.handlers import carry_out
from rackside_server.feed.limits import lifted
from rackside_server.feed.publish import announcing
from rackside_server.groups import actions as groups
from rackside_server.groups.models import Group
from rackside_server.sponsors import actions as sponsors
from rackside_server.sponsors import rules as sponsor_rules
from rackside_server.sponsors.models import Campaign, Vendor

WRITTEN_BEFORE = "conflict"
"""An earlier version of the demo told this act in other words: what it told stays."""


class DemoError(Exception):
    """A text of the demo community asks for what the rules refuse."""


def seed() -> None:
    """Make the demo community, or what is missing of it.

    Raises:
        DemoError: a text asks for what the rules refuse.
        msgspec.ValidationError: a text is not as its class says.
    """
    now_ms = clock.now_ms()
    with announcing(), lifted():
        _make_groups(now_ms)
        cast = {each.handle: _make_member(each, now_ms) for each in content.read("members", "member", content.Member)}
        _invite(cast)
        _make_sponsors(now_ms)
        staff = next(member.handle for member in cast.values() if member.is_staff)
        for act in in_order(_acts(staff, now_ms), now_ms):
            _carry_out(cast[act.handle], act)


def _acts(staff: str, now_ms: int) -> Iterator[Act]:
    for member in content.read("members", "member", content.Member):
        yield from member_acts(member, now_ms)
    members = [each for each in content.read("members", "member", content.Member) if each.system]
    alerts = {each.kind: each for each in content.read("alerts", "alert", content.Alert)}
    for thread in content.threads():
        yield from thread_acts(thread, now_ms)
        if thread.signature:
            yield from ledger_acts(thread, alerts[thread.signature], members, now_ms)
    for alert in alerts.values():
        yield from untreated_acts(alert, members, now_ms)
    for idea in content.read("ideas", "idea", content.Idea):
        yield from idea_acts(idea, staff, now_ms)


def _carry_out(member: Member, act: Act) -> None:
    with clock.at(int(act.at_ms)):
        outcome = carry_out(member, act.action)
    if outcome.result == "refused" and outcome.reason != WRITTEN_BEFORE:
        raise DemoError(f"{act.handle}, {act.action}: {outcome.message}")


def _make_groups(now_ms: int) -> None:
    """Make the groups; who is a member already, such as the owner of an embedded server, follows the new ones."""
    first_ms = now_ms - max(each.joined_days_ago for each in content.read("members", "member", content.Member)) * DAY_MS
    for position, each in enumerate(content.read("groups", "group", content.Group)):
        pk = demo_id("group", each.slug)
        if Group.objects.filter(slug=each.slug).exists():
            continue
        with clock.at(int(first_ms)):
            group = Group(
                id=pk,
                slug=each.slug,
                name=each.name,
                description=each.description,
                private=each.private,
                position=position,
            )
            groups.save_group(group)
        if not group.private:
            for member in Member.objects.all():
                groups.admit(group, member)


def _make_member(each: content.Member, now_ms: int) -> Member:
    pk = demo_id("member", each.handle)
    member = Member.objects.filter(pk=pk).first()
    if member is not None:
        return member
    with clock.at(int(now_ms - each.joined_days_ago * DAY_MS)):
        return join(
            each.handle,
            id=pk,
            name=each.name,
            trust_level=each.trust_level,
            vendor=each.vendor,
            is_staff=each.staff,
        )


def _invite(cast: dict[str, Member]) -> None:
    for each in content.read("groups", "group", content.Group):
        group = Group.objects.get(slug=each.slug)
        for handle in each.members:
            groups.admit(group, cast[handle])


def _make_sponsors(now_ms: int) -> None:
    for vendor in content.read("sponsors", "vendor", content.Vendor):
        if not Vendor.objects.filter(slug=vendor.slug).exists():
            pk = demo_id("vendor", vendor.slug)
            row = Vendor(id=pk, slug=vendor.slug, name=vendor.name, url=vendor.url, about=vendor.about)
            sponsors.save_vendor(row)
    for each in content.read("sponsors", "campaign", content.Campaign):
        pk = demo_id("campaign", each.key)
        if not Campaign.objects.filter(pk=pk).exists():
            _run(_campaign(pk, each, now_ms))


def _campaign(pk: str, each: content.Campaign, now_ms: int) -> Campaign:
    starts_ms = int(now_ms - each.days_ago_start * DAY_MS)
    return Campaign(
        id=pk,
        vendor=Vendor.objects.get(slug=each.vendor),
        tier=each.tier,
        title=each.title,
        body=each.body,
        link=each.link,
        terms=each.terms,
        never_if=each.never_if,
        ecpm=each.ecpm,
        goal=each.impressions_goal,
        starts_at=sponsor_rules.moment(starts_ms),
        ends_at=sponsor_rules.moment(int(starts_ms + each.days_run * DAY_MS)),
    )


def _run(campaign: Campaign) -> None:
    """Take a campaign through its review."""
    sponsors.save_campaign(campaign)
    sponsors.submit(campaign)
    sponsors.approve(campaign)
