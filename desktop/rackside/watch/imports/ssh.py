"""OpenSSH's client configuration: each `Host` without a pattern becomes a check of its SSH server (ssh_config(5))."""

import shlex
from collections.abc import Iterator
from typing import Final

from rackside.watch.imports.found import Found, left_out, made

PATTERN: Final = frozenset("*?!")


def read(text: str) -> Iterator[Found]:
    """Yield each host that is named by name."""
    names: list[str] = []
    said: dict[str, str] = {}
    for line in [*text.splitlines(), "Host"]:
        word, *rest = _words(line) or [""]
        if word in {"host", "match"}:
            yield from _hosts(names, said)
            names, said = (rest if word == "host" else []), {}
        elif rest:
            said.setdefault(word, rest[0])


def _words(line: str) -> list[str]:
    try:
        words = shlex.split(line.replace("=", " ", 1), comments=True)
    except ValueError:
        return []
    return [words[0].lower(), *words[1:]] if words else []


def _hosts(names: list[str], said: dict[str, str]) -> Iterator[Found]:
    for name in names:
        if PATTERN & {*name}:
            continue
        if "proxyjump" in said or "proxycommand" in said:
            yield left_out(name, "it is reached by way of another host")
        else:
            yield made(name, "ssh", {"host": said.get("hostname", name), "port": said.get("port")}, host=name)
