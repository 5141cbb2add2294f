"""The one browser for rich text loads nothing, opens nothing by itself, and cannot be made to stall the window."""

from collections.abc import Callable
from time import process_time

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QTextDocument
from PySide6.QtWidgets import QApplication

from rackside.kit import rich, text
from rackside.kit.markdown import SafeHtml, to_safe_html
from rackside.kit.palette import DARK
from rackside.kit.plain import BREAK
from rackside.kit.rich import SafeBrowser
from tests.kernel.canary import Canary

BOMBS = {
    "nested tables": "<table><tr><td>" * 20,
    "one word": "x" * 400_000,
    "quotes": "> " * 8_000,
    "headings": "# a\n" * 4_000,
    "paragraphs": "a\n\n" * 8_000,
    "lists": "1. a\n" * 3_000,
    "fences": "```\nx\n```\n" * 1_600,
    "brackets": "[" * 16_000,
    "marks": ("a" + "\u0301" * 100) * 160,
}
TIMES_ORDINARY = 12
"""An ordinary text of full length takes some 20 ms: this is the 250 ms that no text may take."""


def cost_of(browser: SafeBrowser, source: str) -> float:
    safe = to_safe_html(source, DARK)
    start_s = process_time()
    browser.show_html(safe)
    browser.grab(browser.rect().intersected(browser.rect().adjusted(0, 0, 0, -browser.height() + 1_000)))
    return process_time() - start_s


@pytest.mark.usefixtures("qt_app")
class TestBombs:
    @pytest.mark.parametrize("name", BOMBS)
    def test_no_text_costs_much_more_than_an_ordinary_one_of_full_length(self, name: str) -> None:
        browser = SafeBrowser()
        browser.resize(600, 100)
        ordinary = "Vacuum once, then set a cap, so that `journald` never fills it again. " * 230
        cost_of(browser, ordinary)
        usual_s = min(cost_of(browser, ordinary) for _ in range(3))
        assert min(cost_of(browser, BOMBS[name]) for _ in range(2)) <= TIMES_ORDINARY * usual_s


@pytest.mark.usefixtures("qt_app")
class TestLoading:
    @pytest.mark.parametrize(
        "markup",
        [
            '<img src="{0}">',
            '<img src="file://{0}">',
            '<body background="{0}">',
            '<p style="background-image: url({0})">x</p>',
            '<ul style="list-style-image: url({0})"><li>x</ul>',
            '<link rel="stylesheet" href="{0}">',
            '<style>@import url("{0}");</style>',
            '<table background="{0}"><tr><td>x</table>',
        ],
    )
    def test_it_opens_no_file_even_if_markup_got_through(self, markup: str, canary: Canary) -> None:
        browser = SafeBrowser()
        browser.resize(300, 100)
        browser.show_html(SafeHtml(markup.format(canary.path)))
        browser.grab()
        assert not canary.sang()

    def test_the_canary_sings_for_a_stock_document(self, canary: Canary) -> None:
        document = QTextDocument()
        document.setHtml(f'<img src="{canary.path}">')
        document.size()
        assert canary.sang()

    def test_it_goes_nowhere(self, canary: Canary) -> None:
        browser = SafeBrowser()
        browser.setSource(QUrl.fromLocalFile(str(canary.path)))
        assert not canary.sang()


@pytest.mark.usefixtures("qt_app")
class TestLinks:
    @pytest.fixture
    def opened(self, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        opened: list[str] = []
        monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
        return opened

    @pytest.fixture
    def asked(self, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        """What the person was asked; she says yes."""
        asked: list[str] = []
        monkeypatch.setattr(text, "confirm", lambda _parent, _title, sentence, **_: asked.append(sentence) or True)
        monkeypatch.setattr(text, "tell", lambda _parent, _title, sentence: asked.append(sentence))
        return asked

    def test_a_link_is_opened_after_its_address_was_seen(self, opened: list[str], asked: list[str]) -> None:
        rich.open_on_the_web(None, "https://bücher.example/x")
        assert "https://xn--bcher-kva.example/x" in asked[0]
        assert opened == ["https://xn--bcher-kva.example/x"]

    def test_a_file_is_never_opened(self, opened: list[str], asked: list[str]) -> None:
        rich.open_on_the_web(None, "file:///etc/passwd")
        assert opened == []
        assert len(asked) == 1


class TestShowing:
    def test_the_last_source_asked_for_wins(self, until: Callable[[Callable[[], object]], None]) -> None:
        browser = SafeBrowser()
        for number in range(10):
            browser.show_markdown(f"text {number}")
        until(lambda: browser.toPlainText() == "text 9")

    def test_it_grows_with_its_text(self, qt_app: QApplication) -> None:
        browser = SafeBrowser()
        browser.resize(300, 10)
        browser.show_html(to_safe_html("line\n\n" * 30, DARK))
        qt_app.processEvents()
        assert browser.height() >= browser.document().size().height()

    def test_what_is_copied_has_no_breaks_of_ours(self, qt_app: QApplication) -> None:
        del qt_app
        browser = SafeBrowser()
        browser.show_html(to_safe_html("x" * 500, DARK))
        assert BREAK in browser.toPlainText()
        browser.selectAll()
        data = browser.createMimeDataFromSelection()
        assert data.text() == "x" * 500
        assert not data.hasHtml()
