"""Asking a device by SNMP v2c: messages of pysnmp over a socket of our own, so that each wait and each walk is bounded.

pysnmp's engine loads MIBs for every device: 75 ms of CPU a check. Its messages alone take a hundredth of that.
"""

import os
import socket
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple, Self, TypeAlias

from rackside.watch.checks.check import Deadline
from rackside.watch.proc import printable

Oid: TypeAlias = tuple[int, ...]
Value: TypeAlias = int | bytes | Oid | None
"""A number, a text, a name, or None where the device has nothing there."""
Bindings: TypeAlias = list[tuple[Oid, Value]]
TRY_S: Final = 3.0
"""A device's processor answers SNMP last; cards of UPSes take more than a second."""
TRIES: Final = 3
MOST_BYTES: Final = 65_535
MOST_STRAYS: Final = 64
"""Datagrams that are no answer to a question, of which some are late or doubled, before it is given up."""
BINDINGS: Final = 48
"""That one answer is asked for: at some 25 bytes each they fit into a datagram of 1,500."""
MOST_ROWS: Final = 1_024
"""Of a table. A larger one is cut, and that is said."""
MOST_NUMBERS: Final = 128
"""In a name [RFC 2578, §3.5]."""
MOST_TEXT: Final = 1_024
"""Bytes of a text that are kept."""
NUMBER_BYTES: Final = 4
VERSION_2C: Final = 1
TOO_BIG: Final = 1
"""[RFC 3416, §3] The error that asks for a smaller answer."""


def fresh_number() -> int:
    """Return a number for a question that nobody can guess; it has 31 bits."""
    return int.from_bytes(os.urandom(NUMBER_BYTES)) >> 1


class NotAnsweredError(OSError):
    """The device did not answer, or not with what can be read."""


class RefusedError(OSError):
    """The device answers that it will not: who asks, how, or what."""


class Table(NamedTuple):
    """The rows of a table by their index, each with a value a column; not complete when it has more than are read."""

    rows: Mapping[Oid, list[Value]]
    complete: bool = True


@lru_cache(maxsize=1)
def protocol() -> Any:  # noqa: ANN401 - pysnmp has no types
    """Return pysnmp's messages of version 2c, which version 3 uses within its own."""
    from pysnmp.proto import api  # type: ignore[import-untyped]

    return api.PROTOCOL_MODULES[api.SNMP_VERSION_2C]


def encoded(message: Any) -> bytes:  # noqa: ANN401 - as above
    """Return a message as it is sent."""
    from pyasn1.codec.ber import encoder  # type: ignore[import-untyped]

    return bytes(encoder.encode(message))


def decoded(datagram: bytes, kind: Any) -> Any:  # noqa: ANN401 - as above
    """Return what a datagram says, or None when it is not of this kind."""
    from pyasn1.codec.ber import decoder
    from pyasn1.error import PyAsn1Error  # type: ignore[import-untyped]
    from pysnmp.error import PySnmpError  # type: ignore[import-untyped]

    try:
        return decoder.decode(datagram, asn1Spec=kind)[0]
    except (PyAsn1Error, PySnmpError, ValueError, ArithmeticError, LookupError, RecursionError, TypeError):
        return None


