"""Which sponsored panel this machine shows now, if any. Pure: facts in, a choice and its reasons out; nothing leaves.

A weight is need x clamp(eCPM, 1, 10) x max(1, days overdue)^1.5, with need against linear hourly pacing,
as EthicalAds does it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random

from rackside.sponsors import rules
from rackside_protocol.sponsors import Campaign


@dataclass(frozen=True)
class Facts:
    """What this machine knows of itself, as lower-case words: open alerts' kinds, processes, OS and topics followed."""

    words: frozenset[str] = frozenset()
    processes: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Calm:
    """Why nothing may be shown at all just now; all false means that something may."""

    critical_alert: bool = False
    quiet_hours: bool = False
    presenting: bool = False
    switched_off: bool = False
    trust_level: int = 0
    wants_sponsors: bool = False

    def reason(self) -> str:
        """Say in a sentence why nothing is shown, or return the empty string."""
        if self.critical_alert:
            return "Nothing is shown while a critical alert is not acknowledged."
        if self.quiet_hours:
            return "Nothing is shown in your quiet hours."
        if self.presenting:
            return "Nothing is shown while you present."
        if self.switched_off:
            return "You switched sponsored panels off."
        if self.trust_level >= rules.NONE_FROM_TRUST_LEVEL and not self.wants_sponsors:
            return f"Members from trust level {rules.NONE_FROM_TRUST_LEVEL} see none unless they want to."
        return ""


@dataclass(frozen=True)
class Event:
    """Something that became of a campaign here: shown, viewed, clicked, dismissed or reported."""

    campaign: str
    outcome: str
    at_s: float


@dataclass(frozen=True)
class Candidate:
    """One campaign of the catalogue, with the words that matched, or the sentence why it is not shown."""

    campaign: Campaign
    matched: tuple[str, ...] = ()
    barred: str = ""


def catalogue(campaigns: Iterable[Campaign], facts: Facts, history: Sequence[Event], now_s: float) -> list[Candidate]:
    """Judge every campaign: the page "What could be shown here" lists exactly this."""
    return [_judge(campaign, facts, history, now_s) for campaign in campaigns]


def choose(
    campaigns: Iterable[Campaign],
    facts: Facts,
    history: Sequence[Event],
    calm: Calm,
    *,
    now_s: float,
    random: Random,
) -> Candidate | None:
    """Choose the panel for the next minute, or none.

    Args:
        campaigns: the catalogue as synced, the same for everybody.
        facts: what is true of this machine.
        history: what became of earlier panels here, in any order.
        calm: the states in which nothing is shown.
        now_s: seconds since the epoch.
        random: the source of the weighted draw.
    """
    if calm.reason():
        return None
    shown = sorted((event for event in history if event.outcome == "shown"), key=lambda event: event.at_s)
    candidates = [each for each in catalogue(campaigns, facts, history, now_s) if not each.barred]
    if shown and now_s - shown[-1].at_s < rules.CHANGE_AFTER_S:
        return next((each for each in candidates if each.campaign.id == shown[-1].campaign), None)
    if any(_within(shown, now_s, seconds) >= cap for seconds, cap in rules.SHOWN_CAPS):
        return None
    for tier in rules.TIERS:
        weighted = [(each, weight(each.campaign, now_s)) for each in candidates if each.campaign.tier == tier]
        weighted = [(each, share) for each, share in weighted if share > 0]
        if weighted:
            return random.choices([each for each, _ in weighted], [share for _, share in weighted])[0]
    return None


def weight(campaign: Campaign, now_s: float) -> float:
    """Return a campaign's share of the draw: 0 when it is ahead of its pace, 1 for one without a goal."""
    if not campaign.goal:
        return 1.0
    start_s, end_s = campaign.starts_ms / 1000, campaign.ends_ms / 1000
    hours = max(1.0, (end_s - start_s) / rules.HOUR_S)
    hour_now = (now_s - start_s) // rules.HOUR_S + 1
    due = campaign.goal * min(1.0, hour_now / hours)
    need = max(0.0, due - campaign.served)
    low, high = rules.ECPM_RANGE
    overdue_days = max(0.0, (now_s - end_s) / rules.DAY_S)
    return float(need * min(high, max(low, campaign.ecpm)) * max(1.0, overdue_days) ** rules.OVERDUE_EXPONENT)


def click_counts(history: Iterable[Event], campaign: str, now_s: float) -> bool:
    """Return whether a click now is counted: after a view of the same campaign, and within the caps."""
    events = list(history)
    viewed = any(event.campaign == campaign and event.outcome == "viewed" for event in events)
    clicks = [event for event in events if event.outcome == "clicked"]
    return viewed and all(_within(clicks, now_s, seconds) < cap for seconds, cap in rules.CLICK_CAPS)


@dataclass
class ViewTimer:
    """Counts a view: half of the pixels for a second without a break, in a visible, unlocked, active window."""

    since_s: float | None = None
    counted: bool = False

    def look(self, *, share_visible: float, window_active: bool, now_s: float) -> bool:
        """Take one look; return True at the one look that completes the view."""
        if share_visible < rules.VIEWED_SHARE or not window_active:
            self.since_s = None
            return False
        if self.since_s is None:
            self.since_s = now_s
        if self.counted or now_s - self.since_s < rules.VIEWED_AFTER_S:
            return False
        self.counted = True
        return True


def _within(events: Iterable[Event], now_s: float, seconds: float) -> int:
    return sum(1 for event in events if now_s - event.at_s < seconds)


def _judge(campaign: Campaign, facts: Facts, history: Sequence[Event], now_s: float) -> Candidate:
    matched = tuple(term for term in campaign.terms if term.lower() in facts.words | facts.processes)
    return Candidate(campaign, matched, _bar(campaign, facts, history, now_s) or _unmatched(campaign, matched))


def _unmatched(campaign: Campaign, matched: tuple[str, ...]) -> str:
    return "" if matched or not campaign.terms else "Nothing on this machine matches its terms."


def _bar(campaign: Campaign, facts: Facts, history: Sequence[Event], now_s: float) -> str:  # noqa: PLR0911 - as choose
    if campaign.starts_ms > now_s * 1000:
        return "It has not started yet."
    if campaign.goal and campaign.served >= campaign.goal:
        return "It has been seen as often as was agreed."
    if not campaign.goal and campaign.ends_ms and campaign.ends_ms < now_s * 1000:
        return "It has ended."
    if in_use := next((name for name in campaign.never_if if name.lower() in facts.processes), None):
        return f"The product is in use here already ({in_use})."
    own = [event for event in history if event.campaign == campaign.id]
    if any(event.outcome == "reported" for event in own):
        return "You reported it."
    dismissed = [event for event in own if event.outcome == "dismissed"]
    if _within(dismissed, now_s, rules.NOT_FOR_ME_DAYS * rules.DAY_S):
        return f"You said that it is not for you; it is left out for {rules.NOT_FOR_ME_DAYS} days."
    shown = [event for event in own if event.outcome == "shown"]
    if _within(shown, now_s, rules.DAY_S) >= rules.ONE_CREATIVE_A_DAY:
        return f"It was shown {rules.ONE_CREATIVE_A_DAY} times in a day."
    if _within(shown, now_s, rules.WEEK_S) >= rules.ONE_CREATIVE_A_WEEK:
        return f"It was shown {rules.ONE_CREATIVE_A_WEEK} times in a week."
    return ""
