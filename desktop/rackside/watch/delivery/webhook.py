"""Posts one message to a web address: signed, no redirects, bounded, and with every failure in the person's words."""

import hashlib
import hmac
import ssl
import threading
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from rackside.settings import Webhook
from rackside.watch.delivery.fields import is_private, wrong_with_webhook
from rackside.watch.delivery.model import DeliveryError
from rackside.watch.delivery.texts import Post
from rackside.watch.proc import printable

if TYPE_CHECKING:
    import requests

STEP_S: Final = 10.0
WHOLE_S: Final = 20.0
"""For the whole exchange: each byte that drips in begins a new step."""
MOST_BYTES: Final = 4 * 1024
SHOWN: Final = 200
SIGNATURE: Final = "X-Rackside-Signature"
OK: Final = range(200, 300)
REDIRECTS: Final = range(300, 400)
TOO_MANY: Final = 429
REFUSALS: Final = range(400, 500)


def signature(secret: str, body: bytes) -> str:
    """Return the HMAC-SHA256 of a body, `sha256=` and hexadecimal, by which a receiver knows who sent it."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def send(webhook: Webhook, secret: str, post: Post) -> str:
    """Post a message; return a sentence that says who took it.

    A secret signs the body; for ntfy it is the access token. What does not end by itself is left behind.

    Raises:
        DeliveryError: nobody took it; the message says why, and what to do.
    """
    wrong = wrong_with_webhook(webhook)
    if wrong:
        raise DeliveryError(wrong, lasting=True)
    host = urlsplit(webhook.url).hostname or ""
    headers = dict(post.headers)
    if secret and webhook.format == "ntfy":
        headers["Authorization"] = f"Bearer {secret}"
    elif secret:
        headers[SIGNATURE] = signature(secret, post.body)
    found: list[str | DeliveryError] = []
    worker = threading.Thread(
        target=lambda: found.append(_posted(webhook.url, host, post.body, headers)), name="webhook", daemon=True
    )
    worker.start()
    worker.join(WHOLE_S)
    outcome = found[0] if found else DeliveryError(f"{host} did not finish its answer in {WHOLE_S:.0f} seconds.")
    if isinstance(outcome, DeliveryError):
        raise outcome
    return outcome


def _posted(url: str, host: str, body: bytes, headers: dict[str, str]) -> str | DeliveryError:
    import requests

    try:
        with (
            _session() as session,
            session.post(
                url, data=body, headers=headers, timeout=(STEP_S, STEP_S), allow_redirects=False, stream=True
            ) as answer,
        ):
            return _judged(answer, host)
    except DeliveryError as error:
        return error
    except (requests.exceptions.RequestException, OSError, ValueError) as error:
        return _failure(error, host)


def _session() -> "requests.Session":
    import requests
    import truststore
    from requests.adapters import HTTPAdapter
    from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
    from urllib3.connection import HTTPConnection

    class Inside(HTTPConnection):
        def connect(self) -> None:
            """Connect, and look whom it is connected to: what a name leads to may change after a look-up."""
            super().connect()
            if not is_private(self.sock.getpeername()[0]):
                self.close()
                raise DeliveryError(
                    f"{self.host} is on the internet; there the address has to be https://.", lasting=True
                )

    class InsidePool(HTTPConnectionPool):
        ConnectionCls = Inside

    class Trusting(HTTPAdapter):
        def init_poolmanager(self, *args: object, **kwargs: object) -> None:
            context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            super().init_poolmanager(*args, ssl_context=context, **kwargs)  # type: ignore[arg-type]
            self.poolmanager.pool_classes_by_scheme = {"http": InsidePool, "https": HTTPSConnectionPool}

    session = requests.Session()
    session.trust_env = False
    session.headers.update({"User-Agent": "Rackside", "Accept-Encoding": "identity"})
    session.mount("http://", adapter := Trusting())
    session.mount("https://", adapter)
    return session


def _judged(answer: "requests.Response", host: str) -> str | DeliveryError:
    """Say whether an answer means that the message was taken."""
    status = answer.status_code
    if status in OK:
        return f"{host} took the message"
    said = " ".join(next(answer.iter_content(MOST_BYTES), b"").decode("utf-8", "replace").split())
    heard = printable(f"{status} {answer.reason or ''}".strip() + (f": {said}" if said else ""))[:SHOWN]
    if status in REDIRECTS:
        to = printable(answer.headers.get("Location", "elsewhere"))[:SHOWN]
        return DeliveryError(f"{host} leads on to {to}, and is not followed. Type that address.", lasting=True)
    if status == TOO_MANY or status not in REFUSALS:
        return DeliveryError(f"{host} cannot take it now ({heard}).", after_s=_after_s(answer))
    return DeliveryError(
        f"{host} refuses the message ({heard}). Check the address, the format and the secret.", lasting=True
    )


def _after_s(answer: "requests.Response") -> float:
    after = answer.headers.get("Retry-After", "")
    return float(after) if after.isascii() and after.isdigit() and len(after) < len("1000000") else 0.0


def _failure(error: Exception, host: str) -> DeliveryError:
    import requests
    from urllib3.exceptions import MaxRetryError, NameResolutionError

    match error:
        case requests.exceptions.ConnectionError(args=[MaxRetryError(reason=NameResolutionError())]):
            return DeliveryError(f"The name {host} is not known. Check the address, and the network.")
        case requests.exceptions.SSLError():
            return DeliveryError(f"The certificate of {host} is not trusted. Nothing was sent.", lasting=True)
        case requests.exceptions.Timeout():
            return DeliveryError(f"{host} did not answer in time.")
        case requests.exceptions.ConnectionError():
            return DeliveryError(f"{host} cannot be reached from here. Check the address and the port.")
        case _:
            return DeliveryError(f"The exchange with {host} broke off: {printable(type(error).__name__)}.")
