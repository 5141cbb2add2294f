"""Devices that are asked by SNMP and lie, repeat themselves, say too much or never end."""

import random
import socket
import time
from collections.abc import Iterable
from typing import Any

import pytest

from rackside.watch.checks import snmp_session, snmp_tables
from rackside.watch.checks.check import Deadline
from rackside.watch.checks.run import run
from rackside.watch.checks.snmp import MOST_VALUES, Snmp
from rackside.watch.checks.snmp_session import MOST_ROWS, MOST_STRAYS, Session
from rackside.watch.checks.snmp_usm import DECRYPTION, ENGINE, WINDOW
from tests.watch.snmp_devices import (
    HOST,
    SPEECH,
    UPTIME,
    USERS,
    Reply,
    answer,
    asked,
    echo,
    found,
    free_port,
    kept,
    no_keyring,
    report,
    responder,
    short_tries,
)

__all__ = ["no_keyring", "short_tries"]
pytestmark = pytest.mark.usefixtures("socket_enabled", "no_keyring")


def silence(_datagram: bytes) -> Iterable[bytes]:
    return ()


@pytest.mark.usefixtures("short_tries")
def test_a_device_that_is_silent_is_asked_again_and_then_given_up() -> None:
    questions: list[bytes] = []

    def listens(datagram: bytes) -> Iterable[bytes]:
        questions.append(datagram)
        return ()

    with responder(listens) as port:
        seen = found(port)
    assert (seen.level, seen.sentence) == ("critical", snmp_session.Session.silence)
    assert len(questions) == snmp_session.TRIES
    assert len(set(questions)) == 1


def test_the_deadline_of_a_check_holds_however_long_a_try_is() -> None:
    with responder(silence) as port:
        began = time.monotonic()
        assert found(port, timeout_s=0.2).sentence == "no answer in time"
        assert time.monotonic() - began < snmp_session.TRY_S


def test_a_port_where_nobody_listens_is_refused_at_once() -> None:
    assert found(free_port()).sentence == "Connection refused"


@pytest.mark.usefixtures("short_tries")
def test_an_answer_to_a_lost_question_is_waited_for() -> None:
    seen: list[bytes] = []

    def deaf_once(datagram: bytes) -> Iterable[bytes]:
        seen.append(datagram)
        return [answer(datagram, echo(datagram, SPEECH.TimeTicks(100)))] if len(seen) > 1 else ()

    with responder(deaf_once) as port:
        assert found(port, "oid", oid="1.3.6.1.2.1.1.3.0").level == "ok"


