"""In the admin, people change things through the same actions as everybody: the feed is then what the rows say."""

import pytest
from django.test import Client
from django.urls import reverse

from rackside_protocol.ideas import Propose
from rackside_protocol.ids import new_id
from rackside_server.groups.models import Group, GroupMember
from rackside_server.ideas.models import Idea
from rackside_server.sponsors.models import Campaign, Receipt, Report, Vendor
from rackside_server.threads.models import Post, Thread
from tests.people.community import Community, asked, did, feed, fresh, make_member, replied
from tests.sponsors.test_server_sponsors import made, receipt, shown

pytestmark = pytest.mark.django_db

CAMPAIGN = {
    "tier": "paid",
    "title": "Move cold files off",
    "body": "To cheaper storage.",
    "link": "https://northvault.example/tiering",
    "terms": "disk.used\n disk.filling \n\n",
    "never_if": "",
    "ecpm": "2.5",
    "goal": "100",
    "starts_at_0": "2026-11-01",
    "starts_at_1": "00:00",
    "ends_at_0": "",
    "ends_at_1": "",
}


@pytest.fixture
def admin(client: Client, community: Community) -> Client:
    """A browser in which somebody who may do everything is signed in."""
    del community
    client.force_login(make_member("chief", joined_ms=0, is_staff=True, is_superuser=True))
    return client


def posted(admin: Client, page: str, fields: dict[str, object], *about: object) -> str:
    """Post a form of the admin, hold that the feed follows, and return the page that comes of it."""
    response = admin.post(reverse(f"admin:{page}", args=about), fields, follow=True)
    assert response.status_code == 200
    assert feed() == fresh()
    return response.content.decode()


def chosen(admin: Client, model: str, action: str, *rows: object) -> str:
    """Run an action of a list on the rows with these keys."""
    return posted(admin, f"{model}_changelist", {"action": action, "_selected_action": list(rows)})


@pytest.mark.parametrize(
    "model",
    [
        "groups_group", "groups_groupmember", "threads_thread", "threads_post", "ideas_idea", "sponsors_vendor",
        "sponsors_campaign", "sponsors_receipt", "sponsors_report",
    ],
)  # fmt: skip
def test_every_list_and_form_opens(model: str, admin: Client, community: Community) -> None:
    replied(community.other, asked(community.owner, community.public))
    did(community.owner, Propose(id=new_id(), title="An idea", body="Of mine."))
    campaign = shown()
    did(community.other, receipt(community.other, campaign, "reported"))
    models = {
        "groups_group": Group, "groups_groupmember": GroupMember, "threads_thread": Thread, "threads_post": Post,
        "ideas_idea": Idea, "sponsors_vendor": Vendor, "sponsors_campaign": Campaign, "sponsors_receipt": Receipt,
        "sponsors_report": Report,
    }  # fmt: skip
    row = models[model].objects.first()
    assert row is not None
    assert admin.get(reverse(f"admin:{model}_changelist")).status_code == 200
    assert admin.get(reverse(f"admin:{model}_change", args=[row.pk])).status_code == 200


class TestGroups:
    def test_one_is_made_and_renamed(self, admin: Client) -> None:
        fields: dict[str, object] = {"slug": "tape", "name": "Tape", "description": "", "default": "on", "position": 3}
        posted(admin, "groups_group_add", fields)
        group = Group.objects.get(slug="tape")
        posted(admin, "groups_group_change", {**fields, "slug": "disk", "name": "Tapes"}, group.pk)
        assert Group.objects.get(pk=group.pk).slug == "tape"
        assert Group.objects.get(pk=group.pk).name == "Tapes"

    def test_a_slug_that_names_no_channel_is_an_error_in_the_form(self, admin: Client) -> None:
        assert "errornote" in posted(admin, "groups_group_add", {"slug": "No Channel", "name": "X", "position": 0})

    def test_somebody_is_invited_and_dismissed(self, admin: Client, community: Community) -> None:
        fields: dict[str, object] = {"group": community.private.pk, "member": community.outsider.pk}
        posted(admin, "groups_groupmember_add", fields)
        membership = GroupMember.objects.get(member=community.outsider, group=community.private)
        posted(admin, "groups_groupmember_delete", {"post": "yes"}, membership.pk)
        assert not GroupMember.objects.filter(pk=membership.pk).exists()


