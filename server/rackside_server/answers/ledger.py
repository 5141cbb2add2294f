"""What a member does with the ledger of verified fixes: check, write, publish. The only writer of these rows."""

from typing import NamedTuple

from django.db.models import Count, Q
from django.db.models.signals import post_save
from django.dispatch import receiver

from rackside_protocol import answers as wire
from rackside_protocol.ids import derived_id
from rackside_protocol.standing import personal_channel
from rackside_server.accounts.models import Member
from rackside_server.accounts.organisation import organisation_of
from rackside_server.answers import records, rules
from rackside_server.answers.models import Outcome, ReportedAlert
from rackside_server.feed.channels import ANSWERS
from rackside_server.feed.clock import now_ms
from rackside_server.feed.handlers import Refused, handles
from rackside_server.feed.publish import announcing, publish, withdraw
from rackside_server.standing.ledger import award, reverse
from rackside_server.threads.models import Post, Thread
from rackside_server.threads.signals import thread_changed


class _Standing(NamedTuple):
    """How an organisation reported: on posts of how many authors, and how often as a clear majority of the others."""

    authors: int
    agreed: int
    judged: int


@handles(wire.ReportOutcome)
def report(member: Member, action: wire.ReportOutcome) -> None:
    """Count a report, in place of an earlier one of the same organisation about the same."""
    if not wire.alert_kind(action.signature):
        raise Refused("unknown_alert", "This is none of the alerts that are counted. Reply in the thread instead.")
    organisation = organisation_of(member)
    post = _post_to_report_on(member, organisation, action.post) if action.post is not None else None
    _hold(action.signature)
    same = Outcome.objects.filter(Q(organisation=organisation) | Q(member=member))
    replaced = list(same.filter(signature=action.signature, post=post))
    for earlier in replaced:
        _take_out(earlier)
    outcome = Outcome.objects.create(
        organisation=organisation,
        member=member,
        signature=action.signature,
        post=post,
        cleared=action.cleared,
        stayed_h=action.stayed_h,
        system=action.system,
        reported_ms=now_ms(),
    )
    if post is not None:
        outcome.weight = _weight(outcome, _standing(organisation))
        outcome.save(update_fields=["weight"])
    publish(records.my_outcome(outcome), personal_channel(member.pk))
    for concerned in sorted({organisation, *(earlier.organisation for earlier in replaced)}):
        _reckon(concerned, post)
    _announce(action.signature, post)


@handles(wire.WithdrawOutcome)
def take_back(member: Member, action: wire.WithdrawOutcome) -> None:
    """Take one's own report out of the count."""
    _hold(action.signature)
    outcome = Outcome.objects.filter(member=member, signature=action.signature, post=action.post).first()
    if outcome is None:
        raise Refused("gone", "The ledger holds no report of yours on this. Another of your organisation may have one.")
    post = _locked(outcome.post) if outcome.post is not None else None
    _take_out(outcome)
    _reckon(outcome.organisation, post)
    _announce(outcome.signature, post)


def weigh(organisation: str) -> int:
    """Bring what an organisation's word is worth up to date; return how many of its reports changed."""
    outcomes = list(
        Outcome.objects.filter(organisation=organisation)
        .exclude(post=None)
        .select_related("member", "post__thread")
        .order_by("pk")
    )
    standing = _standing(organisation)
    changed = [each for each in outcomes if each.weight != _weight(each, standing)]
    for outcome in changed:
        outcome.weight = _weight(outcome, standing)
    Outcome.objects.bulk_update(changed, ["weight"])
    for outcome in changed:
        _announce(outcome.signature, outcome.post)
    return len(changed)


def weigh_all() -> int:
    """Bring what everybody's word is worth up to date; return how many reports changed."""
    names = (
        Outcome.objects.exclude(post=None).order_by("organisation").values_list("organisation", flat=True).distinct()
    )
    changed = 0
    for organisation in list(names):
        with announcing():
            changed += weigh(organisation)
    return changed


