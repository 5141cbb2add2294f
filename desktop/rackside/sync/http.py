"""The one way to the server: its own token, bounded answers, no redirect elsewhere, and every failure in one tree."""

import logging
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TypeVar
from urllib.parse import urlsplit

import msgspec
import requests
import truststore
from requests.adapters import BaseAdapter, HTTPAdapter
from requests.auth import AuthBase
from urllib3.util import Retry

from rackside.store import secrets
from rackside.sync import errors
from rackside_protocol.accounts import About, Token, TokenRequest
from rackside_protocol.queries import FoundAnswers, Query
from rackside_protocol.registry import encode
from rackside_protocol.sync import (
    MAX_RESPONSE_BYTES,
    NEWS_WAIT_S,
    PROTOCOL,
    News,
    NewsRequest,
    Problem,
    SyncRequest,
    SyncResponse,
)

# It warns of each attempt that it repeats, although nobody can act on that; how it ended is ours to say.
logging.getLogger("urllib3.connectionpool").setLevel(logging.ERROR)
T = TypeVar("T")
CONNECT_TIMEOUT_S: Final = 10
READ_TIMEOUT_S: Final = 60
ANSWER_TIMEOUT_S: Final = 300
"""For a whole answer: the read timeout begins anew with each byte."""
PROXY_SAYS_DOWN: Final = frozenset({502, 503, 504})
UNREADABLE: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What msgspec raises for hostile bytes: the last two are not named in its documentation."""
CHUNK_BYTES: Final = 64 * 1024


class Bearer(AuthBase):
    """Our own token, whatever ~/.netrc says of this host."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Add the token to a request."""
        if self._token:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class Client:
    """One server, one token. Not shared between threads."""

    def __init__(self, server_url: str, token: str = "", *, adapter: BaseAdapter | None = None) -> None:
        """Prepare a session; nothing is sent.

        Args:
            server_url: origin of the server, such as `https://community.example`.
            token: the device's token; empty for what needs none.
            adapter: another transport, for tests against a server in this process.

        Raises:
            NotOurServer: the address is neither https nor of this machine.
        """
        self._origin = server_url.rstrip("/")
        if not _is_private(self._origin):
            raise errors.NotOurServer("The server's address must begin with https://, so that nobody reads along.")
        self._session = requests.Session()
        self._session.auth = Bearer(token)
        self._session.headers["User-Agent"] = f"rackside/{PROTOCOL}"
        # Ours may be tried again even as POST: actions are idempotent. A dropped connection is the common case.
        retry = Retry(connect=2, read=0, redirect=0, status=0, backoff_factor=0.2, allowed_methods=None)
        self._session.mount(self._origin + "/", adapter or _Verified(max_retries=retry))

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def about(self) -> About:
        """Ask a server who it is; nothing about this console is sent."""
        return self._ask("GET", "/api/about", None, About)

    def exchange(self, request: TokenRequest) -> Token:
        """Exchange an authorization code for a device's token."""
        return self._ask("POST", "/api/token", encode(request), Token)

    def sync(self, request: SyncRequest) -> SyncResponse:
        """Do one round trip."""
        return self._ask("POST", "/api/sync", encode(request), SyncResponse)

    def news(self, heads: dict[str, int]) -> News:
        """Wait until a channel's head is not as known, or nothing happened for a while."""
        return self._ask("POST", "/api/news", encode(NewsRequest(heads=heads)), News, wait_s=NEWS_WAIT_S)

    def find_answers(self, query: Query) -> FoundAnswers:
        """Ask for the answers that match a query best, of all that the member may see."""
        return self._ask("POST", "/api/answers", encode(query), FoundAnswers)

    def _ask(self, method: str, path: str, body: bytes | None, kind: type[T], *, wait_s: float = 0) -> T:
        """Send a request and read its answer; see `errors` for what is raised."""
        with _world():
            response = self._session.request(
                method,
                self._origin + path,
                data=body,
                headers={"Content-Type": "application/json", "Accept": "application/json"},
                timeout=(CONNECT_TIMEOUT_S, READ_TIMEOUT_S + wait_s),
                allow_redirects=False,
                stream=True,
            )
            with response:
                return self._read(response, kind)

    def _read(self, response: requests.Response, kind: type[T]) -> T:
        if not _is_json(response) and response.status_code in PROXY_SAYS_DOWN:
            raise errors.Unavailable("The server is down; what stands before it answers in its place.")
        if response.is_redirect or not _is_json(response):
            raise errors.NotOurServer(f"Something that is not a Rackside server answers at {_host(self._origin)}.")
        content = _bounded(response)
        if response.status_code >= requests.codes.bad_request:
            raise _failure(response.status_code, content)
        try:
            return msgspec.json.decode(content, type=kind)
        except UNREADABLE as error:
            raise errors.Malformed(f"The server's answer breaks the protocol: {error}.") from error


