"""Answers beyond this console: a query, never what it was made from, goes to the community's server on request."""

# ruff: noqa: PLC0415 - the query brings numpy, and the client requests: 200 ms that nobody waits for before asking

from pathlib import Path

from rackside.answers.mask import mask
from rackside.answers.names import known_names
from rackside.watch.model import Machine
from rackside_protocol.queries import FoundAnswer, Query

NOT_CONNECTED = "This console is not connected. Agree on the first page, and sign in."


class Beyond(Exception):  # noqa: N818 - it is told to a person, who can act on it
    """The server could not be asked; the message says why."""


def query_beyond(text: str, machine: Machine) -> Query:
    """Make the query that is sent: of a masked text, and without what differs from machine to machine."""
    from rackside.answers.context import from_text

    return from_text(mask(text, names=known_names(machine.name)), machine=machine.system)


def find_beyond(home: Path, query: Query) -> list[FoundAnswer]:
    """Ask the server; on a worker.

    Raises:
        Beyond: it cannot be asked now.
    """
    from rackside.sync.connect import connect
    from rackside.sync.errors import SyncError, Unreachable

    client = connect(home)
    if client is None:
        raise Beyond(NOT_CONNECTED)
    try:
        return client.find_answers(query).answers
    except Unreachable as error:
        raise Beyond(f"{error} What is on this machine was searched.") from error
    except SyncError as error:
        raise Beyond(f"{error} {error.remedy}".strip()) from error
    finally:
        client.close()
