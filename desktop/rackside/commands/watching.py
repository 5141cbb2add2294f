"""The commands about what is watched: `rackside hosts`, `checks`, `check once`, `events`."""

# ruff: noqa: PLC0415 - each command loads what it needs, so that `rackside status` answers at once

import argparse
import json
import sys
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn

from rackside import paths, words
from rackside.commands import Add, Checked, Failure, Printed, add_command, number

if TYPE_CHECKING:
    from rackside.watch.checks.check import Check

UNKNOWN: Final = 3
UNLESS_SAID: Final[dict[str, Any]] = {"every_s": 60.0, "retries": 2, "of": ""}
"""Of a check that is added: its options may stand before its kind and behind, so neither parser has a default."""
LEAST_EVERY_S: Final = 5.0
MOST_EVERY_S: Final = 86_400.0
HOUR_S: Final = 3_600.0
EVENTS_SHOWN: Final = 50


def add_commands(command: Add, shared: argparse.ArgumentParser, given: Sequence[str]) -> None:
    """Add the commands; `shared` holds the options of all.

    `given` is what was typed: the kinds of checks take 15 ms to load, and few commands need them.
    """
    machines = command("hosts", hosts)
    machines.add_argument("--group", help="those of a group")
    machines.add_argument("--state", choices=("down", "warned", "pending", "maintenance", "up"))
    below = partial(add_command, machines.add_subparsers(metavar="set, maintain"), shared)
    said = below("set", set_host)
    said.add_argument("name")
    said.add_argument("--group", default=None)
    said.add_argument("--parent", help="the machine before it, which silences it while that is down")
    said.add_argument("--may-sleep-h", type=number, help="for how many hours it may not answer")
    said.add_argument("--note")
    maintained = below("maintain", maintain)
    maintained.add_argument("name", nargs="?", default="", help="a machine; without one and without a group, all")
    maintained.add_argument("--group", default="")
    maintained.add_argument("--hours", type=number, default=2.0)
    maintained.add_argument("--note", default="")
    maintained.add_argument("--end", action="store_true", help="end what is in force")

    all_checks = command("checks", checks)
    below = partial(add_command, all_checks.add_subparsers(metavar="add, remove, bring, secret"), shared)
    wanted = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    wanted.add_argument("--every-s", type=number, help="seconds between two checks")
    wanted.add_argument("--retries", type=int, help="tries more before a failure counts")
    wanted.add_argument("--of", metavar="MACHINE", help="the machine that it is of")
    adding = below("add", add_check, wanted)
    adding.add_argument("label", help="what it is called in the sidebar and in alerts")
    below("remove", remove_check).add_argument("label")
    importing = below("bring", bring)
    importing.add_argument("file", help="of Uptime Kuma, Prometheus, Zabbix or an SSH client, or a table (CSV)")
    importing.add_argument("--add", action="store_true", help="watch them; without it nothing is changed")
    kept = below("secret", secret)
    kept.add_argument("name", help="by which checks of SNMP name it")
    kept.add_argument("--user", default="", help="of version 3; without it a community of version 2c is kept")
    kept.add_argument("--auth", default="SHA", choices=("SHA", "SHA-256", "SHA-512", "MD5"))
    kept.add_argument("--privacy", default="AES", choices=("AES", "AES-256", "DES"))
    kept.add_argument("--forget", action="store_true")

    looking = command("discover", discover)
    looking.add_argument("subnet", help="such as 192.168.1.0/24, at most a /20")
    looking.add_argument("--secret", default="", help="the name of an SNMP secret; without it nobody is asked by SNMP")
    looking.add_argument("--public", action="store_true", help="its public addresses are mine")
    looking.add_argument("--add", action="store_true", help="ping what somebody answers for, as a rule, from now on")

    once = (
        command("check", check_once)
        .add_subparsers(metavar="once", required=True)
        .add_parser("once", help=check_once.__doc__)
    )
    listed = command("inventory", inventory)
    listed.add_argument("section", nargs="?", default="", help="packages, hardware, system, accounts, ports, services")
    happened = command("events", events)
    happened.add_argument("words", nargs="*", help="only those that hold these words")
    happened.add_argument("--limit", type=int, default=EVENTS_SHOWN)
    if {"check", "checks"} & {*given}:
        _add_kinds(once, shared)
        _add_kinds(adding, shared, wanted)


