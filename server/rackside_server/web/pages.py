"""The front page, search, the site map, and what robots are told."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from rackside_protocol.groups import JoinGroup, LeaveGroup
from rackside_server.accounts.models import Member
from rackside_server.feed.clock import now_ms
from rackside_server.feed.forms import act, member_of
from rackside_server.groups.models import Group
from rackside_server.ideas.pages import trending_ideas
from rackside_server.threads.models import Thread

SHOWN = 20
IDEAS_SHOWN = 5
FOUND = 30
MOST_WORDS = 8
SITEMAP_URLS = 5_000
TABS = {"newest": "Newest", "unanswered": "Unanswered", "solved": "Solved"}


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """Show what is new, what waits for an answer, and what is being voted on."""
    member = member_of(request)
    tab = request.GET.get("show", "newest")
    threads = listed(Thread.objects.visible_to(member), tab)
    page = Paginator(threads, SHOWN).get_page(request.GET.get("page"))
    shown = {
        "threads": page,
        "page": page,
        "tabs": TABS,
        "tab": tab if tab in TABS else "newest",
        "groups": Group.objects.visible_to(member),
        "ideas": trending_ideas(now_ms())[:IDEAS_SHOWN],
    }
    return render(request, "web/front.html", shown)


@require_safe
def group(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a group's threads; a private group is not there for who is not in it."""
    member = member_of(request)
    found = get_object_or_404(Group.objects.visible_to(member), slug=slug)
    tab = request.GET.get("show", "newest")
    threads = listed(Thread.objects.visible_to(member).filter(group=found), tab)
    page = Paginator(threads, SHOWN).get_page(request.GET.get("page"))
    followed = member is not None and member.group_memberships.filter(group=found).exists()
    shown = {
        "group": found,
        "threads": page,
        "page": page,
        "tabs": TABS,
        "tab": tab if tab in TABS else "newest",
        "followed": followed,
    }
    return render(request, "web/group.html", shown)


@login_required
@require_POST
def follow(request: HttpRequest, slug: str) -> HttpResponse:
    """Follow a group or leave it."""
    act(request, JoinGroup if request.POST.get("on") else LeaveGroup, group=slug)
    return redirect("group", slug)


@login_required
@require_safe
def choose_group(request: HttpRequest) -> HttpResponse:
    """Choose where to ask."""
    return render(request, "web/choose_group.html", {"groups": Group.objects.visible_to(member_of(request))})


def listed(threads: QuerySet[Thread], tab: str) -> QuerySet[Thread]:
    """Return the threads of a tab, ready to be listed."""
    if tab == "unanswered":
        threads = threads.filter(replies=0, how_to=False)
    elif tab == "solved":
        threads = threads.filter(accepted__isnull=False)
    return threads.select_related("author", "group").order_by("-active_ms", "-pk")


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Find threads that hold every word, in the title first."""
    text = request.GET.get("q", "").strip()
    words = text.split()[:MOST_WORDS]
    found: list[Thread] = []
    if words:
        everywhere, in_title = Q(), Q()
        for word in words:
            everywhere &= Q(title__icontains=word) | Q(body__icontains=word) | Q(posts__body__icontains=word)
            in_title &= Q(title__icontains=word)
        visible = Thread.objects.visible_to(member_of(request))
        titled = list(listed(visible.filter(in_title), "")[:FOUND])
        rest = listed(visible.filter(everywhere).exclude(pk__in=[each.pk for each in titled]).distinct(), "")
        found = titled + list(rest[: FOUND - len(titled)])
    return render(request, "web/search.html", {"text": text, "threads": found})


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Tell robots what to leave alone."""
    lines = ["User-agent: *", "Disallow: /admin/", "Disallow: /api/", "Disallow: /search/", ""]
    lines.append(f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


@require_safe
def favicon(_request: HttpRequest) -> HttpResponse:
    """Send to the icon."""
    return HttpResponseRedirect(static("web/icon.svg"))


@require_safe
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """List the pages of the site map."""
    pages = Paginator(_mapped(), SITEMAP_URLS).page_range
    urls = [request.build_absolute_uri(reverse("sitemap_page", args=[page])) for page in pages]
    return render(request, "web/sitemap_index.xml", {"urls": urls}, content_type="application/xml")


@require_safe
def sitemap(request: HttpRequest, page: int) -> HttpResponse:
    """List threads that a visitor may read, and on the first page the groups and the members who wrote."""
    pages = Paginator(_mapped(), SITEMAP_URLS)
    if page not in pages.page_range:
        raise Http404
    urls = [
        (request.build_absolute_uri(reverse("thread", args=[pk])), at_ms)
        for pk, at_ms in _mapped().values_list("pk", "active_ms")[(page - 1) * SITEMAP_URLS : page * SITEMAP_URLS]
    ]
    if page == 1:
        slugs = Group.objects.visible_to(None).values_list("slug", flat=True)
        urls += [(request.build_absolute_uri(reverse("group", args=[slug])), 0) for slug in slugs]
        handles = Member.objects.filter(is_active=True).values_list("handle", flat=True)[: SITEMAP_URLS // 2]
        urls += [(request.build_absolute_uri(reverse("member", args=[handle])), 0) for handle in handles]
    return render(request, "web/sitemap.xml", {"urls": urls}, content_type="application/xml")


def _mapped() -> QuerySet[Thread]:
    return Thread.objects.visible_to(None).order_by("pk")
