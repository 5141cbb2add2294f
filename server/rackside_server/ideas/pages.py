"""Ideas on the public web: the list by what is trending, one idea, proposing and voting."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rackside_protocol import ideas as wire
from rackside_protocol.ideas import CLOSED, CommentIdea, Propose, VoteIdea
from rackside_server.accounts.models import Member
from rackside_server.feed.clock import now_ms
from rackside_server.feed.forms import act, member_of
from rackside_server.ideas.models import STATES, Idea, IdeaVote
from rackside_server.ideas.rules import RECENT_MS, Candidate, is_closed, similar
from rackside_server.standing.rules import idea_votes_allowed

SHOWN = 30
MOST_RANKED = 500
MOST_SIMILAR = 5


@require_safe
def ideas(request: HttpRequest) -> HttpResponse:
    """List ideas, trending first, or those in one state."""
    state = request.GET.get("state", "")
    chosen = trending_ideas(now_ms(), state)
    page = Paginator(chosen, SHOWN).get_page(request.GET.get("page"))
    shown = {"ideas": page, "page": page, "states": STATES, "state": state, **_votes(member_of(request))}
    return render(request, "ideas/ideas.html", shown)


def trending_ideas(at_ms: int, state: str = "") -> list[Idea]:
    """Return ideas by their score, those that can be voted on first."""
    found = _counted().filter(state=state) if state else _counted()
    newest = list(found.order_by("-created_ms")[:MOST_RANKED])
    return sorted(newest, key=lambda idea: (is_closed(idea.state), -_score(idea, at_ms)))


@require_safe
def idea(request: HttpRequest, idea: str) -> HttpResponse:
    """Show an idea with its comments."""
    member = member_of(request)
    found = get_object_or_404(_counted().select_related("duplicate_of"), pk=idea)
    shown = {
        "idea": found,
        "comments": found.remarks.select_related("author").order_by("created_ms"),
        "closed": found.state in CLOSED,
        **_votes(member),
    }
    return render(request, "ideas/idea.html", shown)


@login_required
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    """Propose an idea; similar ones are shown once before it is posted."""
    title, body = request.POST.get("title", "").strip(), request.POST.get("body", "").replace("\r\n", "\n").strip()
    alike: list[Idea] = []
    if request.method == "POST":
        known = Idea.objects.visible_to(member_of(request)).filter(~Q(state__in=CLOSED))
        candidates = [Candidate(each.pk, each.title, each.body) for each in known.order_by("-created_ms")[:MOST_RANKED]]
        ids = similar(title, body, candidates, limit=MOST_SIMILAR)
        alike = list(_counted().filter(pk__in=ids))
        if not alike or request.POST.get("sure"):
            outcome = act(request, Propose, title=title, body=body)
            if outcome.result != "refused":
                return redirect("idea", outcome.id)
    return render(request, "ideas/propose.html", {"title": title, "body": body, "alike": alike})


@login_required
@require_POST
def vote(request: HttpRequest, idea: str) -> HttpResponse:
    """Set or take back a vote."""
    act(request, VoteIdea, idea=idea, on=bool(request.POST.get("on")))
    return redirect("ideas") if request.POST.get("from") == "list" else redirect("idea", idea)


@login_required
@require_POST
def comment(request: HttpRequest, idea: str) -> HttpResponse:
    """Comment on an idea."""
    act(request, CommentIdea, idea=idea, body=request.POST.get("body", "").replace("\r\n", "\n").strip())
    return redirect("idea", idea)


def _counted() -> QuerySet[Idea]:
    """Return ideas with their votes and comments, all and recent, counted in the same query."""
    since_ms = F("changed_ms") - RECENT_MS
    return (
        Idea.objects.visible_to(None)
        .select_related("author")
        .annotate(
            votes=Count("ballots", distinct=True),
            comments=Count("remarks", distinct=True),
            recent_votes=Count("ballots", distinct=True, filter=Q(ballots__created_ms__gt=since_ms)),
            recent_comments=Count("remarks", distinct=True, filter=Q(remarks__created_ms__gt=since_ms)),
        )
    )


def _score(idea: Any, at_ms: int) -> float:  # noqa: ANN401 - a row with the counts of `_counted`
    counted = wire.Idea(
        id=idea.pk,
        author=idea.author_id,
        title=idea.title,
        body="",
        created_ms=idea.created_ms,
        recent_votes=idea.recent_votes,
        recent_comments=idea.recent_comments,
    )
    return wire.trending(counted, at_ms)


def _votes(member: Member | None) -> dict[str, object]:
    if member is None:
        return {"voted": set(), "votes_left": 0}
    own = IdeaVote.objects.filter(member=member)
    allowed = idea_votes_allowed(member.trust_level)
    return {"voted": set(own.values_list("idea", flat=True)), "votes_left": allowed - own.spent().count()}