def hosts(chosen: argparse.Namespace) -> Printed:
    """List the machines that are watched and how they stand, what is wrong first."""
    import msgspec

    from rackside.hosts.data import load_hosts, said_of, summary
    from rackside.store import Store
    from rackside.watch.model import Snapshot

    with Store.open(paths.home()) as store:
        found = load_hosts(store, Snapshot())
    found = [each for each in found if chosen.group in {None, each.group} and chosen.state in {None, each.state}]
    now_s = time.time()
    lines = [f"{each.name:<32} {each.group:<16} {said_of(each, now_s)}" for each in found]
    lines.append(summary(found).sentence() + ", as the sidebar saw them last.")
    nothing = "No machine is like that. rackside checks add LABEL KIND TARGET watches one."
    return msgspec.to_builtins(found), "\n".join(lines) if found else nothing


def set_host(chosen: argparse.Namespace) -> Printed:
    """Say of a machine in which group it stands, what is before it, and for how long it may sleep."""
    import msgspec

    from rackside.store import Store
    from rackside.store import hosts as stored

    if chosen.parent == chosen.name:
        raise Failure("a machine is not behind itself; name the one before it.")
    said = {"group": chosen.group, "parent": chosen.parent, "note": chosen.note}
    if chosen.may_sleep_h is not None:
        said["may_sleep_s"] = max(0.0, chosen.may_sleep_h * HOUR_S)
    with Store.open(paths.home()) as store:
        held = stored.hosts(store).get(chosen.name, stored.Host(name=chosen.name))
        now = msgspec.structs.replace(held, **{name: value for name, value in said.items() if value is not None})
        stored.keep_host(store, now)
    return msgspec.to_builtins(now), f"Kept of {chosen.name}."


def maintain(chosen: argparse.Namespace) -> Printed:
    """Put a machine, a group or everything into maintenance from now on; with --end take it out."""
    import msgspec

    from rackside.store import Store
    from rackside.store import hosts as stored
    from rackside.watch.maintenance import wrong

    now_s = time.time()
    planned = stored.Maintenance(
        starts_s=now_s, ends_s=now_s + chosen.hours * HOUR_S, host=chosen.name, group=chosen.group, note=chosen.note
    )
    of = chosen.name or (f"the group {chosen.group}" if chosen.group else "everything")
    with Store.open(paths.home()) as store:
        if chosen.end:
            ended = [
                stored.end_maintenance(store, each.id)
                for each in stored.maintenance(store)
                if (each.host, each.group) == (chosen.name, chosen.group)
            ]
            return {"ended": len(ended)}, f"The maintenance of {of} is over." if ended else f"There is none of {of}."
        if problem := wrong(planned):
            raise Failure(f"this cannot be planned: {problem}")
        stored.plan_maintenance(store, planned)
    return msgspec.to_builtins(planned), f"The maintenance of {of} lasts until {words.clock(planned.ends_s)}."


def checks(_chosen: argparse.Namespace) -> Printed:
    """List the checks that this console does and how they stand."""
    from rackside.store import Store
    from rackside.store import checks as stored

    with Store.open(paths.home()) as store:
        found, stands = stored.watched(store), stored.stands(store)
    value = [
        {
            "label": each.label,
            "host": each.host,
            "check": json.loads(bytes(each.check)),
            "every_s": each.every_s,
            "state": stands[each.label].state if each.label in stands else "pending",
        }
        for each in found
    ]
    lines = [
        f"{each['label']}  {each['state']}  every {each['every_s']:.0f} s  {json.dumps(each['check'])}"
        for each in value
    ]
    return value, "\n".join(lines) or 'Nothing is watched yet. Try: rackside checks add "our router" ping 192.0.2.1'


def add_check(chosen: argparse.Namespace) -> Printed:
    """Have this console do a check every minute, under a label; what is wrong becomes an alert."""
    import msgspec

    from rackside.store import Store
    from rackside.store import checks as stored
    from rackside.watch.checks.fields import problem

    try:
        check = _check_of(chosen)
    except msgspec.ValidationError as error:
        raise Failure(f"this cannot be checked. {problem(error)}") from error
    said = UNLESS_SAID | vars(chosen)
    if not chosen.label.strip() or not LEAST_EVERY_S <= said["every_s"] <= MOST_EVERY_S:
        raise Failure(f"give a label, and {LEAST_EVERY_S:.0f} seconds to a day between two checks.")
    added = stored.Watched(
        label=chosen.label.strip(),
        check=msgspec.Raw(msgspec.json.encode(check)),
        every_s=said["every_s"],
        host=said["of"],
        retries=max(0, said["retries"]),
    )
    with Store.open(paths.home()) as store:
        if not stored.watch(store, added):
            raise Failure(f"{added.label} is watched already. rackside checks remove takes it away.")
    return {"label": added.label}, f"{added.label} is watched from now on, while the sidebar runs."


