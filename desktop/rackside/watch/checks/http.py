"""Whether a web page answers as expected: its status, a word in it, a value in its JSON."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from rackside.watch.checks.check import Check, Deadline, Result, Stopwatch, WebAddress
from rackside.watch.proc import printable

if TYPE_CHECKING:
    import requests

MOST_BYTES: Final = 1024 * 1024
CHUNK: Final = 16 * 1024
MOST_REDIRECTS: Final = 5
SHOWN_VALUE: Final = 60


class Http(Check, frozen=True, kw_only=True, tag="http"):
    """A page answers.

    `status` is what it may answer, such as `200-399` or `200,204`. `keyword` must stand in its first megabyte.
    `json_path` such as `data.0.state` must be there and, with `json_value`, be that. A certificate that is not trusted
    fails unless `trust_any` says otherwise.
    """

    TARGET: ClassVar[str] = "url"
    SHOWN: ClassVar[str] = "a web page answers as expected"
    url: WebAddress
    status: str = "200-399"
    keyword: str = ""
    json_path: str = ""
    json_value: str = ""
    trust_any: bool = False

    def __post_init__(self) -> None:
        """Refuse what are no statuses.

        Raises:
            ValueError: it says what is off.
        """
        super().__post_init__()
        try:
            ranges(self.status)
        except ValueError:
            raise ValueError("the status is such as 200-399 or 200,204") from None

    def look(self, until: Deadline) -> Result:
        """Get the page; what is larger than a megabyte is not read further."""
        page = fetch(
            self.url, until, most=MOST_BYTES if self.keyword or self.json_path else 0, trust_any=self.trust_any
        )
        values = {"time": (page.took_ms, "ms"), "status": (float(page.status), "")}
        said = f"{self.url} answers {page.status} {page.reason}".rstrip()
        wrong = self._wrong(page.status, page.body)
        if wrong:
            return Result(level="critical", sentence=f"{said}{wrong}", values=values)
        return Result(level="ok", sentence=f"{said} in {page.took_ms:.0f} ms", values=values)

    def _wrong(self, status: int, body: bytes) -> str:
        """Say what is not as expected; the empty string when all is."""
        if not any(status in each for each in ranges(self.status)):
            return f", not {self.status}"
        if self.keyword and self.keyword not in body.decode("utf-8", "replace"):
            return f" without “{self.keyword}”"
        return self._wrong_value(body) if self.json_path else ""

    def _wrong_value(self, body: bytes) -> str:
        try:
            found = value_at(json.loads(body), self.json_path)
        except LookupError:
            return f" without {self.json_path} in its JSON"
        except (ValueError, RecursionError):
            return ", and what it says is no JSON"
        if self.json_value and found != self.json_value:
            return f", and {self.json_path} is {printable(found)[:SHOWN_VALUE]}, not {self.json_value}"
        return ""


def ranges(wanted: str) -> list[range]:
    """Return the statuses that `200-399` or `200,204` names.

    Raises:
        ValueError: these are no statuses.
    """
    pairs = [part.strip().partition("-") for part in wanted.split(",")]
    return [range(int(least), int(most or least) + 1) for least, _, most in pairs]


def value_at(found: object, path: str) -> str:
    """Return what stands at a path such as `data.0.state`, as JSON writes it, a text without its quotes.

    Raises:
        LookupError: nothing stands there.
    """
    for name in path.split("."):
        match found:
            case dict() if name in found:
                found = found[name]
            case list() if name.isdecimal():
                found = found[int(name)]
            case _:
                raise LookupError(path)
    return found if isinstance(found, str) else json.dumps(found)


@dataclass(frozen=True)
class Page:
    """What a server answered, and after how many milliseconds its head was there."""

    status: int
    reason: str
    body: bytes
    took_ms: float


def fetch(url: str, until: Deadline, *, most: int, trust_any: bool = False) -> Page:
    """Get a page, at most so many bytes of it; without proxies, and over a few redirects.

    Raises:
        OSError: there was no answer; the message says why.
    """
    import requests

    watch = Stopwatch()
    try:
        with _session(trust_any=trust_any) as session:
            left = until.left_s()
            with session.get(url, timeout=(left, left), stream=True) as answer:
                took_ms = watch.ms()
                body = _read(answer, until, most) if most else b""
                return Page(answer.status_code, printable(answer.reason or ""), body, took_ms)
    except requests.exceptions.RequestException as error:
        raise OSError(_why(error)) from error


def _session(*, trust_any: bool) -> "requests.Session":
    import ssl

    import requests
    import truststore
    from requests.adapters import HTTPAdapter
    from urllib3 import disable_warnings
    from urllib3.exceptions import InsecureRequestWarning

    class Trusting(HTTPAdapter):
        def init_poolmanager(self, *args: object, **kwargs: object) -> None:
            context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            super().init_poolmanager(*args, ssl_context=context, **kwargs)  # type: ignore[arg-type]

    session = requests.Session()
    session.trust_env, session.max_redirects, session.verify = False, MOST_REDIRECTS, not trust_any
    session.headers.update({"User-Agent": "Rackside", "Accept-Encoding": "identity"})
    if trust_any:
        disable_warnings(InsecureRequestWarning)  # the person said so, and an exit code's output is read by programs
    else:
        session.mount("https://", Trusting())
    return session


def _read(answer: "requests.Response", until: Deadline, most: int) -> bytes:
    body = b""
    for chunk in answer.iter_content(CHUNK):
        until.left_s()
        body += chunk
        if len(body) >= most:
            break
    return body[:most]


def _why(error: Exception) -> str:
    import requests

    match error:
        case requests.exceptions.SSLError():
            return "its certificate is not trusted"
        case requests.exceptions.Timeout():
            return "no answer in time"
        case requests.exceptions.TooManyRedirects():
            return f"more than {MOST_REDIRECTS} redirects"
        case requests.exceptions.ConnectionError():
            return "no connection"
        case _:
            return printable(str(error))
