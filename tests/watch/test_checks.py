"""Checks against real servers on this machine: what is well, what is not, and what never ends."""

import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from rackside.cli import main
from rackside.watch.checks.check import Check, Level
from rackside.watch.checks.dns import Dns
from rackside.watch.checks.http import Http, ranges, value_at
from rackside.watch.checks.ping import Ping
from rackside.watch.checks.prometheus import Prometheus
from rackside.watch.checks.run import KINDS, run
from rackside.watch.checks.tcp import Imap, Smtp, Ssh, Tcp
from rackside.watch.checks.tls import Tls
from rackside.watch.probes import ping

pytestmark = pytest.mark.usefixtures("socket_enabled")
HOST = "127.0.0.1"
Talk = Callable[[socket.socket], None]


@contextmanager
def speaking(talk: Talk) -> Iterator[int]:
    """Listen on a port, and talk with whoever connects."""
    with socket.create_server((HOST, 0)) as server:

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    try:
                        talk(connection)
                    except OSError:
                        continue

        threading.Thread(target=serve, daemon=True).start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)


def says(line: bytes) -> Talk:
    return lambda connection: connection.sendall(line)


def silent(connection: socket.socket) -> None:
    while connection.recv(4_096):
        pass


def closed_port() -> int:
    with socket.create_server((HOST, 0)) as server:
        return int(server.getsockname()[1])


@contextmanager
def serving(pages: dict[str, tuple[int, bytes]]) -> Iterator[str]:
    """Serve pages by HTTP; `/endless` never ends and `/loop` leads to itself."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/loop":
                self.send_response(302)
                self.send_header("Location", "/loop")
                self.end_headers()
                return
            status, body = pages.get(self.path, (200, b""))
            self.send_response(status)
            self.end_headers()
            while self.path == "/endless":
                try:
                    self.wfile.write(b"x" * 65_536)
                except OSError:
                    return
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    server = ThreadingHTTPServer((HOST, 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://{HOST}:{server.server_port}"
    server.shutdown()
    server.server_close()


def level(check: Check) -> Level:
    return run(check).level


def test_a_port_that_takes_connections_is_well_and_a_closed_one_is_not() -> None:
    with speaking(silent) as port:
        assert level(Tcp(host=HOST, port=port)) == "ok"
    found = run(Tcp(host=HOST, port=closed_port()))
    assert (found.level, found.sentence) == ("critical", "Connection refused")


@pytest.mark.parametrize(
    ("kind", "well", "ill"),
    [
        (Ssh, b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n", b"HTTP/1.1 400 Bad Request\r\n"),
        (Smtp, b"220 mx.example.org ESMTP Postfix\r\n", b"421 too busy\r\n"),
        (Imap, b"* OK IMAP4rev1 ready\r\n", b"* BYE overloaded\r\n"),
    ],
)
def test_a_server_is_known_by_its_greeting(kind: type[Ssh | Smtp | Imap], well: bytes, ill: bytes) -> None:
    with speaking(says(well)) as port:
        found = run(kind(host=HOST, port=port))
        assert found.level == "ok"
        assert well.decode().strip() in found.sentence
    with speaking(says(ill)) as port:
        assert level(kind(host=HOST, port=port)) == "critical"


def test_a_greeting_without_an_end_and_one_that_never_comes_are_bounded() -> None:
    with speaking(says(b"S" * 10_000_000)) as port:
        assert len(run(Ssh(host=HOST, port=port, timeout_s=5)).sentence) < 2_000
    with speaking(silent) as port:
        found = run(Ssh(host=HOST, port=port, timeout_s=0.2))
        assert (found.level, found.sentence) == ("critical", "no answer in time")


def test_what_a_server_says_is_shown_without_what_a_terminal_acts_on() -> None:
    with speaking(says(b"220 \x1b[2J\x07evil\r\n")) as port:
        assert "\x1b" not in run(Smtp(host=HOST, port=port)).sentence


def test_this_machine_answers() -> None:
    assert level(Ping(host=HOST)) == "ok"


def test_a_machine_that_loses_some_echoes_does_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    trips: list[float | None] = [None, 2.0, 2.0, 2.0, 2.0]
    monkeypatch.setattr(ping, "round_trips_ms", lambda _address, _echoes: trips)
    assert level(Ping(host=HOST)) == "warning"
    trips[:] = [None] * 4 + [2.0]
    assert level(Ping(host=HOST)) == "warning"
    trips[:] = [None] * 5
    assert level(Ping(host=HOST)) == "critical"


def test_a_page_is_judged_by_status_keyword_and_json() -> None:
    state = json.dumps({"data": [{"state": "green", "nodes": 3}]}).encode()
    with serving({"/": (200, b"all is well"), "/gone": (503, b""), "/json": (200, state)}) as url:
        assert level(Http(url=url)) == "ok"
        assert level(Http(url=url, keyword="well")) == "ok"
        assert level(Http(url=url, keyword="ill")) == "critical"
        assert level(Http(url=f"{url}/gone")) == "critical"
        assert level(Http(url=f"{url}/gone", status="503")) == "ok"
        assert level(Http(url=f"{url}/json", json_path="data.0.state", json_value="green")) == "ok"
        assert level(Http(url=f"{url}/json", json_path="data.0.nodes", json_value="3")) == "ok"
        found = run(Http(url=f"{url}/json", json_path="data.0.state", json_value="red"))
        assert found.sentence.endswith("and data.0.state is green, not red")
        assert level(Http(url=f"{url}/json", json_path="data.7.state")) == "critical"
        assert level(Http(url=url, json_path="data")) == "critical"


def test_a_page_that_never_ends_and_a_way_in_circles_end() -> None:
    with serving({}) as url:
        assert level(Http(url=f"{url}/endless", keyword="y")) == "critical"
        assert "redirects" in run(Http(url=f"{url}/loop")).sentence
    with speaking(silent) as port:
        began = time.monotonic()
        assert run(Http(url=f"http://{HOST}:{port}/", timeout_s=0.3)).sentence == "no answer in time"
        assert time.monotonic() - began < 30


def drips(connection: socket.socket) -> None:
    """Send a header a byte at a time, so that no single wait is ever too long."""
    connection.recv(1_000)
    for byte in b"HTTP/1.1 200 OK\r\nX: " + b"x" * 10_000:
        connection.sendall(bytes([byte]))
        time.sleep(0.05)


def test_a_server_that_drips_is_left_behind() -> None:
    with speaking(drips) as port:
        assert run(Http(url=f"http://{HOST}:{port}/", timeout_s=0.5)).sentence == "no answer in time"


def test_an_exporter_is_judged_by_its_largest_sample() -> None:
    page = b'# TYPE up gauge\nnode_load1 2.5\nfree{disk="a"} 5\nfree{disk="b"} NaN\n'
    with serving({"/metrics": (200, page), "/junk": (200, b"<html>not metrics"), "/gone": (404, b"")}) as url:
        assert level(Prometheus(url=f"{url}/metrics")) == "ok"
        assert level(Prometheus(url=f"{url}/metrics", metric="node_load1", warning_above=2)) == "warning"
        assert level(Prometheus(url=f"{url}/metrics", metric="node_load1", critical_above=2)) == "critical"
        assert run(Prometheus(url=f"{url}/metrics", metric="free")).values["free"] == (5.0, "")
        assert level(Prometheus(url=f"{url}/metrics", metric="absent")) == "critical"
        assert level(Prometheus(url=f"{url}/junk")) == "critical"
        assert level(Prometheus(url=f"{url}/gone")) == "critical"


def certificate(folder: Path, days: int) -> ssl.SSLContext:
    """Make a certificate for localhost that nobody trusts yet, and a context that serves it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")]), datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    (folder / "cert.pem").write_bytes(made.public_bytes(pem))
    (folder / "key.pem").write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