def remove_check(chosen: argparse.Namespace) -> Printed:
    """Do a check no longer; its history is kept."""
    from rackside.store import Store
    from rackside.store import checks as stored

    with Store.open(paths.home()) as store:
        if not stored.unwatch(store, chosen.label):
            raise Failure(f"nothing is watched as {chosen.label}; rackside checks lists what is.")
    return {"label": chosen.label}, f"{chosen.label} is not watched any more."


def bring(chosen: argparse.Namespace) -> Printed:
    """Show which checks a file of another program holds; with --add watch them. The file is not changed."""
    import msgspec

    from rackside.store import Store
    from rackside.store import checks as stored
    from rackside.watch.imports.found import NotReadableError, watch, why_not
    from rackside.watch.imports.read import read

    try:
        found = read(Path(chosen.file))
    except (NotReadableError, OSError) as error:
        raise Failure(str(error)) from error
    value = []
    with Store.open(paths.home()) as store:
        taken = {each.label for each in stored.watched(store)}
        for each in found:
            why = why_not(each, taken)
            taken.add(each.label)
            if chosen.add and not why:
                watch(store, each)
            value.append({"label": each.label, "check": msgspec.to_builtins(each.check), "left_out": why})
    lines = [f"- {each['label']}: {each['left_out']}" if each["left_out"] else f"+ {each['label']}" for each in value]
    added = sum(not each["left_out"] for each in value)
    lines.append(f"{added} {'are watched now' if chosen.add else 'would be watched; --add does it'}.")
    return value, "\n".join(lines)


def secret(chosen: argparse.Namespace) -> Printed:
    """Keep what devices are asked with by SNMP under a name; it is asked for, and never part of a check."""
    from getpass import getpass

    from rackside.watch.checks.secrets import SnmpCredentials, keep_secret

    held = None
    try:
        if not chosen.forget and chosen.user:
            held = SnmpCredentials(
                user=chosen.user,
                auth_protocol=chosen.auth,
                auth_key=getpass("Authentication key (empty: none): "),
                privacy_protocol=chosen.privacy,
                privacy_key=getpass("Privacy key (empty: none): "),
            )
        elif not chosen.forget:
            held = SnmpCredentials(community=getpass("Community: "))
        where = keep_secret(chosen.name, held)
    except (ValueError, OSError) as error:
        raise Failure(f"this cannot be kept: {error}.") from error
    return {"kept": where}, f"It is kept {where}."


def discover(chosen: argparse.Namespace) -> Printed:
    """Look once who is in a subnet, what each device is and why; with --add watch what somebody answers for."""
    import msgspec

    from rackside.hosts.found import choices
    from rackside.store import Store
    from rackside.watch.checks.snmp import description
    from rackside.watch.discovery.around import look_around
    from rackside.watch.imports.found import watch

    try:
        scan, happened = look_around(
            paths.home(),
            chosen.subnet,
            credentials=chosen.secret,
            on_progress=None if chosen.json else _progress,
            allow_public=chosen.public,
            ask_snmp=description if chosen.secret else None,
        )
    except ValueError as error:
        raise Failure(str(error)) from error
    added = 0
    if chosen.add:
        with Store.open(paths.home()) as store:
            added = sum(watch(store, each) for each in choices(scan.devices, chosen.secret) if each.wanted)
    lines = []
    for each in scan.devices:
        lines.append(f"{each.address:<16} {each.shown:<28} {each.kind:<12} {each.vendor}")
        lines.append(f"    {each.confidence}: {', '.join(each.why) or 'nothing tells what it is'}")
    lines += [f"! {each.sentence}" for each in happened]
    lines += scan.notes
    lines.append(
        f"{words.counted(len(scan.devices), 'device')} in {scan.took_s:.0f} s; {added} are watched from now on."
    )
    value = {"scan": msgspec.to_builtins(scan), "events": msgspec.to_builtins(happened), "added": added}
    return value, "\n".join(lines)


def _progress(done: int, of: int, what: str) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{what} {done}/{of} ")


