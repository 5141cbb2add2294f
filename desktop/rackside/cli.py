"""The command line. Every command has `--json`; none imports Qt unless it draws.

`rackside` opens the sidebar. Exit codes: 0 done, 1 it failed and says why, 2 the words of the call are off; those of
`rackside check once` are a monitoring plugin's.
"""

# ruff: noqa: PLC0415 - each command loads what it needs, so that `rackside status` answers at once

import argparse
import json
import logging
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from rackside import demo as demo_home
from rackside import paths, words
from rackside.commands import Checked, Failure, Printed, add_command, heartbeats, watching

if TYPE_CHECKING:
    from rackside.watch.model import Machine, Reading
    from rackside_protocol.threads import Thread


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return its exit code."""
    given = sys.argv[1:] if arguments is None else arguments
    unless_said = argparse.Namespace(json=False, home=None, demo=False)
    chosen = _parser(given).parse_args(given, unless_said)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    if chosen.home:
        os.environ[paths.HOME_VARIABLE] = str(chosen.home.resolve())
    if chosen.demo:
        demo_home.choose_home()
    try:
        result = chosen.run(chosen)
    except Failure as failure:
        _print({"error": str(failure)} if chosen.json else f"rackside: {failure}", sys.stderr)
        return 1
    if isinstance(result, int):
        return result
    (value, text), code = result if isinstance(result, Checked) else Checked(result, 0)
    _print(value if chosen.json else text, sys.stdout)
    return code


def status(_chosen: argparse.Namespace) -> Printed:
    """Say how this machine is, and how far the copy of the community is."""
    import msgspec

    from rackside import settings
    from rackside.store import Store, documents, outbox
    from rackside.watch.loop import take_reading
    from rackside.watch.machine import describe

    home = paths.home()
    machine, seen = describe(), take_reading(home)
    with Store.open(home) as store:
        held = documents.count_threads(store)
        waiting = outbox.count(store, "queued", "sending", "refused")
    server = settings.load(home).server_url
    value = {
        "machine": asdict(machine),
        "readings": msgspec.to_builtins(seen.readings),
        "processes": [asdict(process) for process in seen.processes],
        "alerts": [asdict(alert) for alert in seen.alerts],
        "threads": held,
        "outbox": waiting,
        "server": server,
    }
    lines = [f"{machine.name} · {machine.system} · {machine.cores} cores · up since {words.clock(machine.booted_s)}"]
    lines += [f"  {reading.key:<24} {_figure(reading):>12}" for reading in seen.readings.values()]
    lines += [f"  {process.name:<24} {process.cpu_percent:>10.1f} %" for process in seen.processes[:5]]
    lines.append(f"{len(seen.alerts)} open alerts · {held:,} threads offline · {waiting} in the outbox")
    return value, "\n".join(lines)


def _figure(reading: "Reading") -> str:
    if reading.unit.startswith("B"):
        return words.size(reading.value) + reading.unit[1:]
    return f"{reading.value:,.1f} {reading.unit}".rstrip()


def alerts(_chosen: argparse.Namespace) -> Printed:
    """List the open alerts, worst first."""
    from rackside.store import Store, local

    with Store.open(paths.home()) as store:
        found = local.open_alerts(store)
    lines = [f"{alert.id}  {alert.severity:<8}  {words.ago(alert.raised_at_s):<12}  {alert.summary}" for alert in found]
    return [asdict(alert) for alert in found], "\n".join(lines) or "Nothing is wrong on this machine just now."


def answers(chosen: argparse.Namespace) -> Printed:
    """Find the answers of peers for a text or for an alert, offline; with --everywhere on the server too."""
    from rackside.answers.data import answers_for_alert, answers_for_text
    from rackside.store import Store, local
    from rackside.watch.machine import describe

    if bool(chosen.text) == bool(chosen.alert):
        raise Failure('give either a text in quotes or --alert ID ("rackside alerts" lists them).')
    machine = describe()
    with Store.open(paths.home()) as store:
        text = " ".join(chosen.text)
        if chosen.alert:
            alert = local.alert(store, chosen.alert)
            if alert is None:
                raise Failure(f"there is no alert {chosen.alert}; rackside alerts lists them.")
            found, text = answers_for_alert(store, alert, machine.system, limit=chosen.limit), alert.summary
        else:
            found = answers_for_text(store, text, machine.system, limit=chosen.limit)
    listed = [(each.thread, each.why) for each in found]
    if chosen.everywhere:
        held = {thread.id for thread, _ in listed}
        listed += [(thread, why) for thread, why in _beyond(text, machine) if thread.id not in held]
    value = [{"thread": thread.id, "title": thread.title, "why": why} for thread, why in listed]
    lines = [f"{place}. {thread.title}\n   {' · '.join(why)}" for place, (thread, why) in enumerate(listed, 1)]
    return value, "\n".join(lines) or "No answer on this machine. rackside ask puts the question to your peers."


def _beyond(text: str, machine: "Machine") -> "list[tuple[Thread, tuple[str, ...]]]":
    from rackside.answers.beyond import Beyond, find_beyond, query_beyond

    try:
        found = find_beyond(paths.home(), query_beyond(text, machine))
    except Beyond as error:
        _print(f"rackside: {error}", sys.stderr)
        return []
    return [(each.answer.thread, tuple(each.why)) for each in found]


def outcomes(chosen: argparse.Namespace) -> Printed:
    """List the answers that are tried here and what was reported of them; with --take-back take a report back."""
    import msgspec

    from rackside import settings
    from rackside.answers.trying import load_reported, load_tried, said_of
    from rackside.store import Store, outbox
    from rackside_protocol.answers import WithdrawOutcome
    from rackside_protocol.ids import new_id

    with Store.open(paths.home()) as store:
        tried, reported = load_tried(store, time.time()), load_reported(store, settings.load(paths.home()).member)
        if chosen.take_back:
            if not 0 < chosen.take_back <= len(reported):
                raise Failure(f"there is no report {chosen.take_back}; rackside outcomes lists them.")
            back = reported[chosen.take_back - 1].outcome
            outbox.put(store, WithdrawOutcome(id=new_id(), signature=back.signature, post=back.post))
            return {"taken_back": back.signature}, "Taken back; it is sent with the next sync."
    value = {
        "tried": [msgspec.to_builtins(each) for each in tried],
        "reported": [msgspec.to_builtins(each) for each in reported],
    }
    lines = [f"   {each.title}\n   being tried on: {each.question.trial.summary}" for each in tried]
    lines += [
        f"{place}. {each.title or each.outcome.signature}\n   {said_of(each)}" for place, each in enumerate(reported, 1)
    ]
    return value, "\n".join(lines) or "Nothing is tried or reported yet."


def sync(_chosen: argparse.Namespace) -> Printed:
    """Push what was written and pull what changed, now."""
    from rackside.store import Store
    from rackside.sync import engine
    from rackside.sync.connect import connect
    from rackside.sync.errors import SyncError

    home = paths.home()
    client = connect(home)
    if client is None:
        raise Failure("not connected: open rackside once, agree to what is sent, and sign in.")
    try:
        with Store.open(home) as store:
            report = engine.sync(store, client)
    except SyncError as error:
        raise Failure(f"{error} {error.remedy}") from error
    finally:
        client.close()
    value = {"pushed": report.pushed, "refused": report.refused, "rows": report.rows}
    return value, f"{report.pushed} pushed, {report.refused} of them refused; {report.rows:,} changes pulled."


def ask(chosen: argparse.Namespace) -> Printed:
    """Write a question; it is sent with the next sync."""
    from rackside.store import Store, ballast, documents, outbox
    from rackside_protocol.groups import Group
    from rackside_protocol.ids import new_id
    from rackside_protocol.registry import encode, read_action
    from rackside_protocol.threads import Ask

    body = chosen.body if chosen.body is not None else sys.stdin.read()
    question = Ask(
        id=new_id(),
        made_ms=int(time.time() * 1000),
        group=chosen.group,
        title=chosen.title,
        body=body,
        tags=chosen.tag or [],
    )
    try:
        read_action(encode(question))
    except ValueError as error:
        raise Failure(f"the community would not take it: {error}.") from error
    with Store.open(paths.home()) as store:
        groups = {group.slug for group in documents.of_kind(store, Group, limit=1_000)}
        if groups and chosen.group not in groups:
            raise Failure(f"there is no group {chosen.group}; there are {', '.join(sorted(groups))}.")
        try:
            outbox.put(store, question)
        except ballast.NoRoom as error:
            raise Failure(str(error)) from error
    return {"action": question.id}, f"Queued as {question.id}; rackside sync sends it, and so does the sidebar."


def outbox_(_chosen: argparse.Namespace) -> Printed:
    """List what was written here and is not in the community yet."""
    from rackside.accounts.data import load_entries
    from rackside.store import Store

    with Store.open(paths.home()) as store:
        entries = load_entries(store)
    lines = [
        f"{entry.id}  {entry.state:<8}  {entry.what:<20}  {entry.text}"
        + (f"\n    {entry.message}" if entry.message else "")
        for entry in entries
    ]
    return [asdict(entry) for entry in entries], "\n".join(lines) or "Everything you wrote has been sent."


def doctor(_chosen: argparse.Namespace) -> Printed:
    """Say what is missing on this machine, and the exact remedy."""
    from rackside.doctor import examine

    findings = examine(paths.home())
    marks = {"ok": "ok     ", "note": "note   ", "missing": "MISSING"}
    lines = [
        f"{marks[each.verdict]}  {each.what}: {each.saying}" + (f"\n         {each.remedy}" if each.remedy else "")
        for each in findings
    ]
    return [asdict(each) for each in findings], "\n".join(lines)


def export(chosen: argparse.Namespace) -> Printed:
    """Write everything of yours on this machine to one JSON file: what waits, drafts, settings, your documents."""
    from rackside import settings
    from rackside.accounts.data import export as gather
    from rackside.store import Store

    home = paths.home()
    with Store.open(home) as store:
        content = gather(store, settings.load(home))
    text = json.dumps(content, indent=2, ensure_ascii=False, default=str)
    try:
        Path(chosen.file).write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise Failure(f"{chosen.file} cannot be written: {error.strerror}.") from error
    return {"file": chosen.file, "size_bytes": len(text)}, f"Written to {chosen.file}."


def sidebar(_chosen: argparse.Namespace) -> int:
    """Open the sidebar."""
    _needs_a_display()
    from rackside import app

    return app.run()


def demo(_chosen: argparse.Namespace) -> int:
    """Open the sidebar with a server of its own and the demo community, in a home of their own."""
    _needs_a_display()
    from rackside import app

    demo_home.choose_home()
    return app.run(demo=True)


def screenshot(chosen: argparse.Namespace) -> Printed:
    """Draw the real window with the real store into a PNG."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ["QT_SCALE_FACTOR"] = str(chosen.scale)
    _needs_qt()
    from rackside import app
    from rackside.sync.errors import SyncError

    if chosen.demo:
        try:
            demo_home.fill(paths.home())
        except SyncError as error:
            raise Failure(f"{error} {error.remedy}") from error
    app.screenshot(Path(chosen.file), view=chosen.view, theme=chosen.theme)
    return {"file": chosen.file}, f"Written to {chosen.file}."


