"""No text of one member breaks the feed for everybody."""

from xml.etree import ElementTree as ET

import pytest

from rackside_protocol.ids import new_id
from rackside_protocol.threads import Ask
from tests.kernel.cast import OPEN_GROUP, Actor
from tests.web.conftest import Browser, wrote

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/feed/", f"/groups/{OPEN_GROUP}/feed/"])
def test_characters_that_xml_cannot_hold_are_left_out(path: str, alice: Actor, browser: Browser) -> None:
    alice.member.name = "Al\x0bice"
    alice.member.save()
    wrote(alice, Ask(id=new_id(), group=OPEN_GROUP, title="A bell \x07 rings", body="And \x1b[31m colours \ufffe"))
    answer = browser(None).get(path)
    assert answer.status_code == 200
    feed = ET.fromstring(answer.content)  # noqa: S314 - our own
    assert "A bell  rings" in [element.text for element in feed.iter("{http://www.w3.org/2005/Atom}title")]