class TestThreads:
    def test_texts_are_removed(self, admin: Client, community: Community) -> None:
        thread = asked(community.owner, community.public)
        post = replied(community.other, thread)
        chosen(admin, "threads_post", "remove_chosen", post)
        assert not Post.objects.visible_to(community.other).exists()
        replied(community.other, thread)
        chosen(admin, "threads_thread", "remove_chosen", thread)
        assert not Thread.objects.visible_to(community.owner).exists()
        assert not Post.objects.visible_to(community.other).exists()


class TestIdeas:
    def test_one_is_moved_on_and_removed(self, admin: Client, community: Community) -> None:
        idea = did(community.owner, Propose(id=new_id(), title="An idea", body="Of mine."))
        wrong = posted(admin, "ideas_idea_change", {"state": "declined", "reason": "", "duplicate_of": ""}, idea)
        assert "errornote" in wrong
        posted(admin, "ideas_idea_change", {"state": "declined", "reason": "Never.", "duplicate_of": ""}, idea)
        assert Idea.objects.get(pk=idea).state == "declined"
        chosen(admin, "ideas_idea", "remove_chosen", idea)
        assert not Idea.objects.exists()


class TestCampaigns:
    def test_one_goes_from_a_draft_to_its_end(self, admin: Client) -> None:
        posted(admin, "sponsors_vendor_add", {"slug": "northvault", "name": "Northvault"})
        vendor = Vendor.objects.get()
        posted(admin, "sponsors_campaign_add", {**CAMPAIGN, "vendor": vendor.pk})
        campaign = Campaign.objects.get()
        assert (campaign.state, campaign.terms) == ("draft", ["disk.used", "disk.filling"])
        for action, state in [("submit", "in_review"), ("approve", "approved"), ("approve", "approved")]:
            chosen(admin, "sponsors_campaign", action, campaign.pk)
            assert Campaign.objects.get().state == state
        posted(admin, "sponsors_campaign_change", {**CAMPAIGN, "vendor": vendor.pk}, campaign.pk)
        assert Campaign.objects.get().state == "in_review"
        for action, state in [("reject", "rejected"), ("end", "ended"), ("submit", "ended")]:
            chosen(admin, "sponsors_campaign", action, campaign.pk)
            assert Campaign.objects.get().state == state
        page = reverse("admin:sponsors_campaign_change", args=[campaign.pk])
        assert admin.post(page, {**CAMPAIGN, "vendor": vendor.pk}).status_code == 403

    @pytest.mark.parametrize("wrong", [{"link": "http://x.example"}, {"title": "x" * 61}, {"terms": "Not Lower"}])
    def test_what_breaks_the_rules_is_an_error_in_the_form(self, wrong: dict[str, str], admin: Client) -> None:
        campaign = made()
        fields = {**CAMPAIGN, "vendor": campaign.vendor_id, **wrong}
        assert "errornote" in posted(admin, "sponsors_campaign_change", fields, campaign.pk)

    def test_receipts_are_refunded_and_reports_handled(self, admin: Client, community: Community) -> None:
        campaign = shown()
        did(community.other, receipt(community.other, campaign))
        did(community.other, receipt(community.other, campaign, "reported"))
        viewed = Receipt.objects.get(outcome="viewed")
        chosen(admin, "sponsors_receipt", "refund", viewed.pk)
        assert Receipt.objects.get(pk=viewed.pk).refunded
        posted(admin, "sponsors_report_change", {"note": "Ended it."}, Report.objects.get().pk)
        assert Report.objects.get().handled

    def test_nothing_that_bills_is_deleted(self, admin: Client) -> None:
        campaign = shown()
        response = admin.post(reverse("admin:sponsors_campaign_delete", args=[campaign.pk]), {"post": "yes"})
        assert response.status_code == 403
