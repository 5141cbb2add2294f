"""Mail over a real server on this machine: encrypted or not at all, and each refusal in words that help."""

import socket
import ssl
import time
from pathlib import Path

import msgspec
import pytest

from rackside.settings import Mail
from rackside.watch.delivery import mail, texts
from rackside.watch.delivery.model import DeliveryError
from tests.watch.delivery.making import CALM, NOON_S, news
from tests.watch.delivery.servers import HOST, MailServer, mail_server
from tests.watch.test_checks import certificate, closed_port, says, silent, speaking

pytestmark = pytest.mark.usefixtures("socket_enabled")
CHOSEN = Mail(on=True, host=HOST, sender="rackside@example.org", recipients=("me@example.org", "team@example.org"))


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    context = certificate(tmp_path, days=30)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    return context


def send(chosen: Mail, password: str = "") -> str:
    batch = [news(CALM)]
    message = mail.compose(
        chosen, texts.subject(batch, "nürnberg-1"), texts.text(batch, "nürnberg-1", NOON_S), "a1.raised", NOON_S
    )
    return mail.send(chosen, password, message)


def failure(chosen: Mail, password: str = "") -> DeliveryError:
    with pytest.raises(DeliveryError) as raised:
        send(chosen, password)
    return raised.value


def at(server: MailServer, **what: object) -> Mail:
    return msgspec.structs.replace(CHOSEN, port=server.port, **what)


def test_a_message_goes_out_encrypted_and_signed_in(trusted: ssl.SSLContext) -> None:
    with mail_server(MailServer(trusted, password="pässword")) as server:
        said = send(at(server, user="alice"), "pässword")
    assert said == f"localhost:{server.port} took the message for me@example.org, team@example.org"
    [message] = server.taken
    assert (server.encrypted, server.logins) == ([True], ["alice"])
    assert server.recipients == [["me@example.org", "team@example.org"]]
    assert message["Subject"] == "[nürnberg-1] Warning: /srv is 91 % full"
    assert message["Message-ID"] == "<a1.raised@example.org>"
    assert message.get_content_type() == "text/plain"
    assert "Signature: disk.used/ext4/" in message.get_content()


def test_a_message_goes_out_over_tls_from_the_first_byte(trusted: ssl.SSLContext) -> None:
    with mail_server(MailServer(trusted, implicit=True)) as server:
        send(at(server, security="tls"))
    assert server.encrypted == [True]


def test_without_encryption_it_goes_to_this_machine_only(trusted: ssl.SSLContext) -> None:
    with mail_server(MailServer(trusted)) as server:
        send(at(server, security="none"))
        assert server.encrypted == [False]
        assert "on this machine only" in str(failure(at(server, security="none", host="192.0.2.1")))


def test_a_server_without_starttls_is_sent_nothing_not_even_the_password(trusted: ssl.SSLContext) -> None:
    with mail_server(MailServer(trusted, starttls=False, password="secret")) as server:
        error = failure(at(server, user="alice"), "secret")
    assert "does not offer STARTTLS" in str(error)
    assert error.lasting
    assert (server.taken, server.logins) == ([], [])


def test_a_server_that_is_not_trusted_is_sent_nothing(tmp_path: Path) -> None:
    for implicit, security in ((False, "starttls"), (True, "tls")):
        with mail_server(MailServer(certificate(tmp_path, days=30), implicit=implicit, password="x")) as server:
            error = failure(at(server, user="alice", security=security), "x")
        assert "is not trusted" in str(error)
        assert (server.taken, server.logins) == ([], [])


def test_a_certificate_of_another_name_is_not_trusted(trusted: ssl.SSLContext) -> None:
    with mail_server(MailServer(trusted)) as server:
        assert "is not trusted" in str(failure(at(server, host="127.0.0.1")))
    assert server.taken == []


def test_a_wrong_password_is_said_without_it_and_without_what_a_terminal_acts_on(trusted: ssl.SSLContext) -> None:
    with mail_server(MailServer(trusted, password="right")) as server:
        error = failure(at(server, user="alice"), "hunter2")
    assert "does not accept the user alice" in str(error)
    assert "hunter2" not in str(error)
    assert "\x1b" not in str(error)
    assert error.lasting


