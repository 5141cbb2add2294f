"""Sends one e-mail over the person's own server: encrypted, within a minute, and with every failure in her words."""

import base64
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.utils import formatdate
from typing import TYPE_CHECKING, BinaryIO, Final

from rackside.settings import Mail
from rackside.watch.delivery.fields import wrong_with_mail
from rackside.watch.delivery.model import DeliveryError
from rackside.watch.proc import printable

if TYPE_CHECKING:
    import smtplib

STEP_S: Final = 10.0
WHOLE_S: Final = 60.0
"""For the whole conversation: a server that drips would hold each step for ever."""
MOST_BYTES: Final = 256 * 1024
"""What a server may say in all."""
SHOWN: Final = 200
NAMED: Final = 3
READY: Final = 220
SIGNED_IN: Final = 235
TRANSIENT: Final = range(400, 500)


def compose(mail: Mail, subject: str, text: str, name: str, now_s: float) -> EmailMessage:
    """Return a message in plain text; `name` is its Message-ID, by which a server knows one that comes twice."""
    message = EmailMessage()
    message["From"] = mail.sender
    message["To"] = ", ".join(mail.recipients)
    message["Subject"] = subject
    message["Date"] = formatdate(now_s, localtime=True)
    message["Message-ID"] = f"<{name}@{mail.sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text, cte="quoted-printable")
    return message


def send(mail: Mail, password: str, message: EmailMessage) -> str:
    """Send a message; return a sentence that says who took it.

    Raises:
        DeliveryError: nobody took it; the message says why, and what to do.
    """
    import smtplib

    wrong = wrong_with_mail(mail)
    if wrong:
        raise DeliveryError(wrong, lasting=True)
    where = f"{mail.host}:{mail.port}"
    try:
        with _connected(mail) as server:
            _sign_in(server, mail, password)
            refused = server.send_message(message, mail.sender, list(mail.recipients))
    except ssl.SSLCertVerificationError as error:
        raise DeliveryError(
            f"The certificate of {where} is not trusted ({printable(error.verify_message)}). Nothing was sent.",
            lasting=True,
        ) from error
    except ssl.SSLError as error:
        raise DeliveryError(
            f"{where} speaks no TLS here. Port 465 is usually TLS, 587 and 25 STARTTLS.", lasting=True
        ) from error
    except (smtplib.SMTPException, OSError, ValueError) as error:
        raise _failure(error, mail, where) from error
    if refused:
        names = ", ".join(f"{each} ({_said(answer)})" for each, answer in refused.items())
        return f"{where} took the message, but not for {names}"
    return f"{where} took the message for {', '.join(mail.recipients)}"


@contextmanager
def _connected(mail: Mail) -> "Iterator[smtplib.SMTP]":
    """Connect, encrypted unless the server is on this machine and wants none; at the end the whole time is up."""
    import smtplib
    import socket

    import truststore

    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)

    class Server(smtplib.SMTP):
        def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
            raw = socket.create_connection((host, port), timeout)
            if mail.security != "tls":
                return raw
            try:
                return context.wrap_socket(raw, server_hostname=host)
            except BaseException:
                raw.close()
                raise

        def getreply(self) -> tuple[int, bytes]:
            if self.file is None and self.sock is not None:
                self.file = _Bounded(self.sock.makefile("rb"))
            return super().getreply()

    made = Server(timeout=STEP_S)
    made._host = mail.host  # type: ignore[attr-defined] # noqa: SLF001 - the name that STARTTLS checks the certificate for
    alarm = threading.Timer(WHOLE_S, lambda: _hang_up(made))
    alarm.daemon = True
    alarm.start()
    try:
        code, said = made.connect(mail.host, mail.port)
        if code != READY:
            raise smtplib.SMTPConnectError(code, said)
        made.ehlo_or_helo_if_needed()
        if mail.security == "starttls":
            made.starttls(context=context)
            made.ehlo()
        yield made
        with suppress(smtplib.SMTPException, OSError):  # it has taken the message: how it says good-bye is no matter
            made.quit()
    finally:
        alarm.cancel()
        made.close()


