"""Asking a device by SNMP v3 with its user-based security (RFC 3412, 3414, 3826, 7860): signed and encrypted.

Signing is Python's own hmac; encryption and what a message looks like are pysnmp's.
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final, NamedTuple

from rackside.watch.checks.check import Deadline
from rackside.watch.checks.secrets import AuthProtocol, PrivacyProtocol, SnmpCredentials
from rackside.watch.checks.snmp_session import (
    MOST_BYTES,
    NotAnsweredError,
    RefusedError,
    Session,
    decoded,
    encoded,
    fresh_number,
    protocol,
)

VERSION_3: Final = 3
USER_BASED: Final = 3
SIGNED: Final = 1
ENCRYPTED: Final = 2
ANSWER_ME: Final = 4
"""[RFC 3412, §6.4] What a message's flags say; the last asks for a report where it cannot be read."""
STRETCHED: Final = 2**20
"""[RFC 3414, §A.2] Bytes to which a key is repeated before it is hashed."""
HASHES: Final[Mapping[AuthProtocol, tuple[str, int]]] = {
    "MD5": ("md5", 12),
    "SHA": ("sha1", 12),
    "SHA-256": ("sha256", 24),
    "SHA-512": ("sha512", 48),
}
"""The hash of each protocol, and how many bytes of it sign a message [RFC 3414, 7860]."""
STATISTICS: Final = (1, 3, 6, 1, 6, 3, 15, 1, 1)
LEVEL, WINDOW, USER, ENGINE, DIGEST, DECRYPTION = range(1, 7)
"""[RFC 3414, §5] What a report counts, below `STATISTICS`."""
REFUSALS: Final = {
    LEVEL: "it does not take {level} from the user {user}",
    USER: "the user or key is wrong: it knows no user {user}",
    DIGEST: "the user or key is wrong: the authentication key of {user}, or its protocol, is another",
    DECRYPTION: "the user or key is wrong: the privacy key of {user}, or its protocol, is another",
}
TURNS: Final = 3
"""A question is asked anew when the device started again meanwhile: once for who it is, once for its clock."""


class _Engine(NamedTuple):
    """Who a device is, how often it started, and how many seconds ago."""

    id: bytes
    boots: int
    time_s: int


class _StaleError(Exception):
    """The device is another than it was, or its clock is: what we know of it has been renewed."""


