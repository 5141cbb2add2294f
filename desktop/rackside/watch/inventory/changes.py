"""What changed from one inventory to the next, each as a sentence. Pure."""

from typing import Final, NamedTuple

from rackside.store.events import Event, EventKind
from rackside.store.inventory import Inventory
from rackside.watch.inventory import system

MOST_SINGLE: Final = 20
"""More changes of one section at once are told together."""
NAMED: Final = 5
"""How many of them are named."""
SHOWN_LETTERS: Final = 120


class Sentences(NamedTuple):
    """How the changes of a section are said: one by one, and `{count}` together."""

    kind: EventKind
    added: str
    removed: str
    changed: str
    many_added: str
    many_removed: str
    many_changed: str


SAID: Final = {
    "packages": Sentences(
        "software",
        "{name} {now} was installed",
        "{name} {before} was removed",
        "{name} {before} → {now}",
        "{count} packages were installed",
        "{count} packages were removed",
        "{count} packages were upgraded",
    ),
    "hardware": Sentences(
        "hardware",
        "New: {name}, {now}",
        "Gone: {name}, {before}",
        "{name}: {before} → {now}",
        "{count} pieces of hardware are new",
        "{count} pieces of hardware are gone",
        "{count} pieces of hardware changed",
    ),
    "system": Sentences(
        "software",
        "The {name} is {now}",
        "The {name} is no longer known",
        "The {name} changed: {before} → {now}",
        *(("{count} facts of the system changed",) * 3),
    ),
    "accounts": Sentences(
        "account",
        "The account {name} can sign in now ({now})",
        "The account {name} is gone or can no longer sign in",
        "The account {name} changed: {before} → {now}",
        "{count} accounts can sign in now",
        "{count} accounts are gone or can no longer sign in",
        "{count} accounts changed",
    ),
    "administrators": Sentences(
        "account",
        "{name} was made an administrator ({now})",
        "{name} is no longer an administrator",
        "{name} is an administrator by {now}, before by {before}",
        "{count} accounts were made administrators",
        "{count} accounts are no longer administrators",
        "{count} administrators changed",
    ),
    "ports": Sentences(
        "port",
        "{now} listens on {name}",
        "Nobody listens on {name} any more, before {before}",
        "{now} listens on {name}, before {before}",
        "{count} ports were opened",
        "{count} ports were closed",
        "{count} ports changed hands",
    ),
    "services": Sentences(
        "service",
        "{name} is there: {now}",
        "{name} is gone",
        "{name} was {before}, is {now}",
        "{count} services are new",
        "{count} services are gone",
        "{count} services changed their state",
    ),
}


def changes(before: Inventory, now: Inventory) -> list[Event]:
    """Return what changed, section by section; a section that was not read both times changed nothing."""
    events = []
    for section, sentences in SAID.items():
        old, new = before.sections.get(section), now.sections.get(section)
        if old is None or new is None or old is new:
            continue
        if section == system.NAME:
            old, new = dict(old), dict(new)
            boots = old.pop(system.BOOT, ""), new.pop(system.BOOT, "")
            if all(boots) and boots[0] != boots[1]:
                events.append(_event("state", system.BOOT, "This machine was started anew", now.at_s))
        events += _of(sentences, section, old, new, now.at_s)
    return events


def _of(sentences: Sentences, section: str, old: dict[str, str], new: dict[str, str], at_s: float) -> list[Event]:
    added = [name for name in new if name not in old]
    removed = [name for name in old if name not in new]
    changed = [name for name in new if name in old and new[name] != old[name]]
    together = len(added) + len(removed) + len(changed) > MOST_SINGLE
    events = []
    for names, one, many in (
        (added, sentences.added, sentences.many_added),
        (removed, sentences.removed, sentences.many_removed),
        (changed, sentences.changed, sentences.many_changed),
    ):
        if together and len(names) > 1:
            events.append(_event(sentences.kind, section, _together(many, names), at_s))
            continue
        for name in names:
            said = one.format(name=_short(name), before=_short(old.get(name, "")), now=_short(new.get(name, "")))
            events.append(_event(sentences.kind, name[:SHOWN_LETTERS], " ".join(said.split()), at_s))
    return events


def _together(sentence: str, names: list[str]) -> str:
    """Say how many, and name the first: `148 packages were upgraded: apt, bash and 146 more`."""
    left = len(names) - NAMED
    first = ", ".join(_short(name) for name in names[:NAMED])
    return f"{sentence.format(count=len(names))}: {first}" + (f" and {left} more" if left > 0 else "")


def _short(text: str) -> str:
    return text if len(text) <= SHOWN_LETTERS else f"{text[: SHOWN_LETTERS - 1]}…"


def _event(kind: EventKind, subject: str, sentence: str, at_s: float) -> Event:
    return Event(at_s=at_s, until_s=at_s, kind=kind, subject=subject, sentence=sentence)
