"""The public web: what a visitor and a member see, what a stranger never sees, and what no text can do to a page."""

import json
import re
from xml.etree import ElementTree as ET

import pytest
from django.test import Client

from rackside_protocol.ids import new_id
from rackside_protocol.threads import Ask, Reply
from rackside_server.ideas.models import Idea, IdeaVote
from rackside_server.threads.models import HelpfulVote, Post, Thread
from tests.kernel.cast import OPEN_GROUP, PRIVATE_GROUP, Actor
from tests.kernel.transport import TEST_ORIGIN

pytestmark = pytest.mark.django_db

HOST = TEST_ORIGIN.partition("://")[2]
SECRET = "the-secret-of-the-private-group"
HOSTILE = (
    "<script>alert(1)</script> <img src=//evil.example/x onerror=alert(2)> [go](javascript:alert(3)) "
    "![pic](https://evil.example/p.png) </script><svg onload=alert(4)> {% load x %} {{ settings.SECRET_KEY }}"
)


def browser(actor: Actor | None = None, *, checks: bool = False) -> Client:
    client = Client(enforce_csrf_checks=checks, headers={"host": HOST})
    if actor is not None:
        client.force_login(actor.member)
    return client


def asks(actor: Actor, *, group: str = OPEN_GROUP, title: str = "Why is /var full?", body: str = "df says so") -> str:
    question = Ask(id=new_id(), group=group, title=title, body=body, tags=["disk-full"])
    assert actor.does(question).result == "done"
    return question.id


def replies(actor: Actor, thread: str, body: str = "lsof +L1") -> str:
    reply = Reply(id=new_id(), thread=thread, body=body)
    assert actor.does(reply).result == "done"
    return reply.id


def proposes(client: Client, title: str = "Show the UPS next to each rack") -> str:
    client.post("/ideas/propose/", {"action_id": new_id(), "title": title, "body": "So that I see it.", "sure": 1})
    return Idea.objects.get(title=title).pk


@pytest.fixture
def paths(alice: Actor, bob: Actor) -> list[str]:
    """Every page there is, of a thread with a reply and of an idea."""
    thread = asks(alice)
    post = replies(bob, thread)
    idea = proposes(browser(alice))
    return [
        "/",
        "/?show=unanswered",
        "/?show=solved",
        f"/threads/{thread}/",
        f"/groups/{OPEN_GROUP}/",
        f"/groups/{OPEN_GROUP}/feed/",
        f"/groups/{OPEN_GROUP}/ask/",
        f"/edit/{thread}/",
        f"/edit/{post}/",
        "/ask/",
        "/search/",
        "/search/?q=full",
        "/ideas/",
        "/ideas/?state=planned",
        f"/ideas/{idea}/",
        "/ideas/propose/",
        "/people/",
        "/people/alice/",
        "/feed/",
        "/sitemap.xml",
        "/sitemap-1.xml",
        "/robots.txt",
        "/sign-in/",
        "/sign-up/",
        "/devices/",
        "/password/",
    ]


