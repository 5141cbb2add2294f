"""Markdown source from elsewhere to HTML that Qt may show. No Qt here; it runs on a worker.

markdown-it-py without HTML, images or tables; then nh3's allow-list; the boxes of code blocks are put in after that,
by us. Measured: 301 bytes of nested tables froze a text browser for 9 s, one word of 400 kB for 29 s.
"""

import html
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from rackside.kit.palette import Palette
from rackside.kit.plain import BREAK, MAX_RUN, fewer_marks, without_hidden

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from markdown_it import MarkdownIt
    from markdown_it.renderer import RendererHTML
    from markdown_it.token import Token

MAX_SHOWN: Final = 16_000
"""Characters shown of one text."""
MAX_LINES: Final = 500
"""Lines shown of one text: Qt lays out a block for each, and 4,000 take it a second."""
MAX_NESTING: Final = 12
MAX_SPANS: Final = 1_500
"""Coloured pieces of one code block; what follows is plain."""
MAX_CODE_BOXES: Final = 40
"""Boxes drawn round code blocks; further blocks are shown without, since each box is laid out as a table."""
SCHEMES: Final = frozenset({"https", "http", "mailto"})
_TAGS: Final = {"a", "p", "br", "em", "strong", "s", "code", "pre", "span", "ul", "ol", "li", "blockquote", "hr"}
_HEADINGS: Final = {"h1", "h2", "h3", "h4", "h5", "h6"}
_COLOUR: Final = re.compile(r"color:#[0-9a-f]{6}\Z")
_LONG_RUN: Final = re.compile(rf"[^\s<>&]{{{MAX_RUN}}}")
_PRE: Final = re.compile(r"<pre>(.*?)</pre>", re.DOTALL)


@dataclass(frozen=True)
class SafeHtml:
    """HTML made by `to_safe_html`, the only kind that a SafeBrowser takes; `clipped` when the source was longer."""

    html: str
    clipped: bool = False


def to_safe_html(source: str, palette: Palette) -> SafeHtml:
    """Turn Markdown source into HTML in the colours of a palette."""
    import nh3  # noqa: PLC0415 - loaded with the first post, in a worker

    head = "\n".join(source[:MAX_SHOWN].splitlines()[:MAX_LINES])
    tamed = fewer_marks(without_hidden(head))
    raw: str = _parser().render(tamed, {"palette": palette})
    clean = nh3.clean(
        raw,
        tags=_TAGS | _HEADINGS,
        attributes={"a": {"href"}, "span": {"style"}},
        attribute_filter=_keep,
        url_schemes=set(SCHEMES),
        link_rel=None,
    )
    return SafeHtml(_boxed(_broken(clean.strip()), palette), clipped=len(head) < len(source.rstrip()))


def opens(url: str) -> bool:
    """Say whether a link may be opened: https, http or mailto, and nobody's password in it."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    if parts.scheme == "mailto":
        return bool(parts.path)
    return parts.scheme in SCHEMES and bool(parts.hostname) and "@" not in parts.netloc


def shown_address(url: str) -> str:
    """Return a link with its host in punycode, as it is confirmed before opening."""
    parts = urlsplit(url)
    if parts.scheme == "mailto" or not parts.hostname:
        return url
    try:
        host = parts.hostname.encode("idna").decode("ascii")
    except UnicodeError:
        host = parts.hostname.encode("ascii", "backslashreplace").decode("ascii")
    port = f":{parts.port}" if parts.port else ""
    return parts._replace(netloc=host + port).geturl()


def _keep(tag: str, _attribute: str, value: str) -> str | None:
    if tag == "a":
        return value if opens(value) else None
    return value if _COLOUR.match(value) else None


def _broken(clean: str) -> str:
    """Let runs that are too long break, outside of tags."""
    parts = re.split(r"(<[^>]*>)", clean)
    return "".join(part if part.startswith("<") else _LONG_RUN.sub(rf"\g<0>{BREAK}", part) for part in parts)


def _boxed(clean: str, palette: Palette) -> str:
    """Put each code block on a raised ground; a text document knows that only as a table of one cell."""
    opening = f'<table width="100%" cellpadding="8" cellspacing="0" bgcolor="{palette.raised}"><tr><td><pre>'
    return _PRE.sub(lambda block: f"{opening}{block.group(1)}</pre></td></tr></table>", clean, count=MAX_CODE_BOXES)


@cache
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt  # noqa: PLC0415 - loaded with the first post, in a worker

    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": MAX_NESTING, "breaks": False})
    parser.disable(["image", "html_block", "html_inline"]).enable("strikethrough")
    parser.add_render_rule("fence", _fence)
    parser.add_render_rule("code_block", _fence)
    return parser


def _fence(
    _self: "RendererHTML", tokens: "Sequence[Token]", index: int, _options: object, env: "Mapping[str, Palette]"
) -> str:
    token = tokens[index]
    language = token.info.strip().split(" ", 1)[0] if token.info else ""
    return f"<pre>{_highlighted(token.content.rstrip(chr(10)), language, env['palette'])}</pre>\n"


def _highlighted(code: str, language: str, palette: Palette) -> str:
    from pygments.lexers import get_lexer_by_name  # noqa: PLC0415 - as above
    from pygments.token import Token as Kind  # noqa: PLC0415 - as above
    from pygments.util import ClassNotFound  # noqa: PLC0415 - as above

    if not language:
        return html.escape(code)
    try:
        lexer = get_lexer_by_name(language, stripnl=False)
    except ClassNotFound:
        return html.escape(code)
    tones = {
        Kind.Comment: palette.readable("dim"),
        Kind.Keyword: palette.readable("info"),
        Kind.Literal.String: palette.readable("ok"),
        Kind.Literal.Number: palette.readable("warn"),
        Kind.Name.Builtin: palette.readable("accent"),
        Kind.Name.Variable: palette.readable("sponsor"),
        Kind.Name.Attribute: palette.readable("accent"),
        Kind.Name.Tag: palette.readable("info"),
    }
    pieces: list[str] = []
    spans = 0
    for kind, text in lexer.get_tokens(code):
        tone = next((tones[parent] for parent in reversed(kind.split()) if parent in tones), None)
        coloured = tone is not None and spans < MAX_SPANS
        spans += coloured
        pieces.append(f'<span style="color:{tone}">{html.escape(text)}</span>' if coloured else html.escape(text))
    return "".join(pieces).replace("\n</span>", "</span>\n").rstrip("\n")