@receiver(post_save, sender=Post)
def forget(instance: Post, **_: object) -> None:
    """Take the reports on a post that is taken back out of the ledger, with the points they gave."""
    if not instance.deleted_ms:
        return
    outcomes = list(Outcome.objects.filter(post=instance).order_by("pk"))
    for outcome in outcomes:
        _take_out(outcome)
    for organisation in sorted({outcome.organisation for outcome in outcomes}):
        _reckon(organisation, instance)
    for signature in sorted({outcome.signature for outcome in outcomes}):
        withdraw(wire.fix_record_id(instance.pk, signature), instance.thread.channel)


def _post_to_report_on(member: Member, organisation: str, pk: str) -> Post:
    """Return the post that a member may report on, its thread locked until the transaction ends."""
    post = Post.objects.visible_to(member).select_related("author").filter(pk=pk).first()
    if post is None:
        raise Refused("gone", "This post is not there, or not open to you.")
    if post.author_id == member.pk:
        raise Refused("own", "Whether your own answer works is for others to report. Say in the thread how it went.")
    if organisation_of(post.author) == organisation:
        raise Refused("own", "This answer is from your own organisation. Only reports of others count.")
    return _locked(post)


def _locked(post: Post) -> Post:
    post.thread = Thread.objects.select_for_update(of=("self",)).get(pk=post.thread_id)
    return post


def _hold(signature: str) -> None:
    """Be alone in counting an alert until the transaction ends."""
    ReportedAlert.objects.bulk_create([ReportedAlert(signature=signature)], ignore_conflicts=True)
    ReportedAlert.objects.select_for_update().get(pk=signature)


def _take_out(outcome: Outcome) -> None:
    document = records.my_outcome(outcome)
    outcome.delete()
    withdraw(document.id, personal_channel(outcome.member_id))


def _reckon(organisation: str, post: Post | None) -> None:
    """Give a post's author the points for an organisation that it cured, or take them back."""
    if post is None:
        return
    about = derived_id("verified_fix", post.pk, organisation)
    if any(map(records.counts_as_cleared, Outcome.objects.filter(organisation=organisation, post=post))):
        award(post.author, "verified_fix", about, rules.POINTS_VERIFIED_FIX)
    else:
        reverse(post.author, "verified_fix", about)


def _standing(organisation: str) -> _Standing:
    """Return how an organisation reported so far, beside the others who reported on the same."""
    own = Outcome.objects.filter(organisation=organisation).exclude(post=None)
    did_clear = Q(cleared=True, stayed_h__gte=rules.CLEARED_HOURS)
    others = Outcome.objects.filter(post__in=own.values("post")).exclude(organisation=organisation)
    counted = others.values_list("post", "signature").annotate(tried=Count("pk"), worked=Count("pk", filter=did_clear))
    counts = {(post, signature): (tried, worked) for post, signature, tried, worked in counted}
    reports = list(own.select_related("post"))
    verdicts = [
        rules.agrees(own=records.counts_as_cleared(each), cleared=worked, tried=tried)
        for each in reports
        for tried, worked in [counts.get((each.post_id, each.signature), (0, 0))]
    ]
    judged = [each for each in verdicts if each is not None]
    authors = {each.post.author_id for each in reports if each.post is not None}
    return _Standing(len(authors), sum(judged), len(judged))


def _weight(outcome: Outcome, standing: _Standing) -> int:
    return rules.weight(trust_level=outcome.member.trust_level, **standing._asdict())


def _announce(signature: str, post: Post | None) -> None:
    """Publish what the ledger says now, or that it says nothing any more."""
    channel = ANSWERS if post is None else post.thread.channel
    record = records.alert_record(signature) if post is None else records.fix_record(post.pk, signature)
    if record is not None:
        publish(record, channel)
    else:
        withdraw(wire.alert_record_id(signature) if post is None else wire.fix_record_id(post.pk, signature), channel)
    if post is not None:
        thread_changed.send(Thread, thread=post.thread)
