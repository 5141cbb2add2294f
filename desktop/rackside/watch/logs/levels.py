"""How bad a line is by its words, where no severity stands beside it. Pure."""

import re
from typing import Final

from rackside.watch.logs.line import ERROR

MARKS: Final[dict[str, int]] = {
    "emerg": 0,
    "emergency": 0,
    "alert": 1,
    "crit": 2,
    "critical": 2,
    "fatal": 3,
    "severe": 3,
    "err": 3,
    "error": 3,
    "warn": 4,
    "warning": 4,
    "notice": 5,
    "info": 6,
    "inf": 6,
    "information": 6,
    "debug": 7,
    "trace": 7,
}
"""The levels that programs mark their lines with: `[error]`, `ERROR:`, `level=error`, `<crit>`. A mark is believed.

FATAL is an error and not critical: PostgreSQL says it of a wrong password.
"""
WORDS: Final[dict[str, int]] = {
    "kernel panic": 0,
    "machine check": 2,
    "hardware error": 2,
    "out of memory": 3,
    "oom-kill": 3,
    "panic": 3,
    "fatal": 3,
    "critical": 3,
    "segfault": 3,
    "i/o error": 3,
    "corrupt": 3,
    "error": 3,
    "fail": 3,
    "denied": 3,
    "refused": 3,
    "unreachable": 3,
    "exception": 3,
    "traceback": 3,
    "cannot": 3,
    "unable to": 3,
    "timed out": 3,
    "no space left": 3,
    "read-only file system": 3,
}
"""What lines without a mark say. Only what the kernel says of broken hardware, or of itself, is critical by a word."""
_SUSPECTS: Final = sorted({*WORDS, *(mark for mark, level in MARKS.items() if level <= ERROR)}, key=len)
SUSPECT: Final = re.compile(
    "|".join(
        re.escape(word) for word in _SUSPECTS if not any(other in word and other != word for other in _SUSPECTS)
    ).encode()
)
"""What a line of error level cannot do without, in lower case: cheap, and passed by many that are none."""
_MARK: Final = re.compile(
    r"(?:\b(?i:level|lvl|severity|loglevel|priority)\"?\s*[=:]\s*\"?(?P<key>[A-Za-z]+)"
    r"|[\[<(|](?:[\w.-]+:)?\s*(?P<bracket>[A-Za-z]+)\s*[\]>)|]"
    r"|(?:^|[\s:])(?P<colon>EMERG|ALERT|CRIT|CRITICAL|FATAL|SEVERE|ERR|ERROR|WARN|WARNING|NOTICE|INFO|DEBUG|TRACE)\b"
    r"|(?:^|\s)(?P<plain>emerg|alert|crit|critical|fatal|error|err|warn|warning|notice|info|debug):\s)",
)
_WORD: Final = re.compile("|".join(re.escape(word) for word in sorted(WORDS, key=len, reverse=True)))
_DENIED: Final = re.compile(
    r"(?<![\w.:/])(?:0|no|without|zero|non|ignor\w*|not an?)[ -](?:\w+ )?(?:errors?|fail\w*|exceptions?)\b"
    r"|\b(?:errors?|failed|failures?|exceptions?)\"?\s*[=:]\s*(?:\[\]|\"\"|0\b|none\b|null\b|false\b|nil\b)"
    r"|\b(?:0 errors?|fail-?over|failsafe|fail2ban|error[._-]?logs?|errors?[_-](?:page|reporting|handler|correction)"
    r"|on-?fail\w*|on-?error)\b"
)
"""What speaks of errors and is none."""
_LOOKED_AT: Final = 200
"""Letters in which a mark stands; a `[error]` in the middle of a message is somebody else's."""


def guess(text: str) -> int:
    """Return the syslog severity that a line's words suggest, 0 to 7; 6 where they say nothing of trouble."""
    folded = text.lower()
    for mark in _MARK.finditer(text[:_LOOKED_AT]):
        level = MARKS.get((mark[mark.lastgroup or 0] or "").lower())
        if level is not None:
            return min([level, *_found(folded, level)])
    return min(_found(_DENIED.sub(" ", folded), ERROR), default=6)


def _found(folded: str, least: int) -> list[int]:
    """Return the levels of the words that are found; with a mark of no error, no word makes it one."""
    return [WORDS[word] for word in _WORD.findall(folded)] if least <= ERROR else []
