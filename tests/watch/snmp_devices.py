"""Devices that speak SNMP: Debian's own agent with invented tables, and responders that do what no device should."""

import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import keyring
import msgspec
import pytest
from pyasn1.codec.ber import decoder, encoder  # type: ignore[import-untyped]
from pysnmp.proto import api  # type: ignore[import-untyped]
from pysnmp.proto.mpmod.rfc3412 import ScopedPDU, SNMPv3Message  # type: ignore[import-untyped]
from pysnmp.proto.secmod.rfc3414.service import UsmSecurityParameters  # type: ignore[import-untyped]

from rackside.watch.checks import snmp_session
from rackside.watch.checks.check import Result
from rackside.watch.checks.run import run
from rackside.watch.checks.secrets import SnmpCredentials, keep_secret
from rackside.watch.checks.snmp import Snmp, What
from rackside.watch.checks.snmp_usm import STATISTICS

HOST = "127.0.0.1"
UPTIME = (1, 3, 6, 1, 2, 1, 1, 3, 0)
ENGINE_ID = b"\x80\x00\x1f\x88\x05" + bytes(13)
"""With more zeros than stand where a signature goes, so that their place is not searched for."""
SPEECH = api.PROTOCOL_MODULES[api.SNMP_VERSION_2C]
AUTH_KEY, PRIVACY_KEY = "authentic-9", "privacy-99"
USERS = {
    "signed": SnmpCredentials(user="signed", auth_key=AUTH_KEY),
    "open": SnmpCredentials(user="open"),
    "sha": SnmpCredentials(user="sha", auth_key=AUTH_KEY, privacy_key=PRIVACY_KEY),
    "md5": SnmpCredentials(
        user="md5", auth_protocol="MD5", auth_key=AUTH_KEY, privacy_protocol="DES", privacy_key=PRIVACY_KEY
    ),
    "sha256": SnmpCredentials(
        user="sha256", auth_protocol="SHA-256", auth_key=AUTH_KEY, privacy_protocol="AES-256", privacy_key=PRIVACY_KEY
    ),
    "sha512": SnmpCredentials(user="sha512", auth_protocol="SHA-512", auth_key=AUTH_KEY, privacy_key=PRIVACY_KEY),
}
LEVELS = {"noAuthNoPriv": "noauth", "authNoPriv": "auth", "authPriv": "priv"}
TABLES = """
override .1.3.6.1.2.1.43.11.1.1.6.1.1 octet_str "Black Toner"
override .1.3.6.1.2.1.43.11.1.1.6.1.2 octet_str "Cyan Toner"
override .1.3.6.1.2.1.43.11.1.1.6.1.3 octet_str "Waste box"
override .1.3.6.1.2.1.43.11.1.1.7.1.1 integer 19
override .1.3.6.1.2.1.43.11.1.1.7.1.2 integer 7
override .1.3.6.1.2.1.43.11.1.1.7.1.3 integer 7
override .1.3.6.1.2.1.43.11.1.1.8.1.1 integer -2
override .1.3.6.1.2.1.43.11.1.1.8.1.2 integer 2000
override .1.3.6.1.2.1.43.11.1.1.8.1.3 integer -2
override .1.3.6.1.2.1.43.11.1.1.9.1.1 integer 12
override .1.3.6.1.2.1.43.11.1.1.9.1.2 integer 80
override .1.3.6.1.2.1.43.11.1.1.9.1.3 integer -3
override .1.3.6.1.2.1.33.1.2.1.0 integer 2
override .1.3.6.1.2.1.33.1.2.2.0 integer 240
override .1.3.6.1.2.1.33.1.2.4.0 integer 71
override .1.3.6.1.2.1.33.1.4.1.0 integer 5
override .1.3.6.1.2.1.2.2.1.2.9001 octet_str "invented"
override .1.3.6.1.2.1.2.2.1.7.9001 integer 1
override .1.3.6.1.2.1.2.2.1.8.9001 integer 2
override .1.3.6.1.2.1.31.1.1.1.1.9001 octet_str "xe-0/0/1"
override .1.3.6.1.2.1.31.1.1.1.18.9001 octet_str "to the cellar"
"""


