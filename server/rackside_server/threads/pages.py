"""A thread on the public web, and the forms that write in it."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rackside_protocol.groups import group_channel
from rackside_protocol.threads import Accept, Ask, Delete, EditPost, EditThread, MeToo, Reply, VoteHelpful
from rackside_server.feed.channels import may_read
from rackside_server.feed.clock import iso
from rackside_server.feed.forms import act, member_of
from rackside_server.threads.models import HelpfulVote, MeTooVote, Post, Thread

MOST_POSTS = 500
MOST_TAGS = 5


@require_safe
def thread(request: HttpRequest, thread: str) -> HttpResponse:
    """Show a thread; one in a private group is not there for who is not in it."""
    member = member_of(request)
    found = get_object_or_404(
        Thread.objects.visible_to(member).select_related("author", "group", "duplicate_of"), pk=thread
    )
    posts = list(found.posts.filter(deleted_ms=0).select_related("author").order_by("created_ms", "pk")[:MOST_POSTS])
    posts.sort(key=lambda post: post.pk != found.accepted_id)
    voted: set[str] = set()
    me_too = False
    if member is not None:
        items = [found.pk, *(post.pk for post in posts)]
        voted = set(HelpfulVote.objects.filter(member=member, item__in=items).values_list("item", flat=True))
        me_too = MeTooVote.objects.filter(member=member, thread=found).exists()
    shown = {
        "thread": found,
        "posts": posts,
        "voted": voted,
        "me_too": me_too,
        "mine": member is not None and member.pk == found.author_id,
        "linked_data": linked_data(found, posts, request.build_absolute_uri(reverse("thread", args=[found.pk]))),
    }
    return render(request, "threads/thread.html", shown)


def linked_data(thread: Thread, posts: list[Post], url: str) -> dict[str, object]:
    """Return a thread as schema.org's QAPage."""
    answers = [_answer(post, url) for post in posts]
    accepted = [each for post, each in zip(posts, answers, strict=True) if post.pk == thread.accepted_id]
    question: dict[str, object] = {
        "@type": "Question",
        "name": thread.title,
        "text": thread.body,
        "dateCreated": iso(thread.created_ms),
        "author": {"@type": "Person", "name": thread.author.name},
        "upvoteCount": thread.helpful,
        "answerCount": len(posts),
        "suggestedAnswer": [each for each in answers if each not in accepted],
    }
    if accepted:
        question["acceptedAnswer"] = accepted[0]
    return {"@context": "https://schema.org", "@type": "QAPage", "mainEntity": question}


@login_required
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask a question in a group."""
    if not may_read(member_of(request), group_channel(slug)):
        raise Http404
    if request.method == "POST":
        tags = request.POST.get("tags", "").lower().split()[:MOST_TAGS]
        outcome = act(request, Ask, group=slug, title=_text(request, "title"), body=_text(request, "body"), tags=tags)
        if outcome.result != "refused":
            return redirect("thread", outcome.id)
    return render(request, "threads/ask.html", {"slug": slug, "sent": request.POST})


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, item: str) -> HttpResponse:
    """Change one's own question or post."""
    member = member_of(request)
    question = Thread.objects.visible_to(member).filter(pk=item, author=member).first()
    post = Post.objects.visible_to(member).filter(pk=item, author=member).first()
    if question is None and post is None:
        raise Http404
    if request.method == "POST":
        body = _text(request, "body")
        if question is not None:
            tags = request.POST.get("tags", "").lower().split()[:MOST_TAGS]
            outcome = act(request, EditThread, thread=item, title=_text(request, "title"), body=body, tags=tags)
        else:
            outcome = act(request, EditPost, post=item, body=body)
        if outcome.result != "refused":
            return redirect("thread", question.pk if question is not None else post.thread_id if post else item)
    return render(request, "threads/edit.html", {"question": question, "post": post, "sent": request.POST})


@login_required
@require_POST
def reply(request: HttpRequest, thread: str) -> HttpResponse:
    """Write a post; a refused one is shown again with its text."""
    outcome = act(request, Reply, thread=thread, body=_text(request, "body"))
    if outcome.result == "refused":
        found = get_object_or_404(Thread.objects.visible_to(member_of(request)), pk=thread)
        return render(request, "threads/reply.html", {"thread": found, "sent": request.POST})
    return _back(thread, outcome.id)


@login_required
@require_POST
def vote(request: HttpRequest, thread: str) -> HttpResponse:
    """Set or take back a helpful vote."""
    item = request.POST.get("item", "")
    kind = "thread" if item == thread else "post"
    act(request, VoteHelpful, item=item, item_kind=kind, on=bool(request.POST.get("on")))
    return _back(thread, item)


@login_required
@require_POST
def accept(request: HttpRequest, thread: str) -> HttpResponse:
    """Name the post that solved it, or none."""
    act(request, Accept, thread=thread, post=request.POST.get("post") or None)
    return _back(thread)


@login_required
@require_POST
def me_too(request: HttpRequest, thread: str) -> HttpResponse:
    """Say "I have this too", or take it back."""
    act(request, MeToo, thread=thread, on=bool(request.POST.get("on")))
    return _back(thread)


@login_required
@require_POST
def delete(request: HttpRequest, thread: str) -> HttpResponse:
    """Take back one's own post or question."""
    item = request.POST.get("item", "")
    outcome = act(request, Delete, item=item, item_kind="thread" if item == thread else "post")
    return redirect("front") if outcome.result != "refused" and item == thread else _back(thread)


def _answer(post: Post, url: str) -> dict[str, object]:
    return {
        "@type": "Answer",
        "text": post.body,
        "dateCreated": iso(post.created_ms),
        "author": {"@type": "Person", "name": post.author.name},
        "upvoteCount": post.helpful,
        "url": f"{url}#{post.pk}",
    }


def _text(request: HttpRequest, name: str) -> str:
    return request.POST.get(name, "").replace("\r\n", "\n").strip()


def _back(thread: str, item: str = "") -> HttpResponse:
    return redirect(reverse("thread", args=[thread]) + (f"#{item}" if item else ""))
