"""Whether a certificate is trusted, and for how long it still is."""

import socket
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar, Final

from rackside.watch.checks.check import Check, Deadline, Host, Level, Port, Result
from rackside.watch.proc import printable

if TYPE_CHECKING:
    import ssl

    from cryptography.x509 import Certificate

WARNING_DAYS: Final = 21.0
CRITICAL_DAYS: Final = 7.0
DAY_S: Final = 86_400.0


class Tls(Check, frozen=True, kw_only=True, tag="tls"):
    """A server's certificate is trusted by this machine, is for its name, and does not expire soon."""

    TARGET: ClassVar[str] = "host"
    SHOWN: ClassVar[str] = "a certificate is trusted and does not expire soon"
    host: Host
    port: Port = 443
    warning_days: float = WARNING_DAYS
    critical_days: float = CRITICAL_DAYS

    def look(self, until: Deadline) -> Result:
        """See what is served; a certificate that is not trusted is read all the same, to say until when it is valid."""
        import ssl

        import truststore

        try:
            certificate = self._served(truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT), until)
            distrust = ""
        except ssl.SSLCertVerificationError as error:
            certificate = self._served(_trusting(), until)
            distrust = printable(error.verify_message or str(error))
        left = (certificate.not_valid_after_utc - datetime.now(UTC)).total_seconds() / DAY_S
        when = f"{certificate.not_valid_after_utc:%Y-%m-%d}"
        expires = f"expires in {left:.0f} days, on {when}" if left > 0 else f"expired on {when}"
        sentence = f"The certificate of {self.host} {expires}"
        if distrust:
            sentence = f"The certificate of {self.host} is not trusted: {distrust}; it {expires}"
        values = {"days": (left, "d")}
        return Result(
            level=self._level(left, distrust), sentence=sentence, values=values, answers=not distrust and left > 0
        )

    def _level(self, left: float, distrust: str) -> Level:
        if distrust or left < self.critical_days:
            return "critical"
        return "warning" if left < self.warning_days else "ok"

    def _served(self, context: "ssl.SSLContext", until: Deadline) -> "Certificate":
        from cryptography.x509 import load_der_x509_certificate

        with (
            socket.create_connection((self.host, self.port), until.left_s()) as plain,
            context.wrap_socket(plain, server_hostname=self.host) as secure,
        ):
            return load_der_x509_certificate(secure.getpeercert(binary_form=True) or b"")


def _trusting() -> "ssl.SSLContext":
    """Return what trusts anybody: it only reads what is served, and nothing is sent over it."""
    import ssl

    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context