@pytest.fixture
def no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is written into the keyring of whoever runs this."""
    monkeypatch.setattr(keyring.core, "_keyring_backend", keyring.core.load_keyring("keyring.backends.fail.Keyring"))


@pytest.fixture
def short_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snmp_session, "TRY_S", 0.1)


def found(port: int, what: What = "any", **chosen: object) -> Result:
    return run(msgspec.convert({"host": HOST, "port": port, "what": what, "timeout_s": 20.0, **chosen}, Snmp))


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as found:
        found.bind((HOST, 0))
        return int(found.getsockname()[1])


def configuration(port: int) -> str:
    lines = [f"agentaddress udp:{HOST}:{port}", f"rocommunity public {HOST}", f"rocommunity quiet-word {HOST}"]
    lines.append(f"exactEngineID 0x{ENGINE_ID.hex()}")
    for name, user in USERS.items():
        auth = f' {user.auth_protocol} "{user.auth_key}"' if user.auth_key else ""
        privacy = f' {user.privacy_protocol} "{user.privacy_key}"' if user.privacy_key else ""
        lines += [f"createUser {name}{auth}{privacy}", f"rouser {name} {LEVELS[user.level]}"]
    return "\n".join(lines) + TABLES


@contextmanager
def agent(folder: Path) -> Iterator[int]:
    """Run Debian's snmpd on a port of this machine's own."""
    program = shutil.which("snmpd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        pytest.skip("snmpd is not installed: apt-get install snmpd")
    port = free_port()
    (folder / "snmpd.conf").write_text(configuration(port))
    place = {"SNMP_PERSISTENT_DIR": str(folder / "kept"), "MIBS": "", "SNMPCONFPATH": str(folder)}
    command = [program, "-f", "-Lf", str(folder / "log"), "-C", "-c", str(folder / "snmpd.conf")]
    with subprocess.Popen(command, env=os.environ | place) as running:
        try:
            until = time.monotonic() + 60
            while run(Snmp(host=HOST, port=port, timeout_s=2)).level != "ok":
                assert running.poll() is None, (folder / "log").read_text()
                assert time.monotonic() < until
                time.sleep(0.05)
            yield port
        finally:
            running.terminate()


def kept(credentials: SnmpCredentials) -> str:
    """Keep credentials under a name; return it."""
    keep_secret("device", credentials)
    return "device"


Bound = Iterable[tuple[tuple[int, ...], Any]]
Reply = Callable[[bytes], Iterable[bytes]]


def asked(datagram: bytes) -> Any:
    """Return the question of a message of version 2c."""
    return SPEECH.apiMessage.get_pdu(decoder.decode(datagram, asn1Spec=SPEECH.Message())[0])


def answer(datagram: bytes, bound: Bound, *, number: int | None = None, status: int = 0) -> bytes:
    """Return the response to a question, or one of another number."""
    pdu = SPEECH.GetResponsePDU()
    SPEECH.apiPDU.set_defaults(pdu)
    SPEECH.apiPDU.set_request_id(pdu, SPEECH.apiPDU.get_request_id(asked(datagram)) if number is None else number)
    SPEECH.apiPDU.set_error_status(pdu, status)
    SPEECH.apiPDU.set_varbinds(pdu, list(bound))
    message = SPEECH.Message()
    SPEECH.apiMessage.set_defaults(message)
    SPEECH.apiMessage.set_pdu(message, pdu)
    return bytes(encoder.encode(message))


def echo(datagram: bytes, value: Any) -> list[tuple[tuple[int, ...], Any]]:
    """Bind one value to everything that is asked for."""
    return [(tuple(name), value) for name, _ in SPEECH.apiPDU.get_varbinds(asked(datagram))]


def report(datagram: bytes, counted: int, *, kind: Any = None, user: str = "", signature: bytes = b"") -> bytes:
    """Return a message of version 3: the report of a counter, or another kind that binds the same."""
    question = decoder.decode(datagram, asn1Spec=SNMPv3Message())[0]
    pdu = SPEECH.ReportPDU() if kind is None else kind
    SPEECH.apiPDU.set_defaults(pdu)
    if question["msgData"].getName() == "plaintext":
        asking = question["msgData"]["plaintext"]["data"].getComponent()
        SPEECH.apiPDU.set_request_id(pdu, SPEECH.apiPDU.get_request_id(asking))
    SPEECH.apiPDU.set_varbinds(pdu, [((*STATISTICS, counted, 0), SPEECH.Counter32(1))])
    scoped, security, message = ScopedPDU(), UsmSecurityParameters(), SNMPv3Message()
    scoped["contextEngineId"], scoped["contextName"] = ENGINE_ID, b""
    scoped["data"].setComponentByType(pdu.getTagSet(), pdu)
    for place, part in enumerate((ENGINE_ID, 3, 1_000, user, signature, b"")):
        security[place] = part
    message["msgVersion"] = 3
    for place, part in enumerate((question["msgGlobalData"]["msgID"], 65_507, bytes([bool(signature)]), 3)):
        message["msgGlobalData"][place] = part
    message["msgSecurityParameters"] = encoder.encode(security)
    message["msgData"]["plaintext"] = scoped
    return bytes(encoder.encode(message))


@contextmanager
def responder(reply: Reply) -> Iterator[int]:
    """Reply to each datagram, with as many as there are."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as here:
        here.bind((HOST, 0))
        done = threading.Event()

        def serve() -> None:
            here.settimeout(0.05)
            while not done.is_set():
                try:
                    datagram, sender = here.recvfrom(65_535)
                except TimeoutError:
                    continue
                try:
                    for each in reply(datagram):
                        here.sendto(each, sender)
                except OSError:
                    continue

        serving = threading.Thread(target=serve, daemon=True)
        serving.start()
        yield int(here.getsockname()[1])
        done.set()
        serving.join()
