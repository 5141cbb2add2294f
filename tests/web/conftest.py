"""A small community on the web: an open and a private thread with replies, an idea with a comment, and browsers."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import pytest
from django.test import Client

from rackside_protocol.actions import Action
from rackside_protocol.ideas import CommentIdea, Propose
from rackside_protocol.ids import new_id
from rackside_protocol.threads import Accept, Ask, Reply
from rackside_server.feed.handlers import carry_out
from rackside_server.feed.limits import lifted
from tests.kernel.cast import OPEN_GROUP, PRIVATE_GROUP, Actor

Browser: TypeAlias = Callable[[Actor | None], Client]
SECRET = "zanzibar"
"""Stands in everything that the private group holds, and nowhere else."""


@dataclass(frozen=True)
class Town:
    """What was written, by its id."""

    open_thread: str
    solution: str
    private_thread: str
    private_post: str
    idea: str


@pytest.fixture
def browser() -> Browser:
    def opened(actor: Actor | None) -> Client:
        client = Client(enforce_csrf_checks=False)
        if actor is not None:
            client.force_login(actor.member)
        return client

    return opened


@pytest.fixture
def unhurried() -> Iterator[None]:
    """Nobody waits between two texts."""
    with lifted():
        yield


@pytest.fixture
def town(alice: Actor, bob: Actor, unhurried: None) -> Town:  # noqa: ARG001 - pytest finds it by name
    open_thread = wrote(alice, Ask(id=new_id(), group=OPEN_GROUP, title="Why is /var full?", body="df says 100 %."))
    solution = wrote(bob, Reply(id=new_id(), thread=open_thread, body="Run `lsof +L1`."))
    wrote(bob, Reply(id=new_id(), thread=open_thread, body="Or restart it."))
    wrote(alice, Accept(id=new_id(), thread=open_thread, post=solution))
    private_thread = wrote(
        alice, Ask(id=new_id(), group=PRIVATE_GROUP, title=f"Prices in {SECRET}", body=f"Of {SECRET}.", tags=[SECRET])
    )
    private_post = wrote(bob, Reply(id=new_id(), thread=private_thread, body=f"{SECRET} is dear."))
    wrote(alice, Accept(id=new_id(), thread=private_thread, post=private_post))
    idea = wrote(alice, Propose(id=new_id(), title="Dark pages for the night", body="My eyes hurt at three."))
    wrote(bob, CommentIdea(id=new_id(), idea=idea, body="Mine too."))
    return Town(open_thread, solution, private_thread, private_post, idea)


def wrote(actor: Actor, action: Action) -> str:
    """Carry an action out, insist that it was done, and return its id."""
    outcome = carry_out(actor.member, action)
    assert outcome.result == "done", outcome
    return action.id
