"""The demo community's texts: where they are, and what they must look like."""

import tomllib
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TypeVar

import msgspec

RowT = TypeVar("RowT", bound=msgspec.Struct)


class Member(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody of the cast; `system` is what her machines run, with its major version."""

    handle: str
    name: str
    joined_days_ago: float
    system: str = ""
    headline: str = ""
    bio: str = ""
    topics: list[str] = []
    trust_level: int = 0
    vendor: str = ""
    staff: bool = False


class Group(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A group; `members` are those of a private one."""

    slug: str
    name: str
    description: str
    private: bool = False
    members: list[str] = []


class Post(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A post; `reply_to` counts the thread's posts from 1.

    It was tried on so many machines, and cleared the thread's alert on so many of them, for 30 days on `lasting`.
    """

    author: str
    hours_later: float
    body: str
    accepted: bool = False
    votes: list[str] = []
    reply_to: int | None = None
    tried: int = 0
    cleared: int = 0
    lasting: int = 0


class Thread(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A thread with its posts and votes."""

    key: str
    group: str
    author: str
    title: str
    tags: list[str]
    days_ago: float
    body: str
    signature: str = ""
    how_to: bool = False
    me_too: list[str] = []
    votes: list[str] = []
    post: list[Post] = []


class Alert(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What became of a kind of alert where nothing was tried."""

    kind: str
    of_class: str
    seen: int
    cleared: int


class Comment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A comment on an idea."""

    author: str
    hours_later: float
    body: str


class Idea(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An idea with its votes and comments; `duplicate_of` is a key."""

    key: str
    title: str
    author: str
    days_ago: float
    body: str
    state: str = "open"
    reason: str = ""
    duplicate_of: str = ""
    votes: list[str] = []
    comment: list[Comment] = []


class Vendor(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A vendor."""

    slug: str
    name: str
    url: str = ""
    about: str = ""


class Campaign(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A reviewed campaign; its times are days before and after today."""

    vendor: str
    key: str
    tier: str
    title: str
    body: str
    link: str
    terms: list[str]
    never_if: list[str]
    ecpm: float
    impressions_goal: int
    days_ago_start: float
    days_run: float


def folder() -> Path:
    """Return where the texts are: in the installed console's package, or in the source tree."""
    package = find_spec("rackside")
    homes = [Path(place) / "_resources" for place in (package.submodule_search_locations or [])] if package else []
    homes.append(Path(__file__).parents[3] / "resources")
    return next((home / "demo" for home in homes if (home / "demo").is_dir()), homes[-1] / "demo")


def read(name: str, table: str, row: type[RowT]) -> list[RowT]:
    """Read the rows of one table of `name`.toml.

    Raises:
        msgspec.ValidationError: a row is not as its class says.
    """
    return _rows(folder() / f"{name}.toml", table, row)


def threads() -> Iterator[Thread]:
    """Read the threads of every topic."""
    for path in sorted((folder() / "threads").glob("*.toml")):
        yield from _rows(path, "thread", Thread)


def _rows(path: Path, table: str, row: type[RowT]) -> list[RowT]:
    return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")).get(table, []), list[row])  # type: ignore[valid-type]
