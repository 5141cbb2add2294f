"""`rackside heartbeats`: the jobs that the community's server listens for, and the folder for those of this machine."""

# ruff: noqa: PLC0415 - as the other commands, it loads what it needs when it runs

import argparse
import time
from typing import TYPE_CHECKING, Final

from rackside import paths, words
from rackside.commands import Add, Failure, Printed

if TYPE_CHECKING:
    from rackside.store import Store
    from rackside_protocol.actions import Action
    from rackside_protocol.heartbeats import Heartbeat

MOST: Final = 1_000


def add_commands(command: Add) -> None:
    """Add the command to those of the command line."""
    parser = command("heartbeats", heartbeats)
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        "--add", metavar="NAME", help="have the server listen for a job; the next sync brings its address"
    )
    what.add_argument("--renew", metavar="NAME", help="give it another address; the old one is unknown from then on")
    what.add_argument("--remove", metavar="NAME", help="listen for it no longer")


def heartbeats(chosen: argparse.Namespace) -> Printed:
    """List the jobs that the server listens for, with their addresses; add one, renew its address, remove one."""
    from rackside.store import Store

    with Store.open(paths.home()) as store:
        action = _action(store, chosen)
        return _queued(store, action) if action is not None else _listed(store)


def _action(store: "Store", chosen: argparse.Namespace) -> "Action | None":
    """Make the action that is asked for, if any."""
    from rackside_protocol.heartbeats import RegisterHeartbeat, RemoveHeartbeat, RenewHeartbeat
    from rackside_protocol.ids import new_id

    now_ms = int(time.time() * 1_000)
    if chosen.add is not None:
        return RegisterHeartbeat(id=new_id(), made_ms=now_ms, name=chosen.add)
    if chosen.renew is not None:
        return RenewHeartbeat(id=new_id(), made_ms=now_ms, heartbeat=_named(store, chosen.renew))
    if chosen.remove is not None:
        return RemoveHeartbeat(id=new_id(), made_ms=now_ms, heartbeat=_named(store, chosen.remove))
    return None


def _named(store: "Store", name: str) -> str:
    for each in _held(store):
        if each.name == name:
            return each.id
    raise Failure(f"the server listens for no {name}, as far as the last sync knows; rackside heartbeats lists them.")


def _held(store: "Store") -> "list[Heartbeat]":
    from rackside.store import documents
    from rackside_protocol.heartbeats import Heartbeat

    return sorted(documents.of_kind(store, Heartbeat, limit=MOST), key=lambda each: each.name)


def _queued(store: "Store", action: "Action") -> Printed:
    from rackside.store import ballast, outbox
    from rackside_protocol.registry import encode, read_action

    try:
        read_action(encode(action))
        outbox.put(store, action)
    except ValueError as error:
        raise Failure(f"the community would not take it: {error}.") from error
    except ballast.NoRoom as error:
        raise Failure(str(error)) from error
    return {"action": action.id}, f"Queued as {action.id}; rackside sync sends it, and so does the sidebar."


def _listed(store: "Store") -> Printed:
    from rackside import settings
    from rackside.watch.checks.heartbeat import spool
    from rackside.watch.proc import printable

    server, folder = settings.load(paths.home()).server_url.rstrip("/"), spool()
    value, lines = [], []
    for each in _held(store):
        last_s = each.last_ms / 1_000
        value.append(
            {
                "name": each.name,
                "address": server + each.address,
                "state": each.last_state,
                "last_s": last_s,
                "message": each.message,
                "count": each.count,
            }
        )
        heard = f"{each.last_state} {words.ago(last_s)}" if last_s else each.last_state
        told = f": {printable(each.message)}" if each.message else ""
        lines += [f"{printable(each.name)}  {heard}{told}", f"   {server}{printable(each.address)}"]
    lines = lines or ["The server listens for no job yet. Try: rackside heartbeats --add backup"]
    return {"heartbeats": value, "folder": str(folder)}, "\n".join(
        [*lines, f"Jobs of this machine touch files in {folder}"]
    )