def _needs_qt() -> None:
    from rackside import qt_libraries

    absent = qt_libraries.missing()
    if absent:
        raise Failure(f"Qt needs libraries that are missing: {', '.join(absent)}. Run: {qt_libraries.remedy(absent)}")


def _needs_a_display() -> None:
    _needs_qt()
    from rackside.doctor import has_display

    if not has_display():
        raise Failure("no window can open here. Try rackside status, or rackside screenshot sidebar.png.")


def _parser(given: Sequence[str]) -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    suppress = argparse.SUPPRESS
    shared.add_argument("--json", action="store_true", default=suppress, help="answer as JSON")
    shared.add_argument("--home", type=Path, default=suppress, help="another data folder")
    shared.add_argument("--demo", action="store_true", default=suppress, help="the demo's data folder")
    parser = argparse.ArgumentParser(prog="rackside", description=__doc__, parents=[shared])
    parser.set_defaults(run=sidebar)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    command = partial(add_command, commands, shared)

    command("demo", demo)
    command("status", status)
    command("alerts", alerts)
    found = command("answers", answers)
    found.add_argument("--everywhere", action="store_true", help="ask the community's server, too")
    found.add_argument("text", nargs="*", help="an error as logged, or a question")
    found.add_argument("--alert", help="an alert's id")
    found.add_argument("--limit", type=int, default=10, help="how many at most")
    reports = command("outcomes", outcomes)
    reports.add_argument("--take-back", type=int, metavar="N", help="the number of a report in the list")
    watching.add_commands(command, shared, given)
    heartbeats.add_commands(command)
    command("sync", sync)
    asking = command("ask", ask)
    asking.add_argument("title")
    asking.add_argument("--group", required=True)
    asking.add_argument("--body", help="Markdown; without it, standard input is read")
    asking.add_argument("--tag", action="append")
    command("outbox", outbox_)
    shot = command("screenshot", screenshot)
    shot.add_argument("file")
    shot.add_argument("--view", choices=("sidebar", "thread", "ideas", "machines", "settings"), default="sidebar")
    shot.add_argument("--theme", choices=("light", "dark"), default="dark")
    shot.add_argument("--scale", type=int, choices=(1, 2), default=1)
    command("doctor", doctor)
    command("export", export).add_argument("file")
    return parser


def _print(value: object, stream: TextIO) -> None:
    print(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=list), file=stream)
