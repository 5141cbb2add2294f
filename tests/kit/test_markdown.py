"""Posts travel as Markdown source and are shown as a small, closed kind of HTML."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as some

from rackside.kit.markdown import MAX_NESTING, MAX_SHOWN, opens, shown_address, to_safe_html
from rackside.kit.palette import DARK, LIGHT
from rackside.kit.plain import BREAK, MAX_RUN

ALLOWED = set("a p br em strong s code pre span ul ol li blockquote hr h1 h2 h3 h4 h5 h6 table tr td".split())  # noqa: SIM905
ATTRIBUTES = {
    "a": {"href"},
    "span": {"style"},
    "table": {"width", "cellpadding", "cellspacing", "bgcolor"},
}


class Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.deepest = self._depth = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in {"br", "hr"}:
            self._depth += 1
            self.deepest = max(self.deepest, self._depth)

    def handle_endtag(self, _tag: str) -> None:
        self._depth -= 1


def shown(source: str) -> str:
    return to_safe_html(source, DARK).html


def test_prose_is_shown_as_it_was_meant() -> None:
    assert shown("**bold** and `code`") == "<p><strong>bold</strong> and <code>code</code></p>"


def test_code_is_coloured_in_the_theme() -> None:
    source = "```bash\nls -l # all\n```"
    assert f'<span style="color:{DARK.readable("dim")}"># all</span>' in shown(source)
    assert LIGHT.readable("dim") in to_safe_html(source, LIGHT).html


@pytest.mark.parametrize("language", ["", "no-such-language", "bash", "python", "powershell", "ini"])
def test_code_is_shown_character_for_character(language: str) -> None:
    code = 'if [ "$a" < 3 ]; then\n\n  echo "<b>&amp;"\nfi'
    text = shown(f"```{language}\n{code}\n```")
    assert "".join(Text(text).pieces).strip("\n") == code


class Text(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self.feed(text)

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)


HOSTILE = [
    "<img src=/etc/passwd>",
    "![x](file:///etc/passwd)",
    "[x](javascript:alert)",
    "[x](file:///etc/passwd)",
    "[x](//server/share)",
    "[x](https://user:password@example.org)",
    "[x](data:text/html,x)",
    "[x](qrc:/x)",
    "<a href='file:///etc/passwd'>x</a>",
    "<table><tr><td>x</table>",
    "|a|b|\n|-|-|\n|c|d|",
    "<style>@import '/etc/passwd'</style>",
    "<p style='background:url(/etc/passwd)'>x",
    '```x" onmouseover="y\n<img src=/etc/passwd>\n```',
    "&lt;img src=/etc/passwd&gt;",
]


@pytest.mark.parametrize("source", HOSTILE)
def test_hostile_source_names_nothing_that_could_be_opened(source: str) -> None:
    assert_closed(shown(source))


@given(
    some.lists(
        some.sampled_from([*HOSTILE, "\n", "\n\n", "> ", "- ", "`", "```\n", "**", "[", "](", ")", "<", ">", '"', "'"])
    )
)
def test_no_mixture_of_it_does_either(parts: list[str]) -> None:
    assert_closed(shown("".join(parts)))


@given(some.text())
def test_no_text_at_all_does(source: str) -> None:
    assert_closed(shown(source))


def assert_closed(text: str) -> None:
    for tag, attributes in Tags(text).seen:
        assert tag in ALLOWED
        assert set(attributes) <= ATTRIBUTES.get(tag, set())
        if "href" in attributes:
            assert opens(str(attributes["href"]))


def test_nesting_ends() -> None:
    assert Tags(shown("> " * 200 + "deep")).deepest <= 2 * MAX_NESTING
    assert Tags(shown("".join("  " * depth + "- x\n" for depth in range(100)))).deepest <= 2 * MAX_NESTING


def test_what_is_too_long_is_clipped_and_says_so() -> None:
    assert to_safe_html("word " * 10_000, DARK).clipped
    assert not to_safe_html("x" * MAX_SHOWN, DARK).clipped


@pytest.mark.parametrize("source", ["x" * 1_000, "`" + "x" * 1_000 + "`", "```\n" + "x" * 1_000 + "\n```"])
def test_no_word_is_without_a_break(source: str) -> None:
    text = "".join(Text(shown(source)).pieces)
    assert max(len(run) for line in text.split() for run in line.split(BREAK)) <= MAX_RUN


def test_an_address_is_shown_in_punycode() -> None:
    assert shown_address("https://\u0440\u0430\u0443\u0440\u0430l.com/x?y=z") == "https://xn--l-7sba6dbr.com/x?y=z"
    assert shown_address("https://example.org:8443/") == "https://example.org:8443/"


@pytest.mark.parametrize("url", ["https://[", "https://", "mailto:", "", "http:/x", "HTTPS:x", "file:///x", "ftp://x"])
def test_what_is_no_web_or_mail_address_is_not_opened(url: str) -> None:
    assert not opens(url)


@pytest.mark.parametrize("url", ["https://example.org", "http://example.org/x#y", "mailto:a@example.org"])
def test_web_and_mail_addresses_are_opened(url: str) -> None:
    assert opens(url)
