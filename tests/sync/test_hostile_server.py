"""Whatever answers, the outbox and the mirror stay whole, and the person is told what it is and what to do."""

import gzip
import json
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from backports import zstd

from rackside.store import Store, documents, mirror, outbox
from rackside.sync import engine, errors, http
from rackside.sync.http import Client
from rackside_protocol.ids import new_id
from rackside_protocol.registry import encode
from rackside_protocol.sync import MAX_RESPONSE_BYTES
from rackside_protocol.threads import Ask
from tests.store.pages import LINUX, fill, thread
from tests.sync.hostile import JSON, Hostile, Reply, as_json, well

PATIENCE_S = 20


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path) as opened:
        fill(opened, thread(1), thread(2))
        outbox.put(opened, Ask(id=new_id(), group="linux", title="Disk is full", body="Why?"))
        yield opened


def page(**changes: object) -> dict[str, object]:
    return {"channel": LINUX, "state": "rows", "epoch": "first", "next": 3, "tag": 3, **changes}


def row(version: int, **changes: object) -> dict[str, object]:
    document = json.loads(encode(thread(9)))
    return {"version": version, "id": f"{9:032x}", "kind": "thread", "document": document, **changes}


BOMB = b'{"protocol":1,"x":"' + b"a" * (MAX_RESPONSE_BYTES + 10) + b'"}'
DEEP = b"[" * 200_000
MALFORMED: dict[str, Callable[[dict[str, Any]], Reply]] = {
    "no JSON": lambda _: (200, {"Content-Type": JSON}, b"<html>"),
    "empty": lambda _: (200, {"Content-Type": JSON}, b""),
    "no UTF-8": lambda _: (200, {"Content-Type": JSON}, b'{"member":"\xff\xfe"}'),
    "another type": lambda _: as_json([1, 2, 3]),
    "a word for a number": lambda asked: as_json(well(asked, protocol="one")),
    "deeply nested": lambda asked: (
        200,
        {"Content-Type": JSON},
        json.dumps(well(asked, channels=[page(rows=[row(3, document=0)])]))
        .encode()
        .replace(b'"document": 0', b'"document": ' + DEEP),
    ),
    "no outcome for the action": lambda asked: as_json(well(asked, outcomes=[])),
    "the outcome of another action": lambda asked: as_json(
        well(asked, outcomes=[{"id": f"{5:032x}", "result": "done"}])
    ),
    "one outcome too many": lambda asked: as_json(
        well(asked, outcomes=[*well(asked)["outcomes"], {"id": f"{5:032x}", "result": "done"}])
    ),
    "an unknown result": lambda asked: as_json(
        well(asked, outcomes=[{"id": each["id"], "result": "eaten"} for each in asked["actions"]])
    ),
    "an unknown state": lambda asked: as_json(well(asked, channels=[page(state="purge everything")])),
    "a channel twice": lambda asked: as_json(well(asked, channels=[page(), page()])),
    "a channel's name that is none": lambda asked: as_json(well(asked, channels=[page(channel="../../etc")])),
    "a row beyond its page": lambda asked: as_json(well(asked, channels=[page(rows=[row(4)])])),
    "a row from before": lambda asked: as_json(well(asked, channels=[page(rows=[row(1)])])),
    "a row twice": lambda asked: as_json(well(asked, channels=[page(next=4, rows=[row(3), row(4)])])),
    "an id that is none": lambda asked: as_json(well(asked, channels=[page(rows=[row(3, id="../x")])])),
    "a version that is too large": lambda asked: as_json(well(asked, channels=[page(next=2**63, rows=[row(2**63)])])),
    "a negative version": lambda asked: as_json(well(asked, channels=[page(next=-1)])),
    "another time-line without a reset": lambda asked: as_json(well(asked, channels=[page(epoch="second")])),
    "always more of nothing": lambda asked: as_json(well(asked, channels=[page(next=2, more=True)])),
    "endless resets": lambda asked: as_json(well(asked, channels=[page(state="reset", next=0, more=True)])),
    "larger than it may be": lambda _: (200, {"Content-Type": JSON}, BOMB),
    "a bomb of gzip": lambda _: (200, {"Content-Type": JSON, "Content-Encoding": "gzip"}, gzip.compress(BOMB)),
    "a bomb of zstd": lambda _: (200, {"Content-Type": JSON, "Content-Encoding": "zstd"}, zstd.compress(BOMB)),
    "no gzip at all": lambda _: (200, {"Content-Type": JSON, "Content-Encoding": "gzip"}, b"not gzip"),
}
OTHERS: dict[str, tuple[type[errors.SyncError], Callable[[dict[str, Any]], Reply]]] = {
    "a captive portal": (errors.NotOurServer, lambda _: (200, {"Content-Type": "text/html"}, b"<h1>Hotel</h1>")),
    "a redirect elsewhere": (errors.NotOurServer, lambda _: (302, {"Location": "http://127.0.0.1:1/"}, b"")),
    "a redirect that looks like ours": (
        errors.NotOurServer,
        lambda _: (307, {"Location": "http://127.0.0.1:1/", "Content-Type": JSON}, b"{}"),
    ),
    "a gateway's own page": (errors.Unavailable, lambda _: (502, {"Content-Type": "text/html"}, b"Bad gateway")),
    "signed out": (errors.SignedOut, lambda _: as_json({"code": "x", "message": "Sign in again."}, 401)),
    "too old": (errors.UpgradeNeeded, lambda _: as_json({"code": "x", "message": "Update."}, 426)),
    "down": (errors.Unavailable, lambda _: as_json({"code": "x", "message": "Soon."}, 503)),
    "too much": (errors.Unavailable, lambda _: as_json({"code": "x", "message": "Slowly."}, 429)),
    "refused as a whole": (errors.Rejected, lambda _: as_json({"code": "x", "message": "No."}, 400)),
    "refused in other words": (errors.Rejected, lambda _: as_json("what?", 418)),
}


