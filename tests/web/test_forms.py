"""The forms do what they say, once, and only for a page of ours."""

import re

import pytest
from django.test import Client

from rackside_protocol.ids import new_id
from rackside_server.ideas.models import Idea, IdeaVote
from rackside_server.threads.models import HelpfulVote, MeTooVote, Post, Thread
from tests.kernel.cast import OPEN_GROUP, Actor
from tests.web.conftest import Browser, Town

pytestmark = pytest.mark.django_db


def submit(client: Client, path: str, **fields: str) -> str:
    """Send a form and return the page that it ends on."""
    answer = client.post(path, {"action_id": new_id(), **fields}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.usefixtures("unhurried")
def test_a_question_is_asked_answered_and_solved(alice: Actor, bob: Actor, browser: Browser) -> None:
    asker, helper = browser(alice), browser(bob)
    fields = {"title": "Why is /srv full?", "body": "df\r\nsays so", "tags": "Linux Disk"}
    assert "Why is /srv full?" in submit(asker, f"/groups/{OPEN_GROUP}/ask/", **fields)
    thread = Thread.objects.get()
    assert (thread.body, thread.tags, thread.author_id) == ("df\nsays so", ["linux", "disk"], alice.id)
    at = f"/threads/{thread.pk}"
    assert "Run lsof" in submit(helper, f"{at}/reply/", body="Run lsof.")
    post = Post.objects.get()
    submit(helper, f"{at}/me-too/", on="1")
    submit(asker, f"{at}/vote/", item=post.pk, on="1")
    assert "Accepted" in submit(asker, f"{at}/accept/", post=post.pk)
    thread.refresh_from_db()
    assert (thread.accepted_id, thread.replies, thread.me_too) == (post.pk, 1, 1)
    assert HelpfulVote.objects.get().item == post.pk
    submit(helper, f"{at}/me-too/")
    submit(asker, f"{at}/vote/", item=post.pk)
    submit(asker, f"{at}/accept/")
    thread.refresh_from_db()
    assert (thread.accepted_id, thread.me_too, HelpfulVote.objects.count(), MeTooVote.objects.count()) == (
        None,
        0,
        0,
        0,
    )


def test_one_edits_and_deletes_what_is_ones_own_and_nothing_else(
    alice: Actor, bob: Actor, town: Town, browser: Browser
) -> None:
    submit(browser(alice), f"/edit/{town.open_thread}/", title="Why is /var so full?", body="Still.", tags="var")
    assert Thread.objects.get(pk=town.open_thread).title == "Why is /var so full?"
    submit(browser(bob), f"/edit/{town.solution}/", body="Run it as root.")
    assert Post.objects.get(pk=town.solution).body == "Run it as root."
    assert browser(alice).get(f"/edit/{town.solution}/").status_code == 404
    assert browser(bob).post(f"/edit/{town.open_thread}/", {"title": "Hah, mine", "body": "x"}).status_code == 404
    submit(browser(alice), f"/threads/{town.open_thread}/delete/", item=town.solution)
    assert not Post.objects.get(pk=town.solution).deleted_ms
    page = submit(browser(bob), f"/threads/{town.open_thread}/delete/", item=town.solution)
    assert "Run it as root." not in page


def test_what_is_refused_comes_back_with_its_text_and_the_reason(alice: Actor, town: Town, browser: Browser) -> None:
    page = submit(browser(alice), f"/groups/{OPEN_GROUP}/ask/", title="no", body="My long and precious text")
    assert "My long and precious text" in page
    assert "notice error" in page
    page = submit(browser(alice), f"/threads/{town.open_thread}/reply/", body="y" * 16_001)
    assert "y" * 16_001 in page
    assert Thread.objects.filter(title="no").count() == 0


@pytest.mark.usefixtures("unhurried")
def test_similar_features_are_shown_once_before_one_is_proposed(bob: Actor, town: Town, browser: Browser) -> None:
    fields = {"title": "Dark pages at night", "body": "My eyes hurt."}
    page = submit(browser(bob), "/ideas/propose/", **fields)
    assert f"/ideas/{town.idea}/" in page
    assert "My eyes hurt." in page
    assert Idea.objects.count() == 1
    submit(browser(bob), "/ideas/propose/", **fields, sure="1")
    assert Idea.objects.count() == 2


@pytest.mark.usefixtures("unhurried")
def test_a_feature_is_voted_on_and_talked_about(bob: Actor, town: Town, browser: Browser) -> None:
    IdeaVote.objects.all().delete()
    client = browser(bob)
    assert "Take my vote back" in submit(client, f"/ideas/{town.idea}/vote/", on="1")
    assert IdeaVote.objects.get().member_id == bob.id
    assert "Vote for it" in submit(client, f"/ideas/{town.idea}/vote/")
    assert not IdeaVote.objects.exists()
    assert "And a red one." in submit(client, f"/ideas/{town.idea}/comment/", body="And a red one.")


@pytest.mark.usefixtures("unhurried")
def test_the_same_form_sent_twice_is_carried_out_once(alice: Actor, town: Town, browser: Browser) -> None:
    client, sent = browser(alice), {"action_id": new_id(), "body": "Once only."}
    for _ in range(2):
        client.post(f"/threads/{town.open_thread}/reply/", sent)
    assert Post.objects.filter(body="Once only.").count() == 1
    ask = {"action_id": new_id(), "title": "Asked once", "body": "Only."}
    answers = [client.post(f"/groups/{OPEN_GROUP}/ask/", ask) for _ in range(2)]
    assert Thread.objects.filter(title="Asked once").count() == 1
    assert answers[0].headers["Location"] == answers[1].headers["Location"]


@pytest.mark.usefixtures("unhurried")
def test_every_form_of_a_page_carries_an_id_of_its_own(bob: Actor, town: Town, browser: Browser) -> None:
    page = browser(bob).get(f"/threads/{town.open_thread}/").content.decode()
    ids = re.findall(r'name="action_id" value="([0-9a-f]{32})"', page)
    assert len(ids) == page.count('method="post"') == len(set(ids)) > 1


FORMS = (
    f"/groups/{OPEN_GROUP}/ask/",
    "/threads/{open_thread}/reply/",
    "/threads/{open_thread}/vote/",
    "/threads/{open_thread}/accept/",
    "/threads/{open_thread}/me-too/",
    "/threads/{open_thread}/delete/",
    "/edit/{open_thread}/",
    f"/groups/{OPEN_GROUP}/follow/",
    "/ideas/propose/",
    "/ideas/{idea}/vote/",
    "/ideas/{idea}/comment/",
    "/sign-in/",
    "/sign-up/",
    "/sign-out/",
    "/password/",
)


@pytest.mark.parametrize("path", FORMS)
def test_a_form_from_elsewhere_is_refused(
    path: str, alice: Actor, town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice.member)
    sent = {"title": "From elsewhere", "body": "From elsewhere", "on": "1", "sure": "1", "item": town.open_thread}
    assert client.post(path.format_map(vars(town)), sent).status_code == 403
    assert not Thread.objects.filter(title="From elsewhere").exists()
    assert "CSRF cookie not set" in caplog.text
    caplog.clear()


@pytest.mark.parametrize("path", [path for path in FORMS[:11] if path.count("/") > 2 and "edit" not in path])
def test_a_visitor_is_sent_to_sign_in(path: str, town: Town, browser: Browser) -> None:
    answer = browser(None).post(path.format_map(vars(town)), {"title": "Visitor", "body": "Visitor", "on": "1"})
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in/")