def test_a_certificate_that_is_not_trusted_says_why_and_until_when(tmp_path: Path) -> None:
    context = certificate(tmp_path, days=30)

    def talk(connection: socket.socket) -> None:
        context.wrap_socket(connection, server_side=True).close()

    with speaking(talk) as port:
        found = run(Tls(host="localhost", port=port, timeout_s=10))
        assert found.level == "critical"
        assert "is not trusted" in found.sentence
        assert 28 < found.values["days"][0] <= 30


@pytest.mark.filterwarnings("error")
def test_a_page_whose_certificate_nobody_trusts_fails_unless_that_was_said_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    context = certificate(tmp_path, days=30)

    def talk(connection: socket.socket) -> None:
        with suppress(OSError), context.wrap_socket(connection, server_side=True) as secure:
            secure.recv(4_096)
            secure.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    with speaking(talk) as port:
        url = f"https://localhost:{port}/"
        assert level(Http(url=url)) == "critical"
        assert level(Http(url=url, trust_any=True)) == "ok"
    assert capsys.readouterr().err == "", "what reads the exit code reads the output, too"


@pytest.mark.parametrize(("days", "expected"), [(30, "ok"), (10, "warning"), (3, "critical")])
def test_a_trusted_certificate_is_judged_by_the_days_that_are_left(
    days: int, expected: Level, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = certificate(tmp_path, days)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))

    def talk(connection: socket.socket) -> None:
        context.wrap_socket(connection, server_side=True).close()

    with speaking(talk) as port:
        assert level(Tls(host="localhost", port=port, timeout_s=10)) == expected


def test_a_name_server_that_is_not_there_is_critical() -> None:
    assert level(Dns(name="example.org", server=HOST, port=closed_port(), timeout_s=1)) == "critical"


@pytest.mark.parametrize(("status", "wanted", "among"), [(204, "200-299", True), (404, "200,204", False)])
def test_statuses_are_ranges_or_lists(status: int, wanted: str, *, among: bool) -> None:
    assert any(status in each for each in ranges(wanted)) == among


def test_a_path_that_leads_nowhere_is_said_to() -> None:
    for path in ("a.b.c", "a.9", "z", "a.0.0"):
        with pytest.raises(LookupError):
            value_at({"a": [1]}, path)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_each_kind_says_what_it_does(kind: str) -> None:
    assert KINDS[kind].SHOWN
    assert KINDS[kind].TARGET in KINDS[kind].__struct_fields__


def test_the_command_line_speaks_as_a_monitoring_plugin(capsys: pytest.CaptureFixture[str]) -> None:
    with speaking(silent) as port:
        assert main(["check", "once", "tcp", HOST, "--port", str(port)]) == 0
        line = capsys.readouterr().out
        assert line.startswith(f"OK - {HOST}:{port} takes connections | time=")
        assert main(["--json", "check", "once", "tcp", HOST, "--port", str(port)]) == 0
        assert json.loads(capsys.readouterr().out)["level"] == "ok"
    assert main(["check", "once", "tcp", HOST, "--port", str(closed_port())]) == 2
    assert capsys.readouterr().out.startswith("CRITICAL - ")
    assert main(["check", "once", "tcp", HOST, "--port", "many"]) == 3
    assert capsys.readouterr().out.startswith("UNKNOWN - ")
    with pytest.raises(SystemExit) as ended:
        main(["check", "once", "tcp", HOST])
    assert ended.value.code == 3
