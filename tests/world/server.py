"""The real server in this process, on a SQLite file of its own that can be killed, backed up and restored."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import copy_context
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

import requests
from django.core.management import call_command
from django.db import connection
from requests import PreparedRequest, Response

import rackside_server
from rackside_server.accounts import actions as accounts
from rackside_server.accounts.models import Member
from rackside_server.feed import clock, limits, timeline
from rackside_server.feed.models import Channel
from rackside_server.groups import actions as groups
from rackside_server.groups.models import Group, GroupMember
from rackside_server.sponsors import actions as sponsors
from rackside_server.sponsors.models import Campaign, Vendor
from tests.kernel.cast import DAY_MS, OPEN_GROUP, PRIVATE_GROUP
from tests.kernel.transport import InProcessAdapter
from tests.world.kill import Files, Killed, killed_at

SOURCE: Final = Path(next(iter(rackside_server.__path__)))
FILE: Final = "community.db"
PEOPLE: Final = ("alice", "bob", "charlie", "dana")
STAFF: Final = "dana"
INSIDERS: Final = ("alice", "bob")
FOR_EVER: Final = 2**60


class Server(InProcessAdapter):
    """A server, and the line to it: what is asked next can be lost, repeated, or kill it."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder, self.saved = folder / "server", folder / "backup.db"
        self.files = Files(self.folder, folder / "server-killed")
        self.fault, self.kill_line, self.ahead_ms = "", 0, 0

    def send(self, request: PreparedRequest, *args: Any, **kwargs: Any) -> Response:  # type: ignore[override]
        """Answer a request, unless something comes between."""
        fault, self.fault = self.fault, ""
        if fault == "lost request":
            raise requests.ConnectionError("lost on the way there")
        line, self.kill_line = self.kill_line, 0
        send = partial(super().send, request, *args, **kwargs)
        try:
            with self.at_its_time(), killed_at(line, SOURCE, self.files):
                # In a context of its own: what a process that is killed had in mind dies with it.
                answers = [copy_context().run(send) for _ in range(2 if fault == "repeated" else 1)]
        except Killed:
            connection.close()
            self.files.restore()
            raise requests.ConnectionError("the server is gone") from None
        if fault == "lost answer":
            raise requests.ConnectionError("lost on the way back")
        return answers[-1]

    @contextmanager
    def at_its_time(self) -> Iterator[None]:
        """Let it be what the server's clock says; how often one may act is not what is tested here."""
        with clock.at(clock.now_ms() + self.ahead_ms), limits.lifted():
            yield

    def back_up(self) -> None:
        """Copy the database while nothing is written."""
        connection.close()
        shutil.copyfile(self.folder / FILE, self.saved)

    def restore(self, *, by_the_book: bool) -> None:
        """Go back to the backup; by the book, with a new time-line for every channel."""
        if not self.saved.exists():
            return
        connection.close()
        for path in self.folder.iterdir():
            path.unlink()
        shutil.copyfile(self.saved, self.folder / FILE)
        if by_the_book:
            timeline.begin_anew()

    def set_inside(self, handle: str, *, inside: bool) -> None:
        """Let a member into the private group, or put her out, as the staff does."""
        held = GroupMember.objects.filter(member__handle=handle, group__slug=PRIVATE_GROUP).first()
        with self.at_its_time():
            if inside and held is None:
                groups.admit(Group.objects.get(slug=PRIVATE_GROUP), Member.objects.get(handle=handle))
            elif held is not None and not inside:
                groups.dismiss(held)

    def forget_deletions(self) -> None:
        """Forget what was deleted, as the hourly tidying does."""
        for name in Channel.objects.values_list("name", flat=True):
            timeline.forget_deletions(name, FOR_EVER)


@contextmanager
def using(file: Path) -> Iterator[None]:
    """Let Django's connection be to a file."""
    usual = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = str(file)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual


def found(file: Path) -> dict[str, list[str]]:
    """Make a community in a file; return each member's tokens, a device each, and two of alice's."""
    with using(file):
        call_command("migrate", verbosity=0, interactive=False)
        open_group = Group(slug=OPEN_GROUP, name="Linux servers")
        private = Group(slug=PRIVATE_GROUP, name="MSP owners", private=True)
        for group in (open_group, private, Group(slug="windows-admins", name="Windows admins")):
            groups.save_group(group)
        tokens = {}
        for handle in PEOPLE:
            joined_ms = clock.now_ms() - 100 * DAY_MS
            member = accounts.join(handle, name=handle.capitalize(), joined_ms=joined_ms, is_staff=handle == STAFF)
            for group in (open_group, *([private] if handle in INSIDERS else [])):
                groups.admit(group, member)
            tokens[handle] = [accounts.open_device(member, f"{handle}'s console", "linux")[1]]
        alice = Member.objects.get(handle="alice")
        tokens["alice"].append(accounts.open_device(alice, "alice's laptop", "linux")[1])
        accounts.open_device(alice, "an old laptop", "linux")
        _sponsor()
    return tokens


def _sponsor() -> None:
    vendor = Vendor(slug="northvault", name="Northvault")
    sponsors.save_vendor(vendor)
    campaign = Campaign(
        vendor=vendor, title="Cold files", body="Cheap.", link="https://northvault.example/", terms=["disk.used"]
    )
    sponsors.save_campaign(campaign)
    sponsors.submit(campaign)
    sponsors.approve(campaign)


def today() -> str:
    """Return the day that a receipt is of."""
    return datetime.now(UTC).date().isoformat()
