"""People: the public profile of a member. In the channel `public`."""

from typing import Annotated

import msgspec

from rackside_protocol.actions import Action
from rackside_protocol.documents import Document
from rackside_protocol.ids import Moment


class Member(Document, frozen=True, kw_only=True, tag="member"):
    """A member's public profile. `level` counts from 1 and follows from `points`; `trust_level` is 0 to 4."""

    handle: str
    name: str
    headline: str = ""
    bio: str = ""
    topics: list[str] = []
    joined_ms: Moment = 0
    points: int = 0
    level: int = 1
    level_name: str = ""
    trust_level: int = 0
    accepted_answers: int = 0
    vendor: str = ""
    staff: bool = False

    @property
    def moment_ms(self) -> Moment:
        return self.joined_ms

    @property
    def words(self) -> tuple[str, str, str]:
        return f"{self.name} {self.handle}", f"{self.headline}\n{self.bio}", " ".join(self.topics)


class EditProfile(Action, frozen=True, kw_only=True, tag="people.edit_profile"):
    """Change one's own public profile; every field is sent as it shall be."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
    headline: Annotated[str, msgspec.Meta(max_length=80)] = ""
    bio: Annotated[str, msgspec.Meta(max_length=2_000)] = ""
    topics: Annotated[list[Annotated[str, msgspec.Meta(max_length=32)]], msgspec.Meta(max_length=10)] = []
