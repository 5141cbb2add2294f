"""Atom feeds: the newest threads of the public groups, and of one of them."""

import re
from datetime import UTC, datetime

from django.contrib.syndication.views import Feed
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

from rackside_server.groups.models import Group
from rackside_server.threads.models import Thread
from rackside_server.web.markdown import render

MOST_ENTRIES = 30
NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Characters that XML 1.0 has no way to hold; one in a title would break the feed for everybody."""


class Newest(Feed):  # type: ignore[type-arg] # generic in its stubs only
    """The newest threads that a visitor may read."""

    feed_type = Atom1Feed
    title = "Rackside: newest questions"
    description = "Questions of IT admins and what cured them"

    def link(self, _obj: object = None) -> str:
        """Return the page that the feed is of."""
        return reverse("front")

    def items(self, obj: object = None) -> QuerySet[Thread]:
        """Return the entries. A feed has no member: whoever holds its address reads it."""
        del obj
        return Thread.objects.visible_to(None).select_related("author").order_by("-created_ms")[:MOST_ENTRIES]

    def item_title(self, item: Thread) -> str:
        """Return an entry's title."""
        return NOT_IN_XML.sub("", item.title)

    def item_description(self, item: Thread) -> str:
        """Return an entry's text."""
        return NOT_IN_XML.sub("", render(item.body))

    def item_link(self, item: Thread) -> str:
        """Return an entry's page."""
        return reverse("thread", args=[item.pk])

    def item_author_name(self, item: Thread) -> str:
        """Return who asked."""
        return NOT_IN_XML.sub("", item.author.name)

    def item_pubdate(self, item: Thread) -> datetime:
        """Return when it was asked."""
        return datetime.fromtimestamp(item.created_ms / 1000, UTC)

    def item_updateddate(self, item: Thread) -> datetime:
        """Return when something last happened."""
        return datetime.fromtimestamp(item.active_ms / 1000, UTC)


class OfGroup(Newest):
    """The newest threads of a public group."""

    def get_object(self, _request: HttpRequest, slug: str) -> Group:
        """Find the group; a private one is not there."""
        return get_object_or_404(Group.objects.visible_to(None), slug=slug)

    def items(self, obj: object = None) -> QuerySet[Thread]:
        """Return the entries."""
        assert isinstance(obj, Group)
        of_group = Thread.objects.visible_to(None).filter(group=obj)
        return of_group.select_related("author").order_by("-created_ms")[:MOST_ENTRIES]