class _Verified(HTTPAdapter):
    """Trusts what the operating system trusts, so that a company's own authority works."""

    def init_poolmanager(self, *args: object, **kwargs: object) -> None:
        """Make connections that check certificates against the system's store."""
        super().init_poolmanager(*args, ssl_context=truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT), **kwargs)  # type: ignore[arg-type]


def token(home: Path) -> str:
    """Return this console's token from the keyring, else from its 0600 file, else the empty string."""
    return secrets.secret(home, secrets.TOKEN)


def keep_token(home: Path, value: str) -> str:
    """Keep the token; return where, in words. An empty one is forgotten in both places."""
    return secrets.keep_secret(home, secrets.TOKEN, value)


@contextmanager
def _world() -> Iterator[None]:
    try:
        yield
    except requests.exceptions.SSLError as error:
        raise errors.Unreachable("The server's certificate is not trusted by this machine.") from error
    except requests.exceptions.Timeout as error:
        raise errors.Unreachable("The server did not answer in time.") from error
    except requests.exceptions.ConnectionError as error:
        raise errors.Unreachable("The server cannot be reached from here.") from error
    except requests.exceptions.ChunkedEncodingError as error:
        raise errors.Unreachable("The connection broke while the server answered.") from error
    except requests.exceptions.RequestException as error:
        raise errors.Malformed(f"The exchange broke off: {type(error).__name__}.") from error


def _bounded(response: requests.Response) -> bytes:
    """Read at most what an answer may have, counted after decompression; an endless one is cut off."""
    parts, size, until = [], 0, time.monotonic() + ANSWER_TIMEOUT_S
    for chunk in response.iter_content(CHUNK_BYTES):
        size += len(chunk)
        if time.monotonic() > until:
            raise errors.Unreachable(f"The server did not finish its answer in {ANSWER_TIMEOUT_S // 60} minutes.")
        if size > MAX_RESPONSE_BYTES:
            raise errors.Malformed(f"The server's answer is larger than {MAX_RESPONSE_BYTES // 2**20} MiB.")
        parts.append(chunk)
    return b"".join(parts)


def _is_json(response: requests.Response) -> bool:
    return response.headers.get("Content-Type", "").partition(";")[0].strip() == "application/json"


def _failure(status: int, content: bytes) -> errors.SyncError:
    try:
        problem = msgspec.json.decode(content, type=Problem)
    except UNREADABLE:
        problem = Problem(code="unknown", message=f"The server answered with status {status}.")
    if status == requests.codes.unauthorized:
        return errors.SignedOut(problem.message)
    if status == requests.codes.upgrade_required:
        return errors.UpgradeNeeded(problem.message)
    if status >= requests.codes.server_error or status == requests.codes.too_many_requests:
        return errors.Unavailable(problem.message)
    return errors.Rejected(f"{problem.message} {problem.remedy}".strip())


def _is_private(origin: str) -> bool:
    """Return whether nobody between here and there can read along."""
    parts = urlsplit(origin)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in {"127.0.0.1", "::1", "localhost"})


def _host(origin: str) -> str:
    return urlsplit(origin).hostname or origin