class UsmSession(Session):
    """Questions to one device under a user's name. What answers below the level that is asked is not believed."""

    def __init__(self, host: str, port: int, until: Deadline, credentials: SnmpCredentials) -> None:
        super().__init__(host, port, until)
        self._user = credentials.user.encode()
        self._credentials = credentials
        self._flags = (SIGNED if credentials.auth_key else 0) | (ENCRYPTED if credentials.privacy_key else 0)
        self._hash, self._signature_bytes = HASHES[credentials.auth_protocol]
        self._engine = _Engine(b"", 0, 0)
        self._auth_key = self._privacy_key = b""
        self._cipher = _cipher(credentials.privacy_protocol) if credentials.privacy_key else None
        self._sent: set[int] = set()

    def _exchange(self, pdu: Any, number: int) -> Any:  # noqa: ANN401 - pysnmp has no types
        for _ in range(TURNS):
            try:
                return super()._exchange(pdu, number)
            except _StaleError:
                continue
        raise RefusedError("it does not take our time for its own: it says that the message is not in its time window")

    def _packed(self, pdu: Any) -> bytes:  # noqa: ANN401 - as above
        """Return the datagram of a question, or, while it is not known who the device is, the question who it is."""
        if self._engine.id:
            return self._message(pdu, self._flags, self._user)
        who = protocol().GetRequestPDU()
        protocol().apiPDU.set_defaults(who)
        return self._message(who, 0, b"")

    def _message(self, pdu: Any, flags: int, user: bytes) -> bytes:  # noqa: ANN401 - as above
        number = fresh_number()
        self._sent.add(number)
        scoped = _v3().ScopedPDU()
        scoped["contextEngineId"], scoped["contextName"] = self._engine.id, b""
        scoped["data"].setComponentByType(pdu.getTagSet(), pdu)
        message = _v3().SNMPv3Message()
        message["msgVersion"] = VERSION_3
        for place, value in enumerate((number, MOST_BYTES, bytes([flags | ANSWER_ME]), USER_BASED)):
            message["msgGlobalData"][place] = value
        salt = b""
        if flags & ENCRYPTED:
            message["msgData"]["encryptedPDU"], salt = self._encrypted(encoded(scoped))
        else:
            message["msgData"]["plaintext"] = scoped
        room = bytes(self._signature_bytes if flags & SIGNED else 0)
        security = _usm().UsmSecurityParameters()
        for place, part in enumerate((*self._engine, user, room, salt)):
            security[place] = part
        packed_security = encoded(security)
        message["msgSecurityParameters"] = packed_security
        packed = encoded(message)
        if not room:
            return packed
        after = packed.index(packed_security) + len(packed_security) - len(encoded(security["msgPrivacyParameters"]))
        return packed[: after - len(room)] + self._signature(packed) + packed[after:]

    def _unpacked(self, datagram: bytes) -> Any:  # noqa: ANN401 - as above
        """Return the response of a message that we sent, or None.

        Raises:
            RefusedError: it is a report that nothing more can be done about.
        """
        message = decoded(datagram, _v3().SNMPv3Message())
        if message is None or int(message["msgGlobalData"]["msgID"]) not in self._sent:
            return None
        packed_security = bytes(message["msgSecurityParameters"])
        security = decoded(packed_security, _usm().UsmSecurityParameters())
        if security is None:
            return None
        engine = _Engine(bytes(security[0]), int(security[1]), int(security[2]))
        flags = bytes(message["msgGlobalData"]["msgFlags"])[0]
        signed = self._is_signed(datagram, packed_security, bytes(security[4])) if flags & SIGNED else False
        if flags & SIGNED and not signed:
            return None
        scoped = self._scoped(message["msgData"], engine, bytes(security[5]))
        if scoped is None:
            return None
        pdu = scoped["data"].getComponent()
        if isinstance(pdu, protocol().ReportPDU):
            self._hear(pdu, engine, signed=signed)
        believed = flags & self._flags == self._flags and engine.id == self._engine.id
        return pdu if believed and bytes(security[3]) == self._user else None

    def _scoped(self, data: Any, engine: _Engine, salt: bytes) -> Any:  # noqa: ANN401 - as above
        """Return what a message carries, decrypted where it has to be, or None when it cannot be."""
        from pysnmp.error import PySnmpError  # type: ignore[import-untyped]

        if data.getName() == "plaintext":
            return data.getComponent()
        if self._cipher is None or not self._privacy_key:
            return None
        speech = protocol()
        given = (engine.boots, engine.time_s, speech.OctetString(salt))
        try:
            plain = self._cipher.decrypt_data(speech.OctetString(self._privacy_key), given, data.getComponent())
        except (PySnmpError, ValueError):
            return None
        return decoded(plain, _v3().ScopedPDU())

    def _encrypted(self, plain: bytes) -> tuple[bytes, bytes]:
        assert self._cipher is not None
        given = (self._engine.boots, self._engine.time_s, None)
        secret, salt = self._cipher.encrypt_data(protocol().OctetString(self._privacy_key), given, plain)
        return bytes(secret), bytes(salt)

    def _hear(self, report: Any, engine: _Engine, *, signed: bool) -> None:  # noqa: ANN401 - as above
        """Act on a report.

        Raises:
            _StaleError: it told what was missing, and the question can be asked anew.
            RefusedError: it says what is wrong with the question.
        """
        names = [tuple(name) for name, _ in protocol().apiPDU.get_varbinds(report)]
        why = names[0][len(STATISTICS)] if names and names[0][:-2] == STATISTICS else 0
        if why == ENGINE and engine.id and engine.id != self._engine.id:
            self._know(engine)
            raise _StaleError
        if why == WINDOW and engine.id == self._engine.id and (signed or not self._flags & SIGNED):
            self._engine = engine
            raise _StaleError
        if why in REFUSALS:
            user = self._credentials.user
            raise RefusedError(REFUSALS[why].format(user=user, level=self._credentials.level))
        if why == WINDOW:
            raise RefusedError("it says that the message is not in its time window, and does not sign that")
        raise NotAnsweredError("it reports a trouble that is none of the user's or the keys'")

    def _know(self, engine: _Engine) -> None:
        """Take over who the device is, and make the keys that are only for it."""
        self._engine = engine
        if self._flags & SIGNED:
            master = self._stretched(self._credentials.auth_key)
            self._auth_key = hashlib.new(self._hash, master + engine.id + master).digest()
        if self._cipher is not None:
            service, speech = _signing(self._credentials.auth_protocol), protocol()
            master = speech.OctetString(self._stretched(self._credentials.privacy_key))
            self._privacy_key = bytes(self._cipher.localize_key(service, master, speech.OctetString(engine.id)))
            self.silence = "no answer in time, although it knows the user: the privacy key or protocol may be wrong"

    def _stretched(self, key: str) -> bytes:
        """Return the hash of what a person typed, repeated to a megabyte."""
        typed = key.encode()
        return hashlib.new(self._hash, (typed * (STRETCHED // len(typed) + 1))[:STRETCHED]).digest()

    def _signature(self, packed: bytes) -> bytes:
        return hmac.digest(self._auth_key, packed, self._hash)[: self._signature_bytes]

    def _is_signed(self, datagram: bytes, security: bytes, signature: bytes) -> bool:
        """Whether a message is signed with our key: its signature was made while zeros stood in its place."""
        if len(signature) != self._signature_bytes or not self._auth_key:
            return False
        start = datagram.index(security) + security.rindex(signature)
        unsigned = datagram[:start] + bytes(len(signature)) + datagram[start + len(signature) :]
        return hmac.compare_digest(self._signature(unsigned), signature)


@lru_cache(maxsize=1)
def _v3() -> Any:  # noqa: ANN401 - pysnmp has no types
    """Return pysnmp's messages of version 3."""
    from pysnmp.proto.mpmod import rfc3412  # type: ignore[import-untyped]

    return rfc3412


@lru_cache(maxsize=1)
def _usm() -> Any:  # noqa: ANN401 - as above
    """Return pysnmp's user-based security, with all its ciphers."""
    from pysnmp.proto.secmod.rfc3414 import service  # type: ignore[import-untyped]

    return service


def _signing(name: AuthProtocol) -> tuple[int, ...]:
    """Return what pysnmp calls a protocol, which it asks for with the privacy key."""
    sha2 = _usm().hmacsha2.HmacSha2
    services: dict[AuthProtocol, tuple[int, ...]] = {
        "MD5": _usm().hmacmd5.HmacMd5.SERVICE_ID,
        "SHA": _usm().hmacsha.HmacSha.SERVICE_ID,
        "SHA-256": sha2.SHA256_SERVICE_ID,
        "SHA-512": sha2.SHA512_SERVICE_ID,
    }
    return services[name]


def _cipher(name: PrivacyProtocol) -> Any:  # noqa: ANN401 - as above
    """Return pysnmp's cipher, with a salt of its own: all that it makes begin with one and the same."""
    usm = _usm()
    kinds = {"DES": usm.des.Des, "AES": usm.aes.Aes, "AES-256": usm.aes256.AesBlumenthal256}
    made = kinds[name]()
    made.local_int = secrets.randbits(32 if name == "DES" else 64)
    return made