class Session:
    """Questions to one device, one after another. What comes from another address or port is dropped by the kernel."""

    silence = "no answer in time; to a wrong community none comes either"

    def __init__(self, host: str, port: int, until: Deadline, community: str = "") -> None:
        self._until, self._community = until, community
        self._socket = _connected(host, port)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def get(self, names: Sequence[Oid]) -> list[Value]:
        """Return the values of some names, as many and in their order.

        Raises:
            OSError: it does not answer, or refuses.
        """
        found = dict(self._bindings(protocol().GetRequestPDU(), names))
        return [found.get(name) for name in names]

    def left_s(self) -> float:
        """Return the seconds that are left.

        Raises:
            TimeoutError: there are none.
        """
        return self._until.left_s()

    def walk(self, columns: Sequence[Oid], most: int = MOST_ROWS) -> Table:
        """Return a table, its columns side by side; of more rows than `most` the first in their order.

        Raises:
            OSError: it does not answer, or refuses, or its rows do not go up.
        """
        rows: dict[Oid, list[Value]] = {}
        last = dict(enumerate(columns))
        repetitions = max(1, BINDINGS // len(columns))
        while last:
            asked = list(last)
            answer, repetitions = self._bulk([last[place] for place in asked], repetitions)
            for turn, (name, value) in enumerate(answer):
                place = asked[turn % len(asked)]
                column = columns[place]
                if place not in last:
                    continue
                if value is None or name[: len(column)] != column:
                    del last[place]
                elif name <= last[place]:
                    raise NotAnsweredError("its tables go in circles: a name does not come after the one before")
                else:
                    last[place] = name
                    rows.setdefault(name[len(column) :], [None] * len(columns))[place] = value
            if len(rows) > most:
                return Table({index: rows[index] for index in sorted(rows)[:most]}, complete=False)
        return Table({index: rows[index] for index in sorted(rows)})

    def _bulk(self, names: Sequence[Oid], repetitions: int) -> tuple[Bindings, int]:
        """Return what follows some names, and how many rows may be asked for from now on."""
        while True:
            pdu = protocol().GetBulkRequestPDU()
            protocol().apiBulkPDU.set_defaults(pdu)
            protocol().apiBulkPDU.set_max_repetitions(pdu, repetitions)
            try:
                answer = self._bindings(pdu, names)
            except _TooBigError:
                if repetitions == 1:
                    raise
                repetitions //= 2
                continue
            if len(answer) < len(names):
                raise NotAnsweredError("it answers with less than was asked for")
            return answer, repetitions

    def _bindings(self, pdu: Any, names: Sequence[Oid]) -> Bindings:  # noqa: ANN401 - as above
        """Ask; return what the answer binds.

        Raises:
            OSError: it does not answer, or refuses.
        """
        speech = protocol()
        if not isinstance(pdu, speech.GetBulkRequestPDU):
            speech.apiPDU.set_defaults(pdu)
        number = fresh_number()
        speech.apiPDU.set_request_id(pdu, number)
        speech.apiPDU.set_varbinds(pdu, [(name, speech.null) for name in names])
        answer = self._exchange(pdu, number)
        status = int(speech.apiPDU.get_error_status(answer))
        if status:
            said = printable(speech.apiPDU.get_error_status(answer).prettyPrint())
            raise (_TooBigError if status == TOO_BIG else RefusedError)(f"it refuses: {said}")
        return list(_plain(answer))

    def _exchange(self, pdu: Any, number: int) -> Any:  # noqa: ANN401 - as above
        """Send a question, again where nothing comes; return the response of its number."""
        request = self._packed(pdu)
        strays = 0
        for _ in range(TRIES):
            self._socket.send(request)
            attempt = Deadline(TRY_S)
            while (datagram := self._received(attempt)) is not None:
                answer = self._unpacked(datagram)
                if (
                    isinstance(answer, protocol().ResponsePDU)
                    and int(protocol().apiPDU.get_request_id(answer)) == number
                ):
                    return answer
                strays += 1
                if strays >= MOST_STRAYS:
                    raise NotAnsweredError("it answers without an end, and not what it is asked")
        raise NotAnsweredError("it answers, but not in SNMP that can be read" if strays else self.silence)

    def _received(self, attempt: Deadline) -> bytes | None:
        """Return the next datagram, or None when this attempt is over.

        Raises:
            TimeoutError: the whole check is.
        """
        left_s = self.left_s()
        try:
            self._socket.settimeout(min(attempt.left_s(), left_s))
            return self._socket.recv(MOST_BYTES)
        except TimeoutError:
            return None

    def _packed(self, pdu: Any) -> bytes:  # noqa: ANN401 - as above
        """Return the datagram that carries a question."""
        message = protocol().Message()
        protocol().apiMessage.set_defaults(message)
        protocol().apiMessage.set_community(message, self._community.encode())
        protocol().apiMessage.set_pdu(message, pdu)
        return encoded(message)

    def _unpacked(self, datagram: bytes) -> Any:  # noqa: ANN401 - as above
        """Return what a datagram carries, or None when it is nothing of ours."""
        message = decoded(datagram, protocol().Message())
        if message is None or int(protocol().apiMessage.get_version(message)) != VERSION_2C:
            return None
        return protocol().apiMessage.get_pdu(message)


class _TooBigError(RefusedError):
    """It asks for a smaller answer."""


def _plain(answer: Any) -> Iterator[tuple[Oid, Value]]:  # noqa: ANN401 - as above
    """Yield what a response binds, as plain values."""
    from pyasn1.type import univ  # type: ignore[import-untyped]

    for name, value in protocol().apiPDU.get_varbinds(answer):
        if len(name) > MOST_NUMBERS:
            raise NotAnsweredError("it answers with a name that is too long")
        match value:
            case univ.Null():  # what is not there is one, and to pyasn1 a text
                yield tuple(name), None
            case univ.Integer():
                yield tuple(name), int(value)
            case univ.OctetString():
                yield tuple(name), bytes(value)[:MOST_TEXT]
            case univ.ObjectIdentifier():
                yield tuple(name), tuple(value)[:MOST_NUMBERS]
            case _:
                yield tuple(name), None


def _connected(host: str, port: int) -> socket.socket:
    """Return a socket that sends to a device and hears nobody else.

    Raises:
        OSError: its name is not known, or no way leads there.
    """
    failed: OSError | None = None
    for family, kind, number, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM):
        made = socket.socket(family, kind, number)
        try:
            made.connect(address)
        except OSError as error:
            made.close()
            failed = error
        else:
            return made
    raise failed or OSError("its name has no address")
