"""A thread of which only the answer pack is here: it is read, not written in, and its group can be followed."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from rackside.store import outbox, pins
from rackside.threads.panel import ThreadPage
from rackside_protocol.answers import PackedAnswer, packed_answer_id
from rackside_protocol.groups import Group, JoinGroup, Membership
from tests.store.pages import ALICE, fill, number, post, thread
from tests.threads.desk import Desk, Until, buttons, texts

QUESTION = thread(1, "The log ate the disk", signature="disk.used/ext4/", replies=4, accepted=number(2))
PACKED = PackedAnswer(
    id=packed_answer_id(QUESTION.id),
    thread=QUESTION,
    posts=[post(2, 1, "Rotate it.", accepted=True, helpful=3), post(3, 1, "Or move it.")],
)


def open_page(desk: Desk, until: Until) -> ThreadPage:
    page = ThreadPage(desk.context, QUESTION.id)
    page.show()
    until(lambda: QUESTION.title in texts(page))
    return page


def test_it_is_read_without_a_network_and_only_read(desk: Desk, until: Until) -> None:
    fill(desk.store, Group(id=number(8), slug="linux", name="Linux servers"), channel="public")
    fill(desk.store, PACKED, channel="answers")
    page = open_page(desk, until)
    said = " ".join(texts(page))
    assert "From a group you do not follow: Linux servers." in said
    assert "The group has 2 more of its replies." in said
    assert "3 members found it helpful" in said
    assert not page.foot().isVisibleTo(page)
    assert set(buttons(page)) == {"Follow Linux servers"}
    QTest.keyClick(page, Qt.Key.Key_V)
    assert outbox.pending(desk.store) == []


def test_its_group_can_be_followed_from_there(desk: Desk, until: Until) -> None:
    fill(desk.store, PACKED, channel="answers")
    page = open_page(desk, until)
    buttons(page)["Follow linux"].click()
    assert [entry.action.group for entry in outbox.pending(desk.store) if isinstance(entry.action, JoinGroup)] == [
        "linux"
    ]
    until(lambda: not buttons(page))
    assert "From a group you do not follow" not in " ".join(texts(page))


def test_a_followed_groups_thread_that_is_not_here_says_that_the_rest_comes(desk: Desk, until: Until) -> None:
    fill(desk.store, Membership(id=number(9), group="linux"), channel=f"me:{ALICE}")
    fill(desk.store, PACKED, channel="answers")
    page = open_page(desk, until)
    assert any("The rest comes with the next sync" in text for text in texts(page))


def test_the_thread_takes_its_place_when_it_comes(desk: Desk, until: Until) -> None:
    fill(desk.store, PACKED, channel="answers")
    page = open_page(desk, until)
    fill(desk.store, QUESTION, *PACKED.posts)
    page.refresh(page.TOPICS)
    until(lambda: "I have this too" in buttons(page))
    assert page.foot().isVisibleTo(page.foot())


def test_what_the_pack_may_take_back_cannot_be_pinned(desk: Desk, until: Until) -> None:
    fill(desk.store, PACKED, channel="answers")
    page = open_page(desk, until)
    QTest.keyClick(page, Qt.Key.Key_P)
    assert pins.pinned(desk.store) == []
    assert all(action.isHidden() for action in page.actions_shown())
