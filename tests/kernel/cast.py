"""The cast: alice and bob, who are members of everything, and charlie, who may not see the private group.

On the server's side. Their consoles are in `tests.kernel.console`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import pytest
from django.conf import settings

from rackside_protocol.actions import Action
from rackside_protocol.registry import encode
from rackside_protocol.sync import Cursor, Outcome, Position, SyncRequest, SyncResponse
from rackside_server.accounts import actions as accounts
from rackside_server.accounts.models import Member
from rackside_server.feed import doorbell
from rackside_server.feed.clock import now_ms
from rackside_server.groups import actions as groups
from rackside_server.groups.models import Group
from tests.kernel.transport import TEST_ORIGIN, request

DAY_MS = 24 * 60 * 60 * 1_000
OPEN_GROUP = "linux-servers"
PRIVATE_GROUP = "msp-owners"


@dataclass
class Actor:
    """Somebody of the cast, signed in on one device, with the positions that her plain console is at."""

    member: Member
    device: str
    token: str
    origin: str = TEST_ORIGIN
    cursors: dict[str, Cursor] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Her member id."""
        return self.member.pk

    def post_sync(self, *actions: Action | bytes, **fields: object) -> tuple[int, bytes]:
        """Send actions and her cursors; return the status and body."""
        bodies = [msgspec.Raw(each if isinstance(each, bytes) else encode(each)) for each in actions]
        fields.setdefault("cursors", list(self.cursors.values()))
        ask = SyncRequest(actions=bodies, **fields)  # type: ignore[arg-type] # whatever a test wants to send
        answer = request("POST", "/api/sync", encode(ask), token=self.token)
        return answer.status, answer.body

    def sync(self, *actions: Action | bytes, witnesses: list[Position] | None = None) -> SyncResponse:
        """Do one round trip, and move her cursors as the answer says."""
        status, body = self.post_sync(*actions, witnesses=witnesses or [])
        assert status == 200, body
        answer = msgspec.json.decode(body, type=SyncResponse)
        for page in answer.channels:
            if page.state == "gone":
                self.cursors.pop(page.channel, None)
            else:
                self.cursors[page.channel] = Cursor(
                    channel=page.channel, epoch=page.epoch, version=page.next, tag=page.tag, floor=page.floor
                )
        return answer

    def does(self, action: Action) -> Outcome:
        """Send one action; return its outcome."""
        return self.sync(action).outcomes[0]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    tmp_path_factory: pytest.TempPathFactory, django_db_modify_db_settings_parallel_suffix: None
) -> None:
    """Give SQLite a file: in memory, threads would share one connection's locks. On PostgreSQL each worker has one."""
    del django_db_modify_db_settings_parallel_suffix
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        folder: Path = tmp_path_factory.mktemp("database")
        database.setdefault("TEST", {})["NAME"] = str(folder / "test.db")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> Iterator[None]:
    """Close what the doorbell holds of the test database before it is dropped."""
    del django_db_setup
    yield
    doorbell.close()


@pytest.fixture
def two_groups(db: None) -> tuple[Group, Group]:  # noqa: ARG001 - pytest finds it by name
    """A public group that new members follow, and a private one."""
    public = Group(slug=OPEN_GROUP, name="Linux servers")
    private = Group(slug=PRIVATE_GROUP, name="MSP owners", private=True)
    groups.save_group(public)
    groups.save_group(private)
    return public, private


def _actor(handle: str, group: Group, *, staff: bool = False) -> Actor:
    """Make a member who joined long ago, follows a group, and is signed in on one device."""
    member = accounts.join(handle, name=handle.capitalize(), joined_ms=now_ms() - 100 * DAY_MS, is_staff=staff)
    groups.admit(group, member)
    device, token = accounts.open_device(member, f"{handle}'s console", "linux")
    return Actor(member, device.pk, token)


@pytest.fixture
def alice(two_groups: tuple[Group, Group]) -> Actor:
    """A member of both groups."""
    actor = _actor("alice", two_groups[0])
    groups.admit(two_groups[1], actor.member)
    return actor


@pytest.fixture
def bob(two_groups: tuple[Group, Group]) -> Actor:
    """A member of both groups."""
    actor = _actor("bob", two_groups[0])
    groups.admit(two_groups[1], actor.member)
    return actor


@pytest.fixture
def charlie(two_groups: tuple[Group, Group]) -> Actor:
    """A member who may not see the private group."""
    return _actor("charlie", two_groups[0])


@pytest.fixture
def staff(two_groups: tuple[Group, Group]) -> Actor:
    """A member of the staff."""
    return _actor("dana", two_groups[0], staff=True)