def check_once(chosen: argparse.Namespace) -> Checked:
    """Check one target now; the exit code is that of a monitoring plugin: 0 ok, 1 warning, 2 critical, 3 unknown."""
    import msgspec

    from rackside.watch.checks.check import LEVELS, Result
    from rackside.watch.checks.fields import problem
    from rackside.watch.checks.run import run

    try:
        check = _check_of(chosen)
    except msgspec.ValidationError as error:
        found = Result(level="unknown", sentence=f"This cannot be checked. {problem(error)}")
    else:
        found = run(check)
    measured = " ".join(f"{name}={value:.3f}{unit}" for name, (value, unit) in found.values.items())
    line = f"{found.level.upper()} - {found.sentence}" + (f" | {measured}" if measured else "")
    return Checked((msgspec.to_builtins(found), line), LEVELS.index(found.level))


def inventory(chosen: argparse.Namespace) -> Printed:
    """Take this machine's inventory now: what is installed, built in, open and running, and what cannot be told."""
    import msgspec

    from rackside.watch.inventory.available import cannot_tell
    from rackside.watch.inventory.taking import take

    taken = take(time.time())
    if chosen.section and chosen.section not in taken.sections | taken.missing:
        raise Failure(
            f"there is no section {chosen.section}; there are {', '.join([*taken.sections, *taken.missing])}."
        )
    sections = {name: each for name, each in taken.sections.items() if chosen.section in {"", name}}
    missing = cannot_tell(taken)
    lines = [f"{item}  {value}".rstrip() for items in sections.values() for item, value in items.items()]
    if not chosen.section:
        counted = ((name, words.counted(len(items), "item")) for name, items in sections.items())
        lines = [f"{name:<16} {number}" for name, number in counted]
        lines += [f"! {why}" for why in missing.values()]
    elif chosen.section in taken.missing:
        lines = [f"! {taken.missing[chosen.section]}"]
    value = {"sections": sections, "cannot_tell": msgspec.to_builtins(missing)}
    return value, "\n".join(lines)


def events(chosen: argparse.Namespace) -> Printed:
    """Tell what happened here and to what is watched, newest first, each with its duration."""
    import msgspec

    from rackside.alerts.data import told
    from rackside.figures import span_of
    from rackside.store import Store
    from rackside.store import events as stored

    with Store.open(paths.home()) as store:
        found = stored.events(store, words=" ".join(chosen.words), limit=max(1, chosen.limit))
    lines = []
    for each in found:
        length = "lasts" if not each.until_s else span_of(each.until_s - each.at_s) if each.until_s > each.at_s else ""
        lines.append(f"{words.date_and_time(each.at_s)}  {each.kind:<12} {length:>6}  {told(each)}")
    return [msgspec.to_builtins(each) for each in found], "\n".join(lines) or "Nothing like that has happened."


def _check_of(chosen: argparse.Namespace) -> "Check":
    """Make the check that the words of a call name.

    Raises:
        msgspec.ValidationError: they make none.
    """
    import msgspec

    from rackside.watch.checks.fields import typed
    from rackside.watch.checks.run import KINDS

    kind = KINDS[chosen.kind]
    said = {name: each for name in kind.__struct_fields__ if (each := getattr(chosen, name, None)) is not None}
    given = {name: typed(name, each) if isinstance(each, str) else each for name, each in said.items()}
    return msgspec.convert(given, kind, strict=False)


class _Plugin(argparse.ArgumentParser):
    """Ends a call whose words are off with the exit code that means `unknown`: 2 would mean that the target is down."""

    def error(self, message: str) -> NoReturn:
        """Say what is off."""
        self.print_usage(sys.stderr)
        self.exit(UNKNOWN, f"UNKNOWN - {message}\n")


def _add_kinds(parser: argparse.ArgumentParser, *shared: argparse.ArgumentParser) -> None:
    """Add `KIND TARGET` with an option for each field of the kind, and the options of other parsers."""
    import msgspec

    from rackside.watch.checks.run import KINDS

    kinds = parser.add_subparsers(dest="kind", metavar="KIND", required=True, parser_class=_Plugin)
    for name, kind in KINDS.items():
        made = kinds.add_parser(name, help=kind.SHOWN, description=kind.__doc__, parents=shared)  # type: ignore[arg-type] # typeshed wants the class of the made one
        for field in msgspec.structs.fields(kind):
            if field.name == kind.TARGET:
                made.add_argument(field.name)
            elif field.type is bool:
                made.add_argument(f"--{field.name.replace('_', '-')}", action="store_true", default=None)
            else:
                made.add_argument(f"--{field.name.replace('_', '-')}", required=field.required)
