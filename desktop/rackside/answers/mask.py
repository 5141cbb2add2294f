"""Masking: what names a machine, a person or a secret is replaced by a word in angle brackets before a person sees it.

Masking leans to too much: a masked word can be put back by hand in the composer; a leaked one cannot be called back.
"""

import re
from collections.abc import Iterable
from typing import Final

_TOP_LEVEL_DOMAINS: Final = (
    "local|lan|corp|internal|intra|home|arpa|test|example|com|net|org|edu|gov|io|dev|cloud|eu|de|uk|fr|nl|se|fi|no|ch"
    "|at|us|ca|au|jp|br|pl|es|it|info|biz|me|co"
)
_KEYWORDS: Final = (
    "pass(?:word|wd|phrase)?|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credential|auth|community|psk"
    "|cookie|session(?:[_-]?id)?"
)
_HEXTET: Final = "[0-9a-f]{1,4}"

_PATTERNS: Final = (
    ("<key>", r"-----BEGIN [A-Z ]+-----.*?(?:-----END [A-Z ]+-----|\Z)"),
    ("<secret>", r"\beyJ[\w-]{8,}\.[\w-]{4,}(?:\.[\w-]*)?"),
    ("<secret>", r"\b(?:gh[pousr]_|github_pat_|glpat-|xox[abprs]-|sk-|AKIA|ASIA|AIza|hf_|npm_|pypi-)[\w-]{10,}"),
    ("<secret>", r"(?<=://)[^\s/@:]+:[^\s/@]+(?=@)"),
    (r"\1 <secret>", r"(?i)\b(bearer|basic)\s+[\w+/.=~-]{6,}"),
    (r"\1<secret>", rf"(?i)\b((?:{_KEYWORDS})\w*[\"']?\s*(?:[=:]|\s+is\s)\s*[\"']?)[^\s\"',;]{{3,}}"),
    ("<email>", r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b"),
    ("<uuid>", r"(?i)\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b"),
    ("<mac>", r"(?i)\b(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}\b|\b[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}\b"),
    ("<ipv6>", rf"(?i)(?<![\w:.])(?:{_HEXTET}:){{5,7}}(?:{_HEXTET}|(?:\d{{1,3}}\.){{3}}\d{{1,3}})(?:%\w+)?(?![\w:])"),
    ("<ipv6>", rf"(?i)(?<![\w:.])(?:{_HEXTET}(?::{_HEXTET})*)?::(?:{_HEXTET}(?::{_HEXTET})*)?(?:%\w+)?(?![\w:])"),
    ("<ipv4>", r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.]*\d)"),
    (r"\1<user>", r"(/home/|/Users/|(?i:C:\\Users\\)|/var/spool/(?:mail|cron)/)[^\s/\\:'\"]+"),
    (r"\1<user>", r"(?i)\b((?:user|username|login|account|uid)(?:\s+name)?(?:\s*[=:]\s*['\"]?|\s+['\"]))[\w.\\-]+"),
    (r"\1<user>\2", r"(?i)\b((?:for|user)\s+(?:invalid user\s+)?)[\w.\\-]+(\s+(?:from|by)\b)"),
    (r"\1<serial>", r"(?i)\b((?:serial(?:[ _]?(?:no|number))?|s/n|asset(?:[ _]tag)?|wwn)\.?\s*[:=#]?\s*)[\w-]{4,}"),
    (r"\\\\<host>\\<share>", r"\\\\[\w.-]+\\[\w$.-]+"),
    ("<host>", rf"(?i)\b(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:{_TOP_LEVEL_DOMAINS})\b(?!\.\w)"),
    ("<secret>", r"\b(?=[\w+/=-]*\d)(?=[\w+/=-]*[a-z])(?=[\w+/=-]*[A-Z])[\w+/=-]{20,}"),
    ("<id>", r"(?i)\b(?=[0-9a-f]*\d)[0-9a-f]{16,}\b"),
)
"""Placeholder and pattern, in the order in which they are applied: the longest and surest first."""

_COMPILED: Final = tuple((re.compile(pattern, re.DOTALL), placeholder) for placeholder, pattern in _PATTERNS)
_SHORTEST_NAME: Final = 3


def mask(text: str, *, names: Iterable[str] = ()) -> str:
    """Return the text with addresses, names, keys and ids replaced by placeholders such as `<ipv4>`.

    Args:
        text: what a log, an alert or a person said.
        names: words known to name this machine, its users or its networks; each is masked wherever it stands alone.
    """
    for pattern, placeholder in _COMPILED:
        text = pattern.sub(placeholder, text)
    for name in sorted({name for name in names if len(name) >= _SHORTEST_NAME}, key=len, reverse=True):
        text = re.sub(rf"(?i)(?<![\w<]){re.escape(name)}(?![\w>])", "<name>", text)
    return text
