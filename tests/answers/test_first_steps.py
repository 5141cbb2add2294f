"""Each kind of alert has a card that says what it means, how to look and what usually helps."""

import re
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from rackside.answers.context import KIND_WORDS
from rackside.answers.data import answers_for_text
from rackside.answers.first_steps import every_card, first_steps, is_first_steps
from rackside.answers.panel_first import FirstStepsPage
from rackside.store import Store
from rackside_protocol.answers import ALERT_KINDS
from rackside_ranking.words import term, words_of
from tests.threads.desk import Desk, Until, buttons, texts

SECTIONS = ["What it means", "How to look", "What usually helps"]


def test_every_kind_has_one() -> None:
    assert {card.signature for card in every_card().values()} == ALERT_KINDS


@pytest.mark.parametrize("kind", sorted(ALERT_KINDS))
def test_it_says_what_it_means_how_to_look_and_what_helps(kind: str) -> None:
    card = first_steps(kind)
    assert card is not None
    assert card.title
    assert re.findall(r"(?m)^## (.*)$", card.body) == SECTIONS
    assert "```sh" in card.body
    assert not re.search(r"<[a-z!]|</[a-z]+>|https?://(?!example\.org)", card.body)
    said = {term(word) for text in card.words for word in words_of(text)}
    assert len(said & {term(word) for word in words_of(KIND_WORDS[kind])}) >= 2


@pytest.mark.parametrize("kind", ["", "../../../etc/passwd", "disk.used.md", "disk", "/etc/hostname"])
def test_what_is_no_kind_has_none(kind: str) -> None:
    assert first_steps(kind) is None


def test_they_are_found_by_words_before_anybody_wrote_anything(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        found = answers_for_text(store, "no space left on device but df shows free space, inodes?", "Debian 12")
    assert is_first_steps(found[0].thread)
    assert found[0].thread.signature in {"disk.inodes", "inodes.filling"}
    assert found[0].why[0] == "first steps"


def test_the_page_shows_it_and_leads_on_to_peers(desk: Desk, until: Until) -> None:
    page = FirstStepsPage(desk.context, "raid")
    page.show()
    until(lambda: "A RAID array is degraded" in texts(page))
    buttons(page)["What peers say"].click()
    assert desk.opened == ["search:A RAID array is degraded"]


def test_an_unknown_page_says_so(qt_app: QApplication, desk: Desk) -> None:
    del qt_app
    page: QWidget = FirstStepsPage(desk.context, "nothing")
    page.show()
    assert any("There is no card for this." in text for text in texts(page))
