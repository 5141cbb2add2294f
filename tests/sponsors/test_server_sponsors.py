"""How a campaign comes to be shown, and which receipts count."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from rackside_protocol.ids import new_id
from rackside_protocol.sponsors import MAX_SERVINGS_A_DAY, SendReceipt, Serving, sign_serving
from rackside_server.accounts.actions import note_seen, open_device
from rackside_server.accounts.models import Member
from rackside_server.feed import clock
from rackside_server.feed.handlers import Refused
from rackside_server.sponsors import actions, rules
from rackside_server.sponsors.models import Campaign, Receipt, Report, ServingKey, Vendor
from tests.people.community import DAY_MS, ROLES, Community, did, feed, fresh, refused

pytestmark = pytest.mark.django_db


def made(**fields: object) -> Campaign:
    vendor = Vendor.objects.filter(slug="northvault").first() or Vendor(slug="northvault", name="Northvault")
    actions.save_vendor(vendor)
    terms: dict[str, object] = {
        "vendor": vendor,
        "title": "Move cold files off",
        "body": "To cheaper storage.",
        "link": "https://northvault.example/tiering",
        "terms": ["disk.used"],
        **fields,
    }
    campaign = Campaign(**terms)
    actions.save_campaign(campaign)
    return campaign


def shown() -> Campaign:
    campaign = made()
    actions.submit(campaign)
    actions.approve(campaign)
    return campaign


def receipt(
    member: Member, campaign: Campaign, outcome: str = "viewed", *, serial: int = 1, days_ago: int = 0
) -> SendReceipt:
    key = actions.give_key(member)
    day = (rules.day_of(clock.now_ms()) - timedelta(days=days_ago)).isoformat()
    token = sign_serving(key.secret, Serving(key.id, campaign.pk, day, serial))
    return SendReceipt(id=new_id(), token=token, day=day, outcome=outcome)


@pytest.fixture
def mid_month() -> int:
    """A moment in the middle of a month: 2026-06-15T12:00Z."""
    return 1_781_524_800_000


@pytest.fixture(autouse=True)
def at_mid_month(mid_month: int) -> Iterator[None]:
    with clock.at(mid_month):
        yield


class TestReview:
    def test_a_campaign_is_shown_only_while_approved(self) -> None:
        campaign = made()
        steps: list[tuple[Callable[[Campaign], None], str]] = [
            (actions.submit, "in_review"),
            (actions.approve, "approved"),
            (actions.save_campaign, "in_review"),
            (actions.approve, "approved"),
            (lambda each: actions.reject(each, "It promises too much."), "rejected"),
            (actions.submit, "in_review"),
            (actions.end, "ended"),
        ]
        for step, state in steps:
            step(campaign)
            assert Campaign.objects.get(pk=campaign.pk).state == state
            assert Campaign.objects.visible_to(None).exists() == (state == "approved")

    @pytest.mark.parametrize("step", [actions.approve, lambda each: actions.reject(each, "No.")])
    def test_a_draft_is_not_reviewed(self, step: Callable[[Campaign], None]) -> None:
        with pytest.raises(Refused):
            step(made())

    @pytest.mark.parametrize(
        "fields",
        [
            {"title": "x" * (rules.TITLE_CHARACTERS + 1)},
            {"title": " "},
            {"body": "x" * (rules.BODY_CHARACTERS + 1)},
            {"body": "two\nlines"},
            {"link": "http://plain.example"},
            {"link": "javascript:alert(1)"},
            {"link": "https://user:word@host.example"},
            {"link": "https://[broken"},
            {"terms": ["Not Lower"]},
            {"terms": ["x"] * (rules.TERMS + 1)},
            {"never_if": [""]},
        ],
    )
    def test_a_creative_that_breaks_the_rules_is_refused(self, fields: dict[str, object]) -> None:
        with pytest.raises(Refused):
            made(**fields)

    def test_a_vendors_member_sees_its_drafts_and_others_do_not(self, community: Community) -> None:
        made()
        assert {role for role in ROLES if Campaign.objects.visible_to(community.member(role)).exists()} == {
            "vendor",
            "staff",
        }

    def test_one_that_is_over_is_ended(self, mid_month: int) -> None:
        campaign = shown()
        Campaign.objects.filter(pk=campaign.pk).update(ends_at=rules.moment(mid_month - DAY_MS))
        assert actions.end_finished() == 1
        assert not Campaign.objects.visible_to(None).exists()


class TestReceipts:
    def test_a_view_is_counted_once_and_without_the_member(self, community: Community) -> None:
        campaign = shown()
        for _ in range(2):
            did(community.other, receipt(community.other, campaign))
        assert Receipt.objects.get().campaign == campaign
        assert not {"member", "key"} & {field.name for field in Receipt._meta.get_fields()}

    @pytest.mark.parametrize("role", ["staff", "vendor"])
    def test_staffs_and_vendors_own_are_taken_and_not_counted(self, role: str, community: Community) -> None:
        campaign = shown()
        for outcome in ("viewed", "clicked", "dismissed"):
            did(community.member(role), receipt(community.member(role), campaign, outcome))
        assert not Receipt.objects.exists()

    def test_a_click_counts_only_after_a_view(self, community: Community) -> None:
        campaign = shown()
        assert refused(community.other, receipt(community.other, campaign, "clicked")) == "not_viewed"
        did(community.other, receipt(community.other, campaign, "viewed"))
        did(community.other, receipt(community.other, campaign, "clicked"))
        assert Receipt.objects.count() == 2

    @pytest.mark.parametrize(("days_ago", "taken"), [(0, True), (3, True), (4, False), (-1, False)])
    def test_it_comes_at_most_72_hours_late(self, days_ago: int, taken: bool, community: Community) -> None:  # noqa: FBT001 - a parameter
        sent = receipt(community.other, shown(), days_ago=days_ago)
        if taken:
            did(community.other, sent)
        else:
            assert refused(community.other, sent) == "token"

    @pytest.mark.parametrize(("serial", "taken"), [(0, False), (1, True), (MAX_SERVINGS_A_DAY, True), (13, False)])
    def test_a_key_signs_at_most_twelve_servings_a_day(self, serial: int, taken: bool, community: Community) -> None:  # noqa: FBT001 - a parameter
        sent = receipt(community.other, shown(), serial=serial)
        if taken:
            did(community.other, sent)
        else:
            assert refused(community.other, sent) == "token"

    def test_a_serving_is_of_one_campaign(self, community: Community) -> None:
        did(community.other, receipt(community.other, shown()))
        assert refused(community.other, receipt(community.other, shown())) == "used"

    @pytest.mark.parametrize("token", ["", "a.b.c", "a.b.c.1.e", "é.é.2026-06-15.1.é", "a.b.2026-06-15.1.e"])
    def test_a_malformed_token_is_refused(self, token: str, community: Community) -> None:
        sent = SendReceipt(id=new_id(), token=token, day="2026-06-15", outcome="viewed")
        assert refused(community.other, sent) == "token"

    def test_a_forged_or_borrowed_token_is_refused(self, community: Community) -> None:
        campaign = shown()
        sent = receipt(community.other, campaign)
        forged = SendReceipt(id=new_id(), token=sent.token[:-1] + "x", day=sent.day, outcome="viewed")
        assert refused(community.other, forged) == "token"
        assert refused(community.owner, sent) == "token"
        assert not Receipt.objects.exists()

    def test_a_campaign_that_was_never_shown_is_refused(self, community: Community) -> None:
        assert refused(community.other, receipt(community.other, made())) == "unknown_campaign"

    def test_a_report_goes_to_a_person(self, community: Community) -> None:
        campaign = shown()
        for _ in range(2):
            did(community.other, receipt(community.other, campaign, "reported"))
        report = Report.objects.get()
        assert not report.handled
        actions.handle_report(report, "Ended.")
        assert Report.objects.get().handled

    def test_served_is_published_hourly_and_leaves_refunds_out(self, community: Community, mid_month: int) -> None:
        campaign = shown()
        did(community.other, receipt(community.other, campaign, serial=1))
        assert Campaign.objects.get().served == 0
        with clock.at(mid_month + rules.REPUBLISH_SERVED_EVERY_MS):
            did(community.other, receipt(community.other, campaign, serial=2))
        assert Campaign.objects.get().served == 2
        actions.refund(list(Receipt.objects.all()[:1]))
        assert Campaign.objects.get().served == 1
        assert Receipt.objects.count() == 2


class TestKeys:
    def test_there_is_one_a_month(self, community: Community, mid_month: int) -> None:
        key = actions.give_key(community.other)
        assert actions.give_key(community.other) == key
        with clock.at(mid_month + 31 * DAY_MS):
            new = actions.give_key(community.other)
        assert new.first_day == key.last_day + timedelta(days=1)
        assert list(ServingKey.objects.filter(member=community.other)) == [new]

    def test_the_months_key_comes_with_the_first_sync_of_the_month(self, community: Community, mid_month: int) -> None:
        device, _ = open_device(community.other, "console")
        with clock.at(mid_month + 16 * DAY_MS):
            note_seen(device)
            assert feed() == fresh()
        assert ServingKey.objects.filter(member=community.other).count() == 2

    def test_last_months_stays_while_receipts_may_come(self, community: Community, mid_month: int) -> None:
        actions.give_key(community.other)
        with clock.at(mid_month + 16 * DAY_MS):
            actions.give_key(community.other)
        assert ServingKey.objects.filter(member=community.other).count() == 2
