"""Filters that every page uses: Markdown, times, counts, initials, and the id that makes a form's action once."""

import json
from datetime import UTC, datetime

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timesince import timesince

from rackside_protocol.ids import new_id
from rackside_server.feed.clock import iso
from rackside_server.web.markdown import render

register = template.Library()
TONES = 5


@register.filter
def markdown(source: str) -> SafeString:
    """Return a member's text as safe HTML."""
    return render(source)


@register.filter
def moment(at_ms: int) -> SafeString:
    """Return a time as how long ago it was, with the full one beside it for machines and for the pointer."""
    then = datetime.fromtimestamp(at_ms / 1000, UTC)
    passed = timesince(then, depth=1)
    full = f"{then:%Y-%m-%d %H:%M} UTC"
    return format_html('<time datetime="{}" title="{}">{} ago</time>', then.isoformat(), full, passed)


register.filter("isotime", iso)


@register.filter
def initials(name: str) -> str:
    """Return one or two letters for a name."""
    words = [word for word in name.replace("-", " ").split() if word[0].isalnum()]
    return "".join(word[0] for word in words[:2]).upper() or "?"


@register.filter
def tone(name: str) -> int:
    """Return which of the avatar colours a name has."""
    return sum(name.encode()) % TONES


@register.simple_tag
def action_id() -> str:
    """Make the id of the action that a form will be: sent twice, it is carried out once."""
    return new_id()


@register.filter
def ld_json(value: object) -> SafeString:
    """Return linked data for a page: JSON in which no character can end the element that holds it."""
    text = json.dumps(value, ensure_ascii=False)
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 - escaped above
