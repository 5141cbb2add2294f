"""The settings say what is kept on this machine, and change it."""

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QSpinBox

from rackside.accounts.data import load_kept, load_subscriptions
from rackside.accounts.panel_kept import Storage, Subscriptions
from rackside.store import budget, documents, outbox, pins
from rackside_protocol.groups import Group, JoinGroup, LeaveGroup, Membership
from rackside_protocol.ids import new_id
from rackside_protocol.threads import Thread
from tests.store.pages import ALICE, fill, number, thread
from tests.threads.desk import Desk, Until, buttons, desk, texts

__all__ = ["desk"]

PRIVATE = "group:owners"


@pytest.fixture(autouse=True)
def _groups(desk: Desk) -> None:
    fill(
        desk.store,
        Group(id=number(1), slug="linux", name="Linux servers", threads=2),
        Group(id=number(2), slug="storage", name="Storage", threads=9),
        Group(id=number(3), slug="lounge", name="Lounge"),
        channel="public",
    )
    fill(desk.store, Group(id=number(4), slug="owners", name="Owners", private=True, threads=1), channel=PRIVATE)
    joined = [Membership(id=number(10 + n), group=slug) for n, slug in enumerate(("linux", "lounge", "owners"))]
    fill(desk.store, *joined, channel=f"me:{ALICE}")
    fill(desk.store, thread(100), thread(101))


def acted(desk: Desk) -> list[tuple[type, str]]:
    return [(type(entry.action), entry.action.target) for entry in outbox.pending(desk.store)]


def test_each_channel_is_listed_with_what_is_held_of_it(desk: Desk) -> None:
    found = {each.name: each for each in load_subscriptions(desk.store)}
    groups, fixed = (
        ["Linux servers", "Lounge", "Owners", "Storage"],
        {"What only you see", "Members, groups and features"},
    )
    assert list(found)[:4] == groups
    assert found.keys() - set(groups) == fixed
    assert (found["Linux servers"].documents, found["Linux servers"].followed) == (2, True)
    assert found["Linux servers"].size_bytes > 0
    assert found["Linux servers"].synced_s > 0
    assert (found["Storage"].documents, found["Storage"].followed) == (0, False)
    assert found["Owners"].private
    assert not found["What only you see"].group


def test_what_waits_in_the_outbox_counts_as_done(desk: Desk) -> None:
    outbox.put(desk.store, LeaveGroup(id=new_id(), group="linux"))
    outbox.put(desk.store, JoinGroup(id=new_id(), group="storage"))
    followed = {each.group for each in load_subscriptions(desk.store) if each.followed and each.group}
    assert followed == {"lounge", "owners", "storage"}


def test_a_group_is_left_and_followed_with_its_button(desk: Desk, until: Until) -> None:
    panel = Subscriptions(desk.context)
    panel.show()
    until(lambda: "Leave Linux servers" in buttons(panel))
    assert "no threads yet" in texts(panel)
    assert not any("Members" in name for name in buttons(panel)), "what every member has cannot be left"
    buttons(panel)["Leave Linux servers"].click()
    until(lambda: "Follow Linux servers" in buttons(panel))
    buttons(panel)["Follow Storage"].click()
    until(lambda: "Leave Storage" in buttons(panel))
    assert acted(desk) == [(LeaveGroup, "linux"), (JoinGroup, "storage")]
    assert "comes with the next sync" in texts(panel)


@pytest.mark.parametrize(("answer", "left"), [("Cancel", []), ("Leave", [(LeaveGroup, "owners")])])
def test_a_private_group_is_left_only_when_she_is_sure(
    answer: str, left: list[tuple[type, str]], desk: Desk, until: Until
) -> None:
    panel = Subscriptions(desk.context)
    panel.show()
    until(lambda: "Leave Owners" in buttons(panel))
    asked: list[str] = []

    def say() -> None:
        box = QApplication.activeModalWidget()
        assert box is not None
        asked.extend(texts(box))
        buttons(box)[answer].click()

    QTimer.singleShot(0, say)
    buttons(panel)["Leave Owners"].click()
    assert any("Its staff alone can let you in again." in text for text in asked)
    assert acted(desk) == left


def test_news_of_a_sync_change_the_figures_and_not_the_buttons(desk: Desk, until: Until) -> None:
    panel = Subscriptions(desk.context)
    panel.show()
    until(lambda: any(text.startswith("2 texts") for text in texts(panel)))
    before = buttons(panel)["Leave Linux servers"]
    fill(desk.store, thread(102))
    panel.refresh(panel.TOPICS)
    until(lambda: any(text.startswith("3 texts") for text in texts(panel)))
    assert buttons(panel)["Leave Linux servers"] is before


def test_room_and_days_are_kept_as_they_are_chosen(desk: Desk) -> None:
    panel = Storage(desk.context)
    fields = {each.accessibleName(): each for each in panel.findChildren(QSpinBox)}
    fields["Room for the community's texts"].setValue(900)
    days = fields["Threads are kept after their last reply"]
    assert days.text() == "as long as there is room"
    days.setValue(30)
    assert (desk.chosen[-1].cache_budget_mb, desk.chosen[-1].cache_days) == (900, 30)


def test_space_is_freed_now_and_said(desk: Desk, until: Until) -> None:
    filler = "lorem ipsum " * 500
    fill(desk.store, *(thread(n, body=filler, created_ms=n * budget.DAY_MS) for n in range(200, 1_000)))
    pins.pin(desk.store, number(201), on=True)
    desk.context.settings().cache_days = 400
    panel = Storage(desk.context)
    panel.show()
    until(lambda: any("with 1 pinned thread" in text for text in texts(panel)))
    assert load_kept(desk.store).pinned == 1
    buttons(panel)["Free space now"].click()
    until(lambda: any(text.endswith("were freed.") for text in texts(panel)))
    held = {int(each.id, 16) for each in documents.of_kind(desk.store, Thread, limit=2_000)}
    assert held == {201, *range(599, 1_000)}