def whole(store: Store) -> tuple[object, ...]:
    """Return everything that must stay as it was."""
    return (
        documents.everything(store),
        mirror.cursors(store),
        mirror.seen(store),
        [(entry.action, entry.state, entry.body) for entry in outbox.pending(store)],
        mirror.is_intact(store),
    )


def sync_fails(store: Store, server: Hostile, kind: type[errors.SyncError]) -> None:
    before = whole(store)
    client = Client(server.url, "secret")
    with pytest.raises(kind) as caught:
        engine.sync(store, client)
    client.close()
    assert type(caught.value) is kind
    assert str(caught.value).endswith(".")
    assert caught.value.remedy.endswith(".")
    assert whole(store) == before


@pytest.mark.parametrize("name", sorted(MALFORMED.keys() - {"endless resets"}))
def test_a_malformed_answer_changes_nothing(name: str, store: Store, hostile: Hostile) -> None:
    hostile.reply = MALFORMED[name]
    sync_fails(store, hostile, errors.Malformed)


def test_endless_resets_are_given_up_and_leave_what_is_in_view(store: Store, hostile: Hostile) -> None:
    hostile.reply = MALFORMED["endless resets"]
    client = Client(hostile.url, "secret")
    held = documents.everything(store)
    with pytest.raises(errors.Malformed, match="resetting"):
        engine.sync(store, client)
    client.close()
    assert len(hostile.asked) <= engine.MOST_RESETS + 1
    assert documents.everything(store) == held


@pytest.mark.parametrize("name", sorted(OTHERS))
def test_each_other_failure_has_its_own_name(name: str, store: Store, hostile: Hostile) -> None:
    kind, hostile.reply = OTHERS[name]
    sync_fails(store, hostile, kind)


def hang_up(connection: socket.socket) -> None:
    connection.close()


def break_off(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{")
    connection.close()


def break_off_a_chunk(connection: socket.socket) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    connection.sendall(head + b"ff\r\n{")
    connection.close()


@pytest.mark.parametrize("how", [hang_up, break_off, break_off_a_chunk])
def test_a_broken_connection_is_the_worlds_fault(
    how: Callable[[socket.socket], None], store: Store, hostile: Hostile
) -> None:
    hostile.raw = how
    sync_fails(store, hostile, errors.Unreachable)


def test_no_server_at_all_is_the_worlds_fault(store: Store, hostile: Hostile) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        client = Client(f"http://127.0.0.1:{unused.getsockname()[1]}", "secret")
        with pytest.raises(errors.Unreachable):
            engine.sync(store, client)
        client.close()
    assert outbox.count(store, "queued") == 1
    assert hostile.asked == []


def test_an_answer_that_never_ends_is_cut_off(store: Store, hostile: Hostile, monkeypatch: pytest.MonkeyPatch) -> None:
    def drip(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
        while not hostile.stopped.wait(0.01):
            connection.sendall(b"1\r\n \r\n")

    hostile.raw = drip
    monkeypatch.setattr(http, "ANSWER_TIMEOUT_S", 0.2)
    sync_fails(store, hostile, errors.Unreachable)


def test_an_answer_that_never_begins_is_given_up(
    store: Store, hostile: Hostile, monkeypatch: pytest.MonkeyPatch
) -> None:
    def say_nothing(_: socket.socket) -> None:
        hostile.stopped.wait(PATIENCE_S)

    hostile.raw = say_nothing
    monkeypatch.setattr(http, "READ_TIMEOUT_S", 0.2)
    sync_fails(store, hostile, errors.Unreachable)


def test_the_token_of_this_console_goes_out_whatever_netrc_says(
    store: Store, hostile: Hostile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login eve password stolen\n")
    monkeypatch.setenv("NETRC", str(netrc))
    hostile.reply = lambda asked: as_json(well(asked))
    client = Client(hostile.url, "secret")
    engine.sync(store, client)
    client.close()
    assert {token for _, token in hostile.asked} == {"Bearer secret"}


def test_a_redirect_takes_neither_token_nor_actions_along(store: Store, hostile: Hostile) -> None:
    other = Hostile()
    hostile.reply = lambda _: (307, {"Location": f"{other.url}/api/sync"}, b"")
    sync_fails(store, hostile, errors.NotOurServer)
    other.server_close()
    assert other.asked == []
    assert len(hostile.asked) == 1


def test_an_address_that_others_can_read_along_is_refused() -> None:
    for address in ("http://community.example", "ftp://community.example", "community.example", ""):
        with pytest.raises(errors.NotOurServer):
            Client(address, "secret")
    for address in ("https://community.example", "http://127.0.0.1:8870", "http://localhost:8870", "http://[::1]:1"):
        Client(address, "secret").close()