@pytest.mark.usefixtures("short_tries")
@pytest.mark.parametrize("version", ["2c", "3"])
def test_garbage_is_not_listened_to(version: str) -> None:
    chance = random.Random(7)  # noqa: S311 - it is repeated

    def babbles(datagram: bytes) -> Iterable[bytes]:
        yield b""
        yield datagram[: len(datagram) // 2]
        yield b"\x30\x84\xff\xff\xff\xff" + datagram
        yield b"\x30\x80" * 30_000
        yield b"\x30\x0b\x02\x01\x01\x04\x00\x06\xff" + b"\xff" * 60_000
        yield from (chance.randbytes(200) for _ in range(10))
        yield datagram

    with responder(babbles) as port:
        seen = found(port, version=version, secret=kept(USERS["sha"]) if version == "3" else "")
    assert (seen.level, seen.sentence) == ("critical", "it answers, but not in SNMP that can be read")


@pytest.mark.usefixtures("short_tries")
def test_answers_to_other_questions_and_from_others_are_not_taken() -> None:
    def replays(datagram: bytes) -> Iterable[bytes]:
        number = int(SPEECH.apiPDU.get_request_id(asked(datagram)))
        yield answer(datagram, echo(datagram, SPEECH.Integer(666)), number=(number + 1) % 2**31)
        yield answer(datagram, echo(datagram, SPEECH.Integer(666))).replace(b"\x02\x01\x01", b"\x02\x01\x00", 1)
        yield answer(datagram, echo(datagram, SPEECH.Integer(1)))

    with responder(replays) as port:
        assert found(port, "oid", oid="1.3.6.1.4.1.1.0").values["value"] == (1.0, "")

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:

        def lets_a_stranger_answer(datagram: bytes) -> Iterable[bytes]:
            forged = answer(datagram, echo(datagram, SPEECH.Integer(666)))
            for peer in peers:
                stranger.sendto(forged, peer)
            return ()

        peers: list[tuple[str, int]] = []
        with responder(lets_a_stranger_answer) as port, Session(HOST, port, Deadline(5), "public") as session:
            peers.append(session._socket.getsockname())
            with pytest.raises(OSError, match="no answer in time"):
                session.get([UPTIME])


def test_a_flood_of_answers_ends() -> None:
    def floods(datagram: bytes) -> Iterable[bytes]:
        return [answer(datagram, [], number=1)] * (MOST_STRAYS + 10)

    with responder(floods) as port:
        assert "answers without an end" in found(port).sentence


def test_a_table_that_goes_in_circles_ends() -> None:
    def circles(datagram: bytes) -> Iterable[bytes]:
        return [answer(datagram, [((*column, 1), SPEECH.Integer(5)) for column in snmp_tables.INTERFACES] * 2)]

    with responder(circles) as port:
        assert "go in circles" in found(port, "interfaces").sentence


def goes_on(datagram: bytes, columns: dict[snmp_session.Oid, Any], rows: int = 12) -> bytes:
    """Answer a question for what follows in some columns with the next rows, whatever rows there were.

    A column's value may be made of the row's number.
    """
    bound = []
    names = [tuple(name) for name, _ in SPEECH.apiPDU.get_varbinds(asked(datagram))]
    for turn in range(1, rows + 1):
        for name in names:
            column = next(each for each in columns if name[: len(each)] == each)
            row, value = sum(name[len(column) :]) + turn, columns[column]
            bound.append(((*column, row), value(row) if callable(value) else value))
    return answer(datagram, bound)


def test_a_table_of_ten_thousand_rows_is_cut_and_that_is_said() -> None:
    up = dict.fromkeys(snmp_tables.INTERFACES, SPEECH.Integer(1))
    with responder(lambda datagram: [goes_on(datagram, up)]) as port:
        seen = found(port, "interfaces")
    assert (seen.level, seen.sentence) == (
        "unknown",
        f"{HOST}: there are too many rows: only the first {MOST_ROWS} are looked at",
    )
    assert seen.values["interfaces"] == (float(MOST_ROWS), "")


def test_what_is_wrong_in_a_table_that_is_cut_stands_before_that_it_is() -> None:
    lost = {column: SPEECH.Integer(value) for value, column in enumerate(snmp_tables.INTERFACES, start=1)}

    def down(datagram: bytes) -> Iterable[bytes]:
        if isinstance(asked(datagram), SPEECH.GetBulkRequestPDU):
            return [goes_on(datagram, lost)]
        return [answer(datagram, echo(datagram, SPEECH.OctetString(b"\x1b[2J" + b"A" * 9_000)))]

    with responder(down) as port:
        seen = found(port, "interfaces")
    assert seen.level == "warning"
    assert "\x1b" not in seen.sentence
    assert len(seen.sentence) < 200
    assert seen.sentence.endswith(f"is down, and {MOST_ROWS} more")


def test_of_a_thousand_disks_few_numbers_are_told() -> None:
    kind = SPEECH.ObjectIdentifier((1, 3, 6, 1, 2, 1, 25, 2, 1, 4))
    full = (kind, lambda row: SPEECH.OctetString(b"/srv=%d 2" % row), SPEECH.Integer(100), SPEECH.Integer(95))
    many = dict(zip((*snmp_tables.STORAGE, *snmp_tables.MOUNTS), (*full, *full[2:]), strict=True))
    with responder(lambda datagram: [goes_on(datagram, many)]) as port:
        seen = found(port, "storage")
    assert seen.sentence == f"{HOST}: /srv=1 2 is 95 % full, and {MOST_ROWS} more"
    assert len(seen.values) == MOST_VALUES
    assert "used_/srv_1_2" in seen.values


def test_a_device_that_can_only_say_little_at_once_is_asked_for_less() -> None:
    def narrow(datagram: bytes) -> Iterable[bytes]:
        asks_for = int(SPEECH.apiBulkPDU.get_max_repetitions(asked(datagram)))
        if asks_for > 3:
            return [answer(datagram, [], status=1)]
        name = tuple(SPEECH.apiPDU.get_varbinds(asked(datagram))[0][0])
        row = name[11] if len(name) > 11 else 0
        bound = [((*snmp_tables.PROCESSORS[0], row + 1), SPEECH.Integer(1)), ((1, 3, 9), SPEECH.Integer(1))]
        return [answer(datagram, bound if row >= 4 else bound[:1])]

    with responder(narrow) as port, Session(HOST, port, Deadline(5), "public") as session:
        assert len(session.walk(snmp_tables.PROCESSORS).rows) == 5
    with responder(lambda datagram: [answer(datagram, [], status=1)]) as port:
        assert "it refuses: tooBig" in found(port, "interfaces").sentence


def test_an_answer_without_what_was_asked_for_and_names_beyond_measure_end() -> None:
    with responder(lambda datagram: [answer(datagram, [])]) as port:
        assert "less than was asked for" in found(port, "interfaces").sentence
        assert "does not tell" in found(port, "ups").sentence
    with responder(lambda datagram: [answer(datagram, [((1, 3, *([7] * 200)), SPEECH.Integer(1))])]) as port:
        assert "a name that is too long" in found(port).sentence


@pytest.mark.usefixtures("short_tries")
def test_no_bytes_whatever_break_a_check() -> None:
    """What pysnmp raises for hostile bytes is not written down, so that a thousand broken answers are tried."""
    chance = random.Random(2)  # noqa: S311 - it is repeated

    def breaks(datagram: bytes) -> Iterable[bytes]:
        good = bytearray(answer(datagram, echo(datagram, SPEECH.Counter64(2**63))))
        for _ in range(MOST_STRAYS - 2):
            bad = bytearray(good)
            for _ in range(chance.randint(1, 4)):
                bad[chance.randrange(len(bad))] = chance.randrange(256)
            yield bytes(bad)

    with responder(breaks) as port:
        for turn in range(20):
            check = Snmp(host=HOST, port=port, what=("any", "ups", "interfaces")[turn % 3], timeout_s=20)
            seen = run(check)
            assert seen.sentence != "no answer in time"


def reports(*counted: int) -> tuple[list[bytes], Reply]:
    """Answer one question after another with these reports, and from then on with the last."""
    seen: list[bytes] = []

    def says(datagram: bytes) -> Iterable[bytes]:
        seen.append(datagram)
        return [report(datagram, counted[min(len(seen), len(counted)) - 1])]

    return seen, says


@pytest.mark.usefixtures("short_tries")
@pytest.mark.parametrize(
    ("user", "counted", "said"),
    [
        ("open", (ENGINE, WINDOW), "not in its time window"),
        ("sha", (ENGINE, WINDOW), "not in its time window, and does not sign that"),
        ("sha", (ENGINE, DECRYPTION), "the user or key is wrong: the privacy key of sha"),
        ("sha", (ENGINE, ENGINE), "a trouble that is none of the user's or the keys'"),
        ("sha", (99,), "a trouble that is none of the user's or the keys'"),
    ],
)
def test_a_device_that_reports_the_same_trouble_again_and_again_is_given_up(
    user: str, counted: tuple[int, ...], said: str
) -> None:
    seen, says = reports(*counted)
    with responder(says) as port:
        assert said in found(port, version="3", secret=kept(USERS[user])).sentence
    assert len(seen) <= snmp_session.TRIES + 1


@pytest.mark.usefixtures("short_tries")
@pytest.mark.parametrize("signature", [b"", bytes(12), b"forged", b"forged forged"], ids=repr)
def test_an_answer_that_nobody_with_the_key_signed_is_not_believed(signature: bytes) -> None:
    seen: list[bytes] = []

    def answers_unsigned(datagram: bytes) -> Iterable[bytes]:
        seen.append(datagram)
        if len(seen) == 1:
            return [report(datagram, ENGINE)]
        return [report(datagram, 0, kind=SPEECH.GetResponsePDU(), user="signed", signature=signature)]

    with responder(answers_unsigned) as port:
        said = found(port, version="3", secret=kept(USERS["signed"])).sentence
    assert said == "it answers, but not in SNMP that can be read"
