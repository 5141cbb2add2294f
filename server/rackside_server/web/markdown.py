"""Members' Markdown as safe HTML: no HTML of theirs, no image, no table, little nesting, links that are marked."""

from functools import lru_cache
from typing import Any

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import TextLexer, get_lexer_by_name
from pygments.util import ClassNotFound

MAX_CHARACTERS = 16_000
MAX_NESTING = 12
TAGS = {
    *("p", "br", "hr", "em", "strong", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "span", "div"),
}
ATTRIBUTES = {"a": {"href"}, "ol": {"start"}, "span": {"class"}, "div": {"class"}}
SCHEMES = {"https", "http", "mailto"}


@lru_cache(maxsize=2_048)
def render(source: str) -> SafeString:
    """Return the HTML of a text; more than 16,000 characters are cut."""
    html = _parser().render(source[:MAX_CHARACTERS].replace("\0", ""))
    clean = nh3.clean(
        html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel="nofollow ugc noopener noreferrer"
    )
    return mark_safe(clean)  # noqa: S308 - it went through the allow-list


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": MAX_NESTING, "highlight": _highlighted})
    return parser.disable("image").enable("strikethrough")


def _highlighted(code: str, language: str, _attributes: Any) -> str:  # noqa: ANN401 - the library's signature
    try:
        lexer = get_lexer_by_name(language) if language else TextLexer()
    except ClassNotFound:
        lexer = TextLexer()
    return f"<pre>{highlight(code, lexer, HtmlFormatter(nowrap=True))}</pre>"