def test_every_page_opens_for_a_visitor_and_for_a_member_without_a_script(paths: list[str], alice: Actor) -> None:
    for reader in (None, alice):
        for path in paths:
            answer = browser(reader).get(path)
            to_sign_in = reader is None and answer.status_code == 302 and answer["Location"].startswith("/sign-in/")
            assert answer.status_code == 200 or to_sign_in or path.startswith(("/edit", "/sign")), path
            policy = answer["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "script" not in policy
            page = answer.content.decode()
            assert not re.search(r"<script(?! type=\"application/ld\+json\")", page), path
            assert not re.search(r"\s(style|on\w+)=", page), path


def test_a_thread_in_a_private_group_is_there_for_its_members_only(alice: Actor, bob: Actor, charlie: Actor) -> None:
    thread = asks(alice, group=PRIVATE_GROUP, title=f"Title {SECRET}", body=f"Body {SECRET}")
    post = replies(bob, thread, f"Reply {SECRET}")
    pages = [
        f"/threads/{thread}/",
        f"/groups/{PRIVATE_GROUP}/",
        f"/groups/{PRIVATE_GROUP}/feed/",
        f"/groups/{PRIVATE_GROUP}/ask/",
        f"/edit/{thread}/",
        f"/edit/{post}/",
        "/",
        "/?show=unanswered",
        "/ask/",
        f"/search/?q={SECRET}",
        "/feed/",
        "/sitemap.xml",
        "/sitemap-1.xml",
        "/people/alice/",
        "/people/bob/",
        f"/groups/{OPEN_GROUP}/",
    ]
    for client in (browser(charlie), browser()):
        for path in pages:
            answer = client.get(path)
            page = answer.content.decode()
            searched = path.startswith("/search")
            assert page.count(SECRET) == (
                page.count(f"“{SECRET}”") + page.count(f'value="{SECRET}"') if searched else 0
            ), path
            assert thread not in page, path
            assert (PRIVATE_GROUP not in page) or answer.status_code in {302, 404}, path
    assert SECRET in browser(bob).get(f"/threads/{thread}/").content.decode()


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/threads/{thread}/reply/", {"body": "let me in"}),
        ("/threads/{thread}/vote/", {"item": "{thread}", "on": "1"}),
        ("/threads/{thread}/me-too/", {"on": "1"}),
        ("/threads/{thread}/accept/", {"post": "{post}"}),
        ("/threads/{thread}/delete/", {"item": "{thread}"}),
        ("/edit/{thread}/", {"title": "mine now", "body": "mine now"}),
        ("/edit/{post}/", {"body": "mine now"}),
        (f"/groups/{PRIVATE_GROUP}/ask/", {"title": "let me in", "body": "please"}),
    ],
)
def test_no_form_reaches_into_a_private_group(
    path: str, fields: dict[str, str], alice: Actor, bob: Actor, charlie: Actor
) -> None:
    thread = asks(alice, group=PRIVATE_GROUP)
    post = replies(bob, thread)
    before = [(each.pk, each.body, each.helpful, each.replies) for each in Thread.objects.all()], Post.objects.count()
    names = {"thread": thread, "post": post}
    sent = {name: value.format(**names) for name, value in fields.items()}
    browser(charlie).post(path.format(**names), {"action_id": new_id(), **sent})
    after = [(each.pk, each.body, each.helpful, each.replies) for each in Thread.objects.all()], Post.objects.count()
    assert after == before


def test_text_from_elsewhere_is_only_ever_text(alice: Actor, bob: Actor) -> None:
    alice.member.bio = alice.member.headline = HOSTILE[:80]
    alice.member.name = "</script><b>x"
    alice.member.save()
    thread = asks(alice, title=HOSTILE[:150], body=HOSTILE)
    replies(bob, thread, HOSTILE)
    client = browser(alice)
    idea = proposes(client, HOSTILE[:90])
    for path in (f"/threads/{thread}/", "/", "/feed/", f"/ideas/{idea}/", "/ideas/", "/people/alice/", "/people/"):
        page = client.get(path).content.decode()
        outside = re.sub(r"<script type=\"application/ld\+json\">.*?</script>", "", page, flags=re.DOTALL)
        assert "<script" not in outside, path
        assert not re.search(r"<(img|svg)\b(?! src=\"/static)|<b>x", outside), path
        assert 'href="javascript:' not in outside, path


def test_linked_data_is_a_question_page_that_no_text_can_leave(alice: Actor, bob: Actor) -> None:
    thread = asks(alice, title="Full </script> disk", body="<!-- </script> -->")
    post = replies(bob, thread, "</script>")
    client = browser(alice)
    client.post(f"/threads/{thread}/accept/", {"action_id": new_id(), "post": post})
    page = client.get(f"/threads/{thread}/").content.decode()
    (data,) = re.findall(r"<script type=\"application/ld\+json\">(.*?)</script>", page, flags=re.DOTALL)
    read = json.loads(data)
    assert read["@type"] == "QAPage"
    assert read["mainEntity"]["name"] == "Full </script> disk"
    assert read["mainEntity"]["acceptedAnswer"]["text"] == "</script>"


def test_a_form_sent_twice_acts_once(alice: Actor, bob: Actor) -> None:
    thread = asks(alice)
    client = browser(bob)
    form = {"action_id": new_id(), "body": "Look for deleted files that are still open."}
    for _ in range(2):
        assert client.post(f"/threads/{thread}/reply/", form).status_code == 302
    assert Post.objects.filter(thread=thread).count() == 1