def test_a_recipient_that_is_refused_does_not_keep_the_others_from_hearing(trusted: ssl.SSLContext) -> None:
    with mail_server(MailServer(trusted, refuses={"me@example.org": "550 no such user"})) as server:
        said = send(at(server))
    assert said.endswith("took the message, but not for me@example.org (550 no such user)")
    assert server.recipients == [["team@example.org"]]


@pytest.mark.parametrize(("answer", "lasting"), [("550 no such user", True), ("450 greylisted", False)])
def test_when_every_recipient_is_refused_the_server_is_quoted(
    answer: str, trusted: ssl.SSLContext, *, lasting: bool
) -> None:
    refuses = dict.fromkeys(CHOSEN.recipients, answer)
    with mail_server(MailServer(trusted, refuses=refuses)) as server:
        error = failure(at(server))
    assert answer in str(error)
    assert error.lasting == lasting


@pytest.mark.parametrize(
    ("verb", "answer", "said"),
    [
        ("MAIL", "553 not yours", "refused the sender rackside@example.org (553 not yours)"),
        ("END", "554 spam", "refused: 554 spam"),
        ("DATA", "452 full", "refused: 452 full"),
        ("CONNECT", "421 too busy", "421 too busy"),
        ("QUIT", "421 whatever", ""),
    ],
)
def test_each_refusal_says_what_the_server_said(verb: str, answer: str, said: str, trusted: ssl.SSLContext) -> None:
    with mail_server(MailServer(trusted, answers={verb: answer})) as server:
        if said:
            assert said in str(failure(at(server)))
        else:
            send(at(server))


def test_a_server_that_takes_no_sign_in_says_so(trusted: ssl.SSLContext) -> None:
    with mail_server(MailServer(trusted)) as server:
        assert "takes no sign-in here" in str(failure(at(server, user="alice"), "x"))


def test_nobody_there_is_said_with_what_to_check() -> None:
    assert "takes no connections" in str(failure(msgspec.structs.replace(CHOSEN, port=closed_port())))


def test_a_name_that_is_not_known_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert "its name is not known" in str(failure(msgspec.structs.replace(CHOSEN, host="mx.invalid")))


def test_tls_at_a_port_that_begins_without_it_is_explained(trusted: ssl.SSLContext) -> None:
    with mail_server(MailServer(trusted)) as server:
        assert "Port 465 is usually TLS" in str(failure(at(server, security="tls")))


def drips(connection: socket.socket) -> None:
    """Greet a byte at a time, so that no single wait is ever too long."""
    for byte in b"220-" + b"x" * 10_000:
        connection.sendall(bytes([byte]))
        time.sleep(0.05)


def test_a_server_that_never_stops_talking_is_left_long_before_its_time_is_up() -> None:
    began = time.monotonic()
    with mail_server(MailServer(endless=True)) as server:
        assert "broke off" in str(failure(at(server)))
    assert time.monotonic() - began < mail.WHOLE_S / 2


def test_a_server_that_is_silent_or_drips_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "STEP_S", 0.3)
    monkeypatch.setattr(mail, "WHOLE_S", 0.6)
    began = time.monotonic()
    with speaking(silent) as port:
        assert "did not answer in time" in str(failure(msgspec.structs.replace(CHOSEN, host="127.0.0.1", port=port)))
    with speaking(drips) as port:
        assert "broke off" in str(failure(msgspec.structs.replace(CHOSEN, host="127.0.0.1", port=port)))
    assert time.monotonic() - began < 30


def test_a_server_that_is_no_mail_server_is_left() -> None:
    with speaking(says(b"SSH-2.0-OpenSSH_9.2\r\n")) as port:
        failure(msgspec.structs.replace(CHOSEN, host="127.0.0.1", port=port))


def test_what_is_not_filled_in_is_not_tried() -> None:
    assert "Name the mail server" in str(failure(Mail(on=True)))
