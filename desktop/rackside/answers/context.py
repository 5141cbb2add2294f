"""From what is seen to what is asked: an alert, an error text, a process or a reading becomes a query. Pure.

Values that differ from machine to machine (hosts, addresses, times, ids, paths, numbers) are dropped, identifiers are
split, adjacent words are kept as phrases, and products and versions weigh more.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from rackside.answers.mask import mask

MOST_TERMS: Final = 24
MOST_PHRASES: Final = 12

STOP_WORDS: Final = frozenset(
    """
    a about after all also am an and any are as at be because been but by can cannot could did do does for from
    get got had has have having he her his how i if in into is it its just like me more most my no not now of off
    on one only or other our out over please she should since so some such than that the their them then there
    these they this those to too under until up use using very was way we well were what when where which while
    who why will with would you your failed failure error warning
    """.split()  # noqa: SIM905 - prose reads better than a list of 140 quoted words
)

KIND_WORDS: Final[dict[str, str]] = {
    "disk.used": "disk full no space left on device filesystem usage",
    "disk.filling": "disk filling fast growing no space left filesystem",
    "disk.inodes": "inodes exhausted no space left on device df -i small files",
    "inodes.filling": "inodes running out no space left on device df -i small files",
    "memory.available": "memory low available out of memory usage leak",
    "memory.oom": "out of memory oom killer killed process cgroup",
    "swap.used": "swap swapping swappiness swapped out memory pressure",
    "cpu.used": "cpu 100 percent high usage busy process",
    "load": "load average high runnable blocked processes",
    "io.wait": "iowait i/o wait slow disk latency blocked",
    "nic.use": "network interface saturated bandwidth throughput link utilisation",
    "nic.drops": "network interface dropped packets rx drops ring buffer errors",
    "nic.link": "network link down carrier lost cable interface flapping",
    "ping.loss": "packet loss ping icmp",
    "ping.down": "host unreachable down ping timeout",
    "rtt": "latency high round trip time slow network bufferbloat",
    "dns": "dns resolution resolver lookup timeout servfail",
    "internet": "internet connection unreachable uplink outage",
    "gateway": "default gateway unreachable arp router",
    "temperature": "temperature overheating thermal throttling fan",
    "service.failed": "service failed systemd unit start exit code",
    "service.restarts": "service restarts loop systemd restart start limit",
    "tls.expiry": "tls certificate expires renew expired",
    "clock.offset": "clock time drift ntp chrony offset",
    "raid": "raid array degraded disk mdadm failed",
    "check.tcp": "port connection refused timeout tcp",
    "check.http": "http status 5xx timeout web server",
}
"""What people call each kind of alert when they ask about it."""

_WORD: Final = re.compile(r"[A-Za-z][A-Za-z0-9+#]*(?:[._/-][A-Za-z0-9+#]+)*|0x[0-9a-fA-F]{4,}|\d+(?:\.\d+)*")
_PIECE: Final = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+(?:\.\d+)*")
_PLACEHOLDER: Final = re.compile(r"<[a-z0-9]+>")
_TIME: Final = re.compile(
    r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?\S*|\b\d\d?:\d\d(?::\d\d)?\b"
    r"|\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\s+\d\d?\b"
)
_PATH: Final = re.compile(r"(?<![\w.])(?:[A-Za-z]:\\|/)[\w.@+-]+(?:[\\/][\w.@+-]+)*")
_CODE: Final = re.compile(
    r"\b(?:0x[0-9a-fA-F]{4,}|[A-Z]{1,6}[-_]?\d{3,7}|E[A-Z]{3,}|[A-Z]+(?:_[A-Z0-9]+)+)\b"
    r"|(?i:event id|error|code)\s*:?\s*\d+"
)
_VERSION: Final = re.compile(r"^\d+(?:\.\d+)+$|^(?:19|20)\d\d$|^\d{1,2}$")


@dataclass(frozen=True)
class Term:
    """A word to look for, with its weight."""

    word: str
    weight: float = 1.0


@dataclass(frozen=True)
class Query:
    """What is looked for. `signature` joins it to threads that carry the same one."""

    terms: tuple[Term, ...]
    phrases: tuple[str, ...] = ()
    signature: str = ""

    @property
    def kind(self) -> str:
        """The kind of alert that the signature begins with, or the empty string."""
        return self.signature.partition("/")[0].strip()

    @property
    def asked(self) -> tuple[Term, ...]:
        """The words that are looked for; the others, such as the operating system, only prefer."""
        return tuple(term for term in self.terms if term.weight >= 1.0)

    def match(self) -> str:
        """Return the FTS5 expression: any of the words or phrases. Each is quoted, so that no text is an operator."""
        return " OR ".join(f'"{word}"' for word in [*(term.word for term in self.asked), *self.phrases])


def from_alert(signature: str, summary: str, *, component: str = "", machine: str = "") -> Query:
    """Make the query of an alert.

    Args:
        signature: `kind/component/normalised error`.
        summary: the alert's sentence.
        component: the class of what is affected, such as `ext4` or `wireless`.
        machine: operating system with version, whose words weigh half: they prefer, never exclude.
    """
    kind = signature.partition("/")[0].strip()
    own = _words(f"{KIND_WORDS.get(kind, kind)} {component}", weight=2.0)
    return _query([*own, *_words(summary), *_words(machine, weight=0.5)], KIND_WORDS.get(kind, ""), signature)


def from_text(text: str, *, machine: str = "") -> Query:
    """Make the query of an error text as logged, or of a person's question."""
    codes = [Term(code.lower(), 3.0) for code in _CODE.findall(text)]
    return _query([*codes, *_words(text), *_words(machine, weight=0.5)], text)


def normalise(text: str) -> str:
    """Drop what differs from machine to machine; what is left is what two machines with one problem share."""
    text = _TIME.sub(" ", text)
    text = _PATH.sub(lambda path: f" {path.group().replace(chr(92), '/').rsplit('/', 1)[-1]} ", text)
    return _PLACEHOLDER.sub(" ", mask(text))


def _words(text: str, *, weight: float = 1.0) -> list[Term]:
    terms = []
    for word in _WORD.findall(normalise(text)):
        pieces = [piece for piece in _PIECE.findall(word) if len(piece) > 1]
        for part in dict.fromkeys([word, *pieces]):
            lower = part.lower().strip("._/-")
            if lower in STOP_WORDS or (lower.isdigit() and not _VERSION.match(lower)) or len(lower) < 2:  # noqa: PLR2004 - letters
                continue
            terms.append(Term(lower, weight))
    return terms


def _query(terms: Iterable[Term], phrased: str, signature: str = "") -> Query:
    heaviest: dict[str, float] = {}
    for term in terms:
        heaviest[term.word] = max(term.weight, heaviest.get(term.word, 0.0))
    kept = tuple(Term(word, weight) for word, weight in list(heaviest.items())[:MOST_TERMS])
    words = [term.word for term in _words(phrased)]
    pairs = (f"{first} {second}" for first, second in pairwise(words) if first != second)
    return Query(kept, tuple(dict.fromkeys(pairs))[:MOST_PHRASES], signature)