def test_a_member_votes_accepts_edits_and_takes_back_from_the_web(alice: Actor, bob: Actor) -> None:
    thread = asks(alice)
    post = replies(bob, thread)
    asker, helper = browser(alice), browser(bob)
    helper.post(f"/threads/{thread}/me-too/", {"action_id": new_id(), "on": "1"})
    asker.post(f"/threads/{thread}/vote/", {"action_id": new_id(), "item": post, "on": "1"})
    asker.post(f"/threads/{thread}/accept/", {"action_id": new_id(), "post": post})
    helper.post(f"/edit/{post}/", {"action_id": new_id(), "body": "lsof +L1, then restart it"})
    shown = browser().get(f"/threads/{thread}/").content.decode()
    assert "Accepted" in shown
    assert "then restart it" in shown
    assert Thread.objects.get(pk=thread).me_too == 1
    assert HelpfulVote.objects.filter(item=post).count() == 1
    asker.post(f"/threads/{thread}/vote/", {"action_id": new_id(), "item": post})
    assert not HelpfulVote.objects.filter(item=post).exists()


def test_what_is_refused_is_said_and_the_text_is_not_lost(alice: Actor) -> None:
    answer = browser(alice).post(
        f"/groups/{OPEN_GROUP}/ask/", {"action_id": new_id(), "title": "abc", "body": "kept all the same"}
    )
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "kept all the same" in page
    assert 'role="status"' in page
    assert not Thread.objects.exists()


def test_similar_ideas_are_shown_before_one_is_posted(alice: Actor, bob: Actor) -> None:
    proposes(browser(alice), "Show UPS runtime next to each rack")
    form = {"action_id": new_id(), "title": "UPS runtime beside each rack", "body": "So that I see it."}
    shown = browser(bob).post("/ideas/propose/", form).content.decode()
    assert "Show UPS runtime next to each rack" in shown
    assert Idea.objects.count() == 1
    browser(bob).post("/ideas/propose/", {**form, "sure": "1"})
    assert Idea.objects.count() == 2


def test_a_vote_on_an_idea_is_set_and_taken_back(alice: Actor, bob: Actor) -> None:
    idea = proposes(browser(alice))
    client = browser(bob)
    client.post(f"/ideas/{idea}/vote/", {"action_id": new_id(), "on": "1"})
    assert IdeaVote.objects.filter(idea=idea, member=bob.member).exists()
    client.post(f"/ideas/{idea}/vote/", {"action_id": new_id()})
    assert not IdeaVote.objects.filter(idea=idea, member=bob.member).exists()


def test_a_form_from_another_site_is_refused(alice: Actor, bob: Actor, caplog: pytest.LogCaptureFixture) -> None:
    thread = asks(alice)
    answer = browser(bob, checks=True).post(f"/threads/{thread}/reply/", {"action_id": new_id(), "body": "forged"})
    assert answer.status_code == 403
    assert not Post.objects.exists()
    assert "CSRF cookie not set" in caplog.text
    caplog.clear()


def test_a_visitor_who_writes_is_sent_to_sign_in(alice: Actor) -> None:
    thread = asks(alice)
    answer = browser().post(f"/threads/{thread}/reply/", {"body": "x"})
    assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/sign-in/")


def test_feeds_site_map_and_robots_are_well_formed_and_lead_to_pages(alice: Actor) -> None:
    thread = asks(alice)
    client = browser()
    atom = ET.fromstring(client.get("/feed/").content)  # noqa: S314 - our own
    assert [entry.findtext("{*}title") for entry in atom.findall("{*}entry")] == ["Why is /var full?"]
    site_map = ET.fromstring(client.get("/sitemap-1.xml").content)  # noqa: S314 - our own
    places = [place.text or "" for place in site_map.findall(".//{*}loc")]
    assert any(place.endswith(f"/threads/{thread}/") for place in places)
    assert all(client.get("/" + place.split("/", 3)[3]).status_code == 200 for place in places)
    assert "Sitemap: " in client.get("/robots.txt").content.decode()


def test_the_queries_of_a_page_do_not_grow_with_its_rows(
    alice: Actor, bob: Actor, django_assert_max_num_queries: pytest.FixtureRequest
) -> None:
    threads = [asks(alice, title=f"Question number {number}") for number in range(12)]
    for _ in range(12):
        replies(bob, threads[0])
    client = browser(bob)
    idea = proposes(client)
    for path in (
        "/",
        f"/threads/{threads[0]}/",
        f"/groups/{OPEN_GROUP}/",
        "/search/?q=number",
        "/ideas/",
        f"/ideas/{idea}/",
        "/people/alice/",
        "/feed/",
    ):
        with django_assert_max_num_queries(16):  # type: ignore[operator]
            assert client.get(path).status_code == 200
