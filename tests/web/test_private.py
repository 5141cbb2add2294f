"""What a private group holds is on no page, list, feed or map for whom it is not for."""

import pytest

from rackside_protocol.ids import new_id
from rackside_server.accounts.models import Member
from rackside_server.threads.models import Post, Thread
from tests.kernel.cast import OPEN_GROUP, PRIVATE_GROUP, Actor
from tests.web.conftest import SECRET, Browser, Town

pytestmark = pytest.mark.django_db

ABSENT = (
    f"/groups/{PRIVATE_GROUP}/",
    f"/groups/{PRIVATE_GROUP}/feed/",
    "/threads/{private_thread}/",
)
SILENT = (
    "/",
    "/?show=solved",
    "/?show=unanswered",
    "/people/",
    "/people/alice/",
    "/people/bob/",
    "/ideas/",
    "/ideas/{idea}/",
    f"/search/?q={SECRET}",
    "/search/?q=prices",
    "/search/?q=dear",
    "/feed/",
    f"/groups/{OPEN_GROUP}/",
    f"/groups/{OPEN_GROUP}/feed/",
    "/threads/{open_thread}/",
    "/sitemap.xml",
    "/sitemap-1.xml",
    "/robots.txt",
    "/ask/",
)
FORMS = {
    f"/groups/{PRIVATE_GROUP}/ask/": {"title": "Let me in please", "body": "I am nobody."},
    "/threads/{private_thread}/reply/": {"body": "I am nobody."},
    "/threads/{private_thread}/vote/": {"item": "{private_post}", "on": "1"},
    "/threads/{private_thread}/accept/": {"post": "{private_post}"},
    "/threads/{private_thread}/me-too/": {"on": "1"},
    "/threads/{private_thread}/delete/": {"item": "{private_post}"},
    f"/groups/{PRIVATE_GROUP}/follow/": {"on": "1"},
    "/edit/{private_thread}/": {"title": "Mine now", "body": "I am nobody."},
    "/edit/{private_post}/": {"body": "I am nobody."},
}


@pytest.mark.parametrize("who", ["visitor", "charlie"])
@pytest.mark.parametrize("path", ABSENT)
def test_its_own_pages_are_not_there(path: str, who: str, charlie: Actor, town: Town, browser: Browser) -> None:
    answer = browser(charlie if who == "charlie" else None).get(path.format_map(vars(town)))
    assert answer.status_code == 404
    assert SECRET not in answer.content.decode()


@pytest.mark.parametrize("who", ["visitor", "charlie"])
@pytest.mark.parametrize("path", SILENT)
def test_no_other_page_names_it(path: str, who: str, charlie: Actor, town: Town, browser: Browser) -> None:
    answer = browser(charlie if who == "charlie" else None).get(path.format_map(vars(town)), follow=True)
    page = answer.content.decode().replace(f'value="{SECRET}"', "").replace(f"“{SECRET}”", "")
    assert answer.status_code == 200
    for telling in (town.private_thread, town.private_post, PRIVATE_GROUP, "MSP owners", "Prices in", "is dear"):
        assert telling not in page


@pytest.mark.parametrize("path", ["/feed/", "/sitemap-1.xml"])
def test_a_feed_and_the_map_hold_no_secret_for_a_member_either(
    path: str, bob: Actor, town: Town, browser: Browser
) -> None:
    page = browser(bob).get(path).content.decode()
    assert town.open_thread in page
    assert town.private_thread not in page


@pytest.mark.parametrize("path", ["/", "/?show=solved", f"/search/?q={SECRET}", "/people/alice/", "/people/bob/"])
def test_a_member_of_it_sees_it(path: str, bob: Actor, town: Town, browser: Browser) -> None:
    assert town.private_thread in browser(bob).get(path).content.decode()


@pytest.mark.parametrize("path", FORMS)
def test_no_form_of_it_does_anything_or_says_that_it_is_there(
    path: str, charlie: Actor, town: Town, browser: Browser
) -> None:
    before = list(Thread.objects.values()), list(Post.objects.values())
    sent = {name: value.format_map(vars(town)) for name, value in FORMS[path].items()}
    answer = browser(charlie).post(path.format_map(vars(town)), {**sent, "action_id": new_id()}, follow=True)
    assert answer.status_code == 404
    assert SECRET not in answer.content.decode()
    assert (list(Thread.objects.values()), list(Post.objects.values())) == before
    assert not Member.objects.get(pk=charlie.id).group_memberships.filter(group__slug=PRIVATE_GROUP).exists()


def test_to_be_refused_sounds_the_same_whether_it_is_there_or_not(charlie: Actor, town: Town, browser: Browser) -> None:
    heard = []
    for thread, group in ((town.private_thread, PRIVATE_GROUP), (new_id(), "no-such-group")):
        client = browser(charlie)
        client.post(f"/threads/{thread}/me-too/", {"on": "1"})
        client.post(f"/groups/{group}/follow/", {"on": "1"})
        page = client.get("/people/charlie/").content.decode()
        heard.append([line for line in page.splitlines() if 'class="notice' in line])
    assert heard[0] == heard[1] != []
