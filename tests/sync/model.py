"""An executable model of the server: channels with dense versions, actions once, members who may read or not.

It stands in where the real server cannot be brought to misbehave: lost and repeated answers, a backup restored, a
channel left, deletions forgotten.
"""

from copy import deepcopy
from dataclasses import dataclass, field
from random import Random

import msgspec

from rackside.sync.errors import Unreachable
from rackside_protocol.documents import Document
from rackside_protocol.registry import encode, read_action
from rackside_protocol.sync import PROTOCOL, ChannelPage, Cursor, Outcome, Position, Row, SyncRequest, SyncResponse
from rackside_protocol.threads import Ask, Delete, Thread
from tests.store.pages import ALICE


@dataclass
class Channel:
    epoch: str
    rows: dict[str, tuple[int, Document | None]] = field(default_factory=dict)
    tags: dict[int, int] = field(default_factory=dict)
    head: int = 0
    floor: int = 0


@dataclass
class Model:
    """One member's view of a server. `page_rows` is how many rows an answer holds."""

    random: Random
    page_rows: int = 3
    channels: dict[str, Channel] = field(default_factory=dict)
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    followed: set[str] = field(default_factory=set)
    lose_request: bool = False
    lose_answer: bool = False
    new_epoch_on_restore: bool = True

    def publish(self, channel: str, document: str, value: Document | None) -> Position:
        into = self.channels.setdefault(channel, Channel(epoch=f"e{self.random.getrandbits(32)}"))
        into.head += 1
        into.tags[into.head] = self.random.getrandbits(60)
        into.rows[document] = (into.head, value)
        return Position(channel, into.head, into.tags[into.head])

    def visible(self) -> dict[str, Document]:
        return {
            document: value
            for name in sorted(self.followed & self.channels.keys())
            for document, (_, value) in self.channels[name].rows.items()
            if value is not None
        }

    def forget_deletions(self, channel: str) -> None:
        from_here = self.channels[channel]
        from_here.rows = {key: row for key, row in from_here.rows.items() if row[1] is not None}
        from_here.floor = from_here.head

    def backup(self) -> object:
        return deepcopy((self.channels, self.outcomes))

    def restore(self, backup: object) -> None:
        self.channels, self.outcomes = deepcopy(backup)  # type: ignore[misc]
        if self.new_epoch_on_restore:
            for channel in self.channels.values():
                channel.epoch = f"e{self.random.getrandbits(32)}"

    def sync(self, request: SyncRequest) -> SyncResponse:
        request = msgspec.json.decode(encode(request), type=SyncRequest)
        if self.lose_request:
            self.lose_request = False
            raise Unreachable("lost on the way there")
        outcomes = [self._carry_out(bytes(body)) for body in request.actions]
        answer = SyncResponse(
            protocol=PROTOCOL, member=ALICE, server_ms=1, outcomes=outcomes, channels=self._pages(request)
        )
        if self.lose_answer:
            self.lose_answer = False
            raise Unreachable("lost on the way back")
        return msgspec.json.decode(encode(answer), type=SyncResponse)

    def _carry_out(self, body: bytes) -> Outcome:
        action = read_action(body)
        if action.id in self.outcomes:
            known = self.outcomes[action.id]
            return msgspec.structs.replace(known, result="already") if known.result == "done" else known
        if isinstance(action, Ask):
            channel = f"group:{action.group}"
            if channel not in self.followed:
                outcome = Outcome(id=action.id, result="refused", reason="not_member", message="Join first.")
            else:
                made = Thread(
                    id=action.id, group=action.group, author=ALICE, title=action.title, body=action.body, created_ms=1
                )
                outcome = Outcome(id=action.id, result="done", at=[self.publish(channel, made.id, made)])
        else:
            assert isinstance(action, Delete)
            at = [
                self.publish(name, action.item, None)
                for name, channel in self.channels.items()
                if channel.rows.get(action.item, (0, None))[1] is not None
            ]
            outcome = Outcome(id=action.id, result="done", at=[each for each in at if each.channel in self.followed])
        self.outcomes[action.id] = outcome
        return outcome

    def _pages(self, request: SyncRequest) -> list[ChannelPage]:
        cursors = {cursor.channel: cursor for cursor in request.cursors}
        found = [ChannelPage(channel=name, state="gone") for name in cursors if name not in self.followed]
        left = self.page_rows
        for name in sorted(self.followed):
            witnesses = [each for each in request.witnesses if each.channel == name]
            page = self._page(name, cursors.get(name) or Cursor(channel=name), witnesses, left)
            if page:
                left -= len(page.rows)
                found.append(page)
        return found

    def _page(self, name: str, at: Cursor, witnesses: list[Position], left: int) -> ChannelPage | None:
        channel = self.channels.get(name) or Channel(epoch="")
        wrong_tag = at.version > 0 and channel.tags.get(at.version) != at.tag
        lost = any(channel.tags.get(each.version) != each.tag for each in witnesses)
        under_floor = 0 < at.version < channel.floor and at.floor != channel.floor
        if at.epoch not in {"", channel.epoch} or wrong_tag or lost or under_floor:
            return ChannelPage(
                channel=name, state="reset", epoch=channel.epoch, floor=channel.floor, more=channel.head > 0
            )
        if at.version == channel.head:
            return None
        waiting = sorted((row[0], key, row[1]) for key, row in channel.rows.items() if row[0] > at.version)
        sent = waiting[:left]
        more = len(sent) < len(waiting)
        reached = (sent[-1][0] if sent else at.version) if more else channel.head
        return ChannelPage(
            channel=name,
            state="rows",
            epoch=channel.epoch,
            rows=[
                Row(version=version, id=key, kind=value.kind if value else "thread")
                if value is None
                else Row(version=version, id=key, kind=value.kind, document=msgspec.Raw(encode(value)))
                for version, key, value in sent
            ],
            next=reached,
            tag=channel.tags[reached] if reached else 0,
            floor=channel.floor,
            more=more,
        )
