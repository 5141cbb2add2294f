"""The members on the public web."""

from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from rackside_server.accounts.models import Member
from rackside_server.feed.forms import member_of
from rackside_server.standing.documents import member_document
from rackside_server.threads.models import Post, Thread

SHOWN = 50
WRITTEN_SHOWN = 20


@require_safe
def members(request: HttpRequest) -> HttpResponse:
    """List the members, newest first."""
    everybody = Member.objects.filter(is_active=True).order_by("-trust_level", "name")
    page = Paginator(everybody, SHOWN).get_page(request.GET.get("page"))
    return render(request, "web/people.html", {"people": page, "page": page})


@require_safe
def member(request: HttpRequest, handle: str) -> HttpResponse:
    """Show a member: who she is, what she asked and what she solved, as far as the reader may see it."""
    found = get_object_or_404(Member, handle=handle, is_active=True)
    reader = member_of(request)
    asked = Thread.objects.visible_to(reader).filter(author=found).select_related("group", "author")
    solved = Post.objects.visible_to(reader).filter(author=found, thread__accepted=F("pk"))
    shown = {
        "member": found,
        "profile": member_document(found),
        "asked": asked.order_by("-created_ms")[:WRITTEN_SHOWN],
        "solved": solved.select_related("thread__group", "thread__author").order_by("-created_ms")[:WRITTEN_SHOWN],
    }
    return render(request, "web/member.html", shown)
