"""Which sponsored panel a machine shows: the rules of calm, the caps, the order of tiers and the pacing."""

from random import Random

import pytest

from rackside.sponsors import rules
from rackside.sponsors.choose import Calm, Candidate, Event, Facts, ViewTimer, catalogue, choose, click_counts, weight
from rackside_protocol.ids import new_id
from rackside_protocol.sponsors import Campaign, Tier

NOW_S = 1_800_000_000.0
DISK = Facts(words=frozenset({"disk.used", "zfs"}), processes=frozenset({"systemd"}))


def a_campaign(tier: Tier = "paid", **terms: object) -> Campaign:
    facts: dict[str, object] = {"terms": ["disk.used"], **terms}
    return Campaign(
        id=new_id(),
        vendor="northvault",
        vendor_name="Northvault",
        tier=tier,
        title="Move cold files before they page you",
        body="Tiering for file servers.",
        link="https://northvault.example/",
        **facts,  # type: ignore[arg-type]
    )


def chosen(
    campaigns: list[Campaign], *, history: list[Event] | None = None, calm: Calm | None = None, facts: Facts = DISK
) -> Candidate | None:
    return choose(campaigns, facts, history or [], calm or Calm(), now_s=NOW_S, random=Random(7))  # noqa: S311 - a draw


def test_a_campaign_whose_terms_match_is_chosen_and_says_which_matched() -> None:
    choice = chosen([a_campaign(terms=["zfs", "exchange"])])
    assert choice is not None
    assert choice.matched == ("zfs",)


def test_a_campaign_that_matches_nothing_here_is_not_shown() -> None:
    assert chosen([a_campaign(terms=["exchange"])]) is None


@pytest.mark.parametrize(
    "calm",
    [
        Calm(critical_alert=True),
        Calm(quiet_hours=True),
        Calm(presenting=True),
        Calm(switched_off=True),
        Calm(trust_level=3),
    ],
)
def test_nothing_is_shown_when_calm_is_due_and_it_says_why(calm: Calm) -> None:
    assert calm.reason()
    assert chosen([a_campaign()], calm=calm) is None


def test_a_trusted_member_who_wants_sponsors_sees_them() -> None:
    assert chosen([a_campaign()], calm=Calm(trust_level=4, wants_sponsors=True)) is not None


def test_a_product_already_in_use_here_is_never_shown() -> None:
    assert chosen([a_campaign(never_if=["Systemd"])]) is None


def test_the_panel_does_not_change_within_a_minute() -> None:
    first, second = a_campaign(), a_campaign(ecpm=10)
    shown = [Event(first.id, "shown", NOW_S - rules.CHANGE_AFTER_S + 1)]
    choice = chosen([second, first], history=shown)
    assert choice is not None
    assert choice.campaign is first


@pytest.mark.parametrize(("seconds", "cap"), rules.SHOWN_CAPS)
def test_no_more_are_shown_than_the_caps_allow(seconds: float, cap: int) -> None:
    others = [Event(new_id(), "shown", NOW_S - 61 - index * (seconds - 100) / cap) for index in range(cap)]
    assert chosen([a_campaign()], history=others) is None
    assert chosen([a_campaign()], history=others[:-1]) is not None


def test_one_creative_is_shown_three_times_a_day_and_ten_a_week() -> None:
    campaign = a_campaign()
    three_today = [Event(campaign.id, "shown", NOW_S - hours * 3_600) for hours in (3, 6, 9)]
    assert chosen([campaign], history=three_today) is None
    assert chosen([campaign], history=three_today[:2]) is not None
    ten_this_week = [Event(campaign.id, "shown", NOW_S - (25 + 14 * n) * 3_600) for n in range(10)]
    assert chosen([campaign], history=ten_this_week) is None
    assert chosen([campaign], history=ten_this_week[:9]) is not None


