"""What members say of an answer: that it still works, that it is outdated, for which versions it is."""

import pytest

from rackside_protocol.ids import new_id
from rackside_protocol.threads import Delete, Freshness, Mark
from rackside_server.threads import rules
from rackside_server.threads.models import FreshnessMark, Post
from tests.people.community import Community, asked, did, refused, replied

pytestmark = pytest.mark.django_db


def mark(post: str, freshness: Freshness, *versions: str) -> Mark:
    return Mark(id=new_id(), post=post, freshness=freshness, versions=list(versions))


def counts(post: str) -> tuple[int, int]:
    row = Post.objects.get(pk=post)
    return row.works, row.outdated


@pytest.fixture
def post(community: Community) -> str:
    """An answer of the other's to the owner's question."""
    return replied(community.other, asked(community.owner, community.public))


def test_a_later_word_replaces_an_earlier_one_and_none_takes_it_back(community: Community, post: str) -> None:
    did(community.owner, mark(post, "works"))
    did(community.owner, mark(post, "works"))
    assert counts(post) == (1, 0)
    assert Post.objects.get(pk=post).works_ms > 0
    did(community.owner, mark(post, "outdated"))
    assert counts(post) == (0, 1)
    for _ in range(2):
        did(community.owner, mark(post, ""))
        assert counts(post) == (0, 0)
    assert Post.objects.get(pk=post).works_ms == 0


def test_that_its_author_finds_it_working_does_not_count_but_that_it_is_outdated_does(
    community: Community, post: str
) -> None:
    did(community.other, mark(post, "works", "Debian 12"))
    assert counts(post) == (0, 0)
    assert Post.objects.get(pk=post).versions == ["Debian 12"]
    did(community.other, mark(post, "outdated"))
    assert counts(post) == (0, 1)


def test_versions_that_two_members_name_stand_on_it_until_its_author_names_hers(
    community: Community, post: str
) -> None:
    did(community.owner, mark(post, "works", "Debian 12", "Postfix 3.7"))
    assert Post.objects.get(pk=post).versions == []
    did(community.staff, mark(post, "works", "debian  12", "Exim 4"))
    assert Post.objects.get(pk=post).versions == ["Debian 12"]
    did(community.other, mark(post, "works", "Debian 13"))
    assert Post.objects.get(pk=post).versions == ["Debian 13"]


def test_one_member_who_names_a_version_twice_does_not_agree_with_herself() -> None:
    assert rules.agreed_versions([["Debian 12", "debian 12"], ["Ubuntu 24.04"]]) == []


def test_a_day_has_room_for_twenty_posts_and_for_changing_ones_mind(community: Community) -> None:
    thread = asked(community.owner, community.public)
    posts = [replied(community.staff, thread) for _ in range(rules.MARKS_A_DAY + 1)]
    for each in posts[: rules.MARKS_A_DAY]:
        did(community.owner, mark(each, "works"))
    assert refused(community.owner, mark(posts[-1], "works")) == "too_many"
    did(community.owner, mark(posts[0], "outdated"))
    did(community.owner, mark(posts[0], ""))
    did(community.owner, mark(posts[-1], "works"))


def test_an_outsider_is_refused(community: Community) -> None:
    hidden = replied(community.other, asked(community.owner, community.private))
    assert refused(community.outsider, mark(hidden, "works")) == "gone"


def test_a_post_taken_back_takes_what_was_said_of_it_along(community: Community, post: str) -> None:
    did(community.owner, mark(post, "works"))
    did(community.other, Delete(id=new_id(), item=post, item_kind="post"))
    assert not FreshnessMark.objects.exists()
