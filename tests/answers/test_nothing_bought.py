"""No order can be bought: with every sponsorship field of the demo community flipped, all stands where it stood."""

import time

import msgspec
import pytest

from rackside.answers.data import answers_for_text, find_answers, find_others
from rackside.home.data import load_home
from rackside.store import Store, documents
from rackside_protocol.people import Member
from rackside_protocol.sponsors import Campaign
from rackside_protocol.threads import Thread
from rackside_ranking.context import from_question
from rackside_server.accounts.actions import join, open_device
from rackside_server.accounts.models import Member as MemberRow
from rackside_server.answers.search import find
from rackside_server.demo import seed
from rackside_server.sponsors.models import Campaign as CampaignRow
from rackside_server.sponsors.models import Vendor
from tests.answers.test_demo_answers import STOCK_QUERIES
from tests.kernel.cast import Actor
from tests.kernel.console import Console, MakeConsole
from tests.store.pages import fill

pytestmark = pytest.mark.django_db
MACHINE = "Debian 12"
EVERYTHING = 1_000
SOME = 20
"""Of the threads; the server's answers are whole threads, and take longer."""


@pytest.fixture
def desk(console: MakeConsole) -> Console:
    """A newcomer's console, with the whole demo community."""
    seed()
    member = join("newcomer")
    device, token = open_device(member, "newcomer's console", "linux")
    made = console(Actor(member, device.pk, token))
    made.syncs()
    return made


def orders(store: Store, me: str) -> dict[str, list[str]]:
    """Every order there is of what members made, by what was asked."""
    threads = documents.of_kind(store, Thread, limit=EVERYTHING)
    found = {f"alert {kind}": find_answers(store, query) for kind, query in STOCK_QUERIES.items()}
    found |= {f"text {thread.title}": answers_for_text(store, thread.title, MACHINE) for thread in threads}
    listed = {asked: [answer.thread.id for answer in answers] for asked, answers in found.items()}
    listed |= {f"others {thread.title}": [each.id for each in find_others(store, thread.title)] for thread in threads}
    listed["newest"] = [each.id for each in documents.threads(store, "newest", me=me, offset=0, limit=EVERYTHING)]
    listed["home"] = [each.id for each in load_home(store, me).items]
    return listed


def test_flipping_every_sponsorship_field_moves_nothing_on_the_console(desk: Console) -> None:
    before = orders(desk.store, desk.actor.id)
    campaigns = documents.of_kind(desk.store, Campaign, limit=EVERYTHING)
    members = documents.of_kind(desk.store, Member, limit=EVERYTHING)
    assert campaigns
    assert members
    now_ms = int(time.time() * 1_000)
    flipped = [
        msgspec.structs.replace(
            each, vendor="other", tier="house" if each.tier == "paid" else "paid", terms=list(STOCK_QUERIES),
            never_if=[], ecpm=1_000 - each.ecpm, goal=10**6 - each.goal, served=10**5 - each.served, ends_ms=2 * now_ms,
        )
        for each in campaigns
    ]  # fmt: skip
    turned = [msgspec.structs.replace(each, vendor="" if each.vendor else "northvault") for each in members]
    fill(desk.store, *flipped, *turned, channel="public")
    assert orders(desk.store, desk.actor.id) == before


def test_flipping_every_sponsorship_field_moves_nothing_on_the_server(desk: Console) -> None:
    texts = [thread.title for thread in documents.of_kind(desk.store, Thread, limit=SOME)]
    asked = [*STOCK_QUERIES.values(), *map(from_question, texts)]

    def found() -> list[list[str]]:
        me = MemberRow.objects.get(pk=desk.actor.id)
        return [[each.answer.thread.id for each in find(me, query, limit=20)] for query in asked]

    before = found()
    for member in MemberRow.objects.all():
        MemberRow.objects.filter(pk=member.pk).update(vendor="" if member.vendor else "northvault")
    for campaign in CampaignRow.objects.all():
        CampaignRow.objects.filter(pk=campaign.pk).update(ecpm=1_000 - campaign.ecpm, terms=list(STOCK_QUERIES))
    Vendor.objects.update(name="Kryptonite")
    assert any(before)
    assert found() == before