def _sign_in(server: "smtplib.SMTP", mail: Mail, password: str) -> None:
    """Sign in, where there is a user. The library takes no letters beyond ASCII, servers take UTF-8 (RFC 4616)."""
    import smtplib

    if not mail.user:
        return
    if mail.user.isascii() and password.isascii():
        server.login(mail.user, password)
        return
    if "PLAIN" not in server.esmtp_features.get("auth", "").upper().split():
        raise smtplib.SMTPNotSupportedError("AUTH")
    given = base64.b64encode(f"\0{mail.user}\0{password}".encode()).decode("ascii")
    code, said = server.docmd("AUTH", f"PLAIN {given}")
    if code != SIGNED_IN:
        raise smtplib.SMTPAuthenticationError(code, said)


class _Bounded:
    """What a server says, up to a limit."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._left = file, MOST_BYTES

    def readline(self, most: int = -1) -> bytes:
        """Read a line.

        Raises:
            OSError: it said more than a mail server has to.
        """
        line = self._file.readline(most)
        self._left -= len(line)
        if self._left < 0:
            raise OSError("it does not stop talking")
        return line

    def close(self) -> None:
        """Close it."""
        self._file.close()


def _hang_up(server: "smtplib.SMTP") -> None:
    import socket

    with suppress(OSError, AttributeError):  # it is closed already
        server.sock.shutdown(socket.SHUT_RDWR)  # type: ignore[union-attr]


def _failure(error: Exception, mail: Mail, where: str) -> DeliveryError:
    """Return a failure in words that a person can act on."""
    import smtplib
    import socket

    match error:
        case smtplib.SMTPRecipientsRefused():
            return _all_refused(error.recipients, where)
        case smtplib.SMTPResponseException():
            return _refusal(error, mail, where)
        case smtplib.SMTPNotSupportedError():
            starttls = "does not offer STARTTLS, so nothing was sent. Choose TLS, which is usually port 465."
            sign_in = "takes no sign-in here. Leave the user empty, or try port 587."
            return DeliveryError(f"{where} {starttls if 'STARTTLS' in str(error) else sign_in}", lasting=True)
        case smtplib.SMTPException() | TimeoutError():
            told = "broke off or did not answer in time. Is this the port of a mail server?"
        case ConnectionRefusedError():
            told = "takes no connections. Check the host and the port."
        case socket.gaierror():
            told = "cannot be found: its name is not known. Check it, and the network."
        case _:
            told = f"cannot be reached: {printable(str(error))[:SHOWN]}."
    return DeliveryError(f"{where} {told}")


def _refusal(error: "smtplib.SMTPResponseException", mail: Mail, where: str) -> DeliveryError:
    import smtplib

    said = _said((error.smtp_code, error.smtp_error))
    lasting = error.smtp_code not in TRANSIENT
    match error:
        case smtplib.SMTPAuthenticationError():
            hint = "Some providers want an app password."
            told = f"{where} does not accept the user {mail.user} with this password ({said}). {hint}"
        case smtplib.SMTPSenderRefused():
            told = f"{where} refused the sender {mail.sender} ({said})."
        case _:
            told = f"{where} refused: {said}."
    return DeliveryError(told, lasting=lasting)


def _all_refused(recipients: dict[str, tuple[int, bytes]], where: str) -> DeliveryError:
    named = "; ".join(f"{each}: {_said(answer)}" for each, answer in list(recipients.items())[:NAMED])
    lasting = all(code not in TRANSIENT for code, _ in recipients.values())
    return DeliveryError(f"{where} refused every recipient ({named}). Check the addresses.", lasting=lasting)


def _said(answer: tuple[int, bytes | str]) -> str:
    """Return what a server said, as it may be shown."""
    code, words = answer
    shown = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return printable(f"{code} {' '.join(shown.split())}")[:SHOWN]
