"""In the demo, every alert that a machine can raise finds answers that peers have accepted."""

import pytest

from rackside.answers.context import from_alert
from rackside.answers.data import find_answers
from rackside.answers.first_steps import is_first_steps
from rackside.watch import limits
from rackside.watch.signature import signature
from rackside_protocol.queries import Query
from rackside_server.accounts.actions import join, open_device
from rackside_server.demo import seed
from tests.kernel.cast import Actor
from tests.kernel.console import MakeConsole

pytestmark = pytest.mark.django_db

FIRST = 5
LEAST = 2
STOCK = {
    "disk.used": ("ext4", "/var"),
    "disk.inodes": ("ext4", "/var"),
    "disk.filling": ("ext4", "/var"),
    "inodes.filling": ("ext4", "/var"),
    "nic.use": ("ethernet", "eth0"),
    "nic.drops": ("ethernet", "eth0"),
    "nic.link": ("ethernet", "eth0"),
    "ping.loss": ("gateway", "gateway"),
    "ping.down": ("gateway", "gateway"),
    "rtt": ("gateway", "gateway"),
    "temperature": ("coretemp", "coretemp 1"),
}
"""The class and the component of a stock alert; those that are not named here have neither."""
SENTENCES = (
    {rule.kind: rule.sentence for rule in limits.RULES}
    | {kind: sentence.replace("{span}", "3 hours") for kind, _, sentence in limits.FILLING}
    | {"rtt": limits.TRIPS[0][-1]}
)


def _stock_query(kind: str, sentence: str) -> Query:
    of_class, component = STOCK.get(kind, ("", ""))
    summary = sentence.format(component=component or "This machine", value=97.0, unit="%")
    return from_alert(signature(kind, of_class), summary, component=component, machine="Debian 12")


STOCK_QUERIES = {kind: _stock_query(kind, sentence) for kind, sentence in SENTENCES.items()}
"""What is asked when an alert of a kind is raised."""


def test_every_kind_of_alert_finds_accepted_answers_of_its_kind(console: MakeConsole) -> None:
    seed()
    member = join("newcomer")
    device, token = open_device(member, "newcomer's console", "linux")
    desk = console(Actor(member, device.pk, token))
    desk.syncs()
    lacking = {}
    for kind, query in STOCK_QUERIES.items():
        card = find_answers(desk.store, query)[0].thread
        assert (is_first_steps(card), card.signature) == (True, kind)
        threads = [each.thread for each in find_answers(desk.store, query)[:FIRST]]
        good = [each for each in threads if each.accepted and each.signature.partition("/")[0] == kind]
        if len(good) < LEAST:
            lacking[kind] = [(each.title, each.signature) for each in threads]
    assert lacking == {}
