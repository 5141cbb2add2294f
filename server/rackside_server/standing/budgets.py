"""Where standing learns how much of a budget is used, from the feature above it that knows."""

from collections.abc import Callable

from rackside_server.accounts.models import Member

Counter = Callable[[Member], int]
_counters: list[Counter] = []


def counts_idea_votes(counter: Counter) -> Counter:
    """Register the function that counts a member's votes on open ideas."""
    _counters.append(counter)
    return counter


def idea_votes_used(member: Member) -> int:
    """Return how many votes of her budget a member has used."""
    return sum(counter(member) for counter in _counters)