def test_not_for_me_lasts_ninety_days_and_a_report_for_good() -> None:
    campaign = a_campaign()
    day = rules.DAY_S
    assert chosen([campaign], history=[Event(campaign.id, "dismissed", NOW_S - 89 * day)]) is None
    assert chosen([campaign], history=[Event(campaign.id, "dismissed", NOW_S - 91 * day)]) is not None
    assert chosen([campaign], history=[Event(campaign.id, "reported", NOW_S - 4_000 * day)]) is None


def test_paid_comes_before_community_and_community_before_house() -> None:
    house, community, paid = a_campaign("house"), a_campaign("community"), a_campaign("paid")
    for offered, expected in (([house, community, paid], paid), ([house, community], community), ([house], house)):
        choice = chosen(offered)
        assert choice is not None
        assert choice.campaign is expected


def test_a_campaign_ahead_of_its_pace_waits() -> None:
    start_ms, end_ms = int((NOW_S - 50 * 3_600) * 1000), int((NOW_S + 50 * 3_600) * 1000)
    ahead = a_campaign(goal=1_000, served=600, starts_ms=start_ms, ends_ms=end_ms)
    behind = a_campaign(goal=1_000, served=100, starts_ms=start_ms, ends_ms=end_ms)
    assert weight(ahead, NOW_S) == 0
    assert weight(behind, NOW_S) == pytest.approx(1_000 * 51 / 100 - 100)


def test_the_bid_is_clamped_and_overdue_days_weigh_more() -> None:
    start_ms, end_ms = int((NOW_S - 20 * rules.DAY_S) * 1000), int((NOW_S - 4 * rules.DAY_S) * 1000)
    overdue = a_campaign(goal=10, served=0, ecpm=500, starts_ms=start_ms, ends_ms=end_ms)
    assert weight(overdue, NOW_S) == pytest.approx(10 * 10 * 4**1.5)


def test_the_draw_follows_the_weights() -> None:
    window = {"goal": 100, "starts_ms": 0, "ends_ms": int(NOW_S * 1000)}
    cheap, dear = a_campaign(ecpm=1, **window), a_campaign(ecpm=9, **window)
    draw = Random(1)  # noqa: S311 - a draw
    picks = [choose([cheap, dear], DISK, [], Calm(), now_s=NOW_S, random=draw) for _ in range(2_000)]
    share = sum(1 for pick in picks if pick and pick.campaign is dear) / len(picks)
    assert 0.87 < share < 0.93


def test_every_campaign_of_the_catalogue_is_listed_with_the_reason_why_not() -> None:
    listed = catalogue(
        [a_campaign(), a_campaign(terms=["exchange"]), a_campaign(never_if=["systemd"])], DISK, [], NOW_S
    )
    assert [bool(each.barred) for each in listed] == [False, True, True]


def test_a_view_needs_half_of_the_panel_for_an_unbroken_second_in_an_active_window() -> None:
    timer = ViewTimer()
    assert not timer.look(share_visible=0.6, window_active=True, now_s=0.0)
    assert not timer.look(share_visible=0.4, window_active=True, now_s=0.9)
    assert not timer.look(share_visible=0.6, window_active=True, now_s=1.0)
    assert not timer.look(share_visible=0.6, window_active=False, now_s=1.9)
    assert not timer.look(share_visible=0.6, window_active=True, now_s=2.0)
    assert timer.look(share_visible=0.6, window_active=True, now_s=3.0)
    assert not timer.look(share_visible=0.6, window_active=True, now_s=9.0)


def test_a_click_counts_only_after_a_view_and_within_the_caps() -> None:
    viewed = Event("c", "viewed", NOW_S - 5)
    assert not click_counts([], "c", NOW_S)
    assert click_counts([viewed], "c", NOW_S)
    assert not click_counts([viewed, Event("c", "clicked", NOW_S - 30)], "c", NOW_S)
    three = [Event("c", "clicked", NOW_S - seconds) for seconds in (100, 200, 300)]
    assert not click_counts([viewed, *three], "c", NOW_S)
    assert click_counts([viewed, *three[:2]], "c", NOW_S)
