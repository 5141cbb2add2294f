"""What messages say, and that nothing in an alert can say more than a line."""

import json
from dataclasses import replace

import pytest

from rackside.settings import Mail, Webhook
from rackside.watch.delivery import fields, mail, texts
from tests.watch.delivery.making import BAD, CALM, NOON_S, cleared, many, news

HOSTILE = (
    "a\r\nBcc: everybody@example.org\r\n\r\n<script>alert(1)</script>",
    "a\x00\x1b]0;title\x07\x1b[2J\x85\u2028\u2029b",
    "\u202egnp.exe\u2066\u200b\ufeff",
    "x" * 100_000,
    "line\n.\r\nQUIT\r\n",
    "<!channel> <https://evil.example|look> *b* & [a](https://evil.example)",
    "\ud800 lone",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_one_line_of_text_in_every_message(text: str) -> None:
    alert = replace(CALM, component=text, summary=text, signature=text, kind=text)
    batch = [news(alert), news(cleared(alert, NOON_S + 60), "cleared")]
    for some in (batch, batch[:1]):
        subject = texts.subject(some, text)
        assert subject.isprintable()
        assert len(subject) <= texts.MOST_SUBJECT
        message = mail.compose(
            Mail(sender="r@example.org", recipients=("me@example.org",)),
            subject,
            texts.text(some, text, NOON_S),
            "a1",
            NOON_S,
        )
        assert set(message.keys()) == {
            *("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted"),
            *("MIME-Version", "Content-Type", "Content-Transfer-Encoding"),
        }
        assert message["To"] == "me@example.org"
        content = message.get_content()
        assert all(line.isprintable() for line in content.splitlines())
        assert len(content.splitlines()) <= 12
        for shape in texts.SHAPES:
            post = texts.post(some, text, NOON_S, shape)
            assert all(value.isascii() and value.isprintable() for value in post.headers.values())
            assert len(post.body) < 10_000
        shown = texts.note(some)
        assert shown.title.isprintable()
        assert shown.text.isprintable()


def test_nobody_is_called_and_nothing_is_linked_in_a_chat() -> None:
    alert = replace(CALM, summary=HOSTILE[5])
    said = json.loads(texts.post([news(alert)], "m", NOON_S, "slack").body)["text"]
    assert "<" not in said
    assert "&lt;!channel&gt;" in said
    card = json.loads(texts.post([news(alert)], "m", NOON_S, "teams").body)["attachments"][0]["content"]
    assert {block["type"] for block in card["body"]} == {"RichTextBlock"}


def test_programs_get_stable_names() -> None:
    body = json.loads(texts.post([news(cleared(BAD, NOON_S + 90), "cleared", missed=2)], "m", NOON_S + 99, "json").body)
    assert (body["version"], body["machine"], body["count"], body["test"]) == (1, "m", 1, False)
    assert body["sent_at"] == "2026-03-03T11:01:39+00:00"
    assert body["alerts"] == [
        {
            "id": "a1",
            "transition": "cleared",
            "kind": "disk.used",
            "component": "/srv",
            "severity": "critical",
            "summary": "/srv is 99 % full",
            "signature": "disk.used/ext4/",
            "value": 99.0,
            "raised_at": "2026-03-03T11:00:00+00:00",
            "cleared_at": "2026-03-03T11:01:30+00:00",
            "duration_s": 90.0,
            "flaps": 0,
            "missed": 2,
            "machine": "m",
            "link": "alert:a1",
        }
    ]
    still_open = json.loads(texts.post([news(CALM)], "m", NOON_S + 5, "json").body)["alerts"][0]
    assert (still_open["cleared_at"], still_open["duration_s"]) == ("", 5.0)


def test_of_many_the_number_and_the_first_names_are_said() -> None:
    batch = [news(alert) for alert in many(200)]
    assert texts.subject(batch, "m") == (
        "[m] 200 alerts: host 0 is silent; host 1 is silent; host 2 is silent; and 197 more"
    )
    assert texts.note(batch).link == "alerts:"
    assert "And 150 more." in texts.text(batch, "m", NOON_S)


def test_what_came_and_went_meanwhile_is_counted() -> None:
    assert "(it came and went 5 times since the last message)" in texts.text([news(missed=5)], "m", NOON_S)


def test_how_long_it_lasted_is_said() -> None:
    said = texts.text([news(cleared(CALM, NOON_S + 3 * 3_600), "cleared")], "m", NOON_S + 3 * 3_600)
    assert ": 3 hours." in said
    assert said.startswith("Cleared: ")


@pytest.mark.parametrize(
    "text",
    ["", "me", "me@", "@example.org", "me@example.org\r\nBcc: x@y.z", "a b@c.d", "a@b@c", "<a@b>", "a@b,c@d", "ü@b.de"],
)
def test_what_is_no_address_is_not_taken_for_one(text: str) -> None:
    assert not fields.is_address(text)


def test_recipients_are_typed_with_anything_between_them() -> None:
    assert fields.recipients(" a@b.c, d@e.f;a@b.c\ng@h.i ") == ("a@b.c", "d@e.f", "g@h.i")
    assert fields.recipients("  ") == ()


@pytest.mark.parametrize(
    ("url", "well"),
    [
        ("https://hooks.example.org/x", True),
        ("http://127.0.0.1:8080/x", True),
        ("http://192.168.1.5/x", True),
        ("http://[::1]/x", True),
        ("http://[fd00::1]/x", True),
        ("http://ntfy.lan/alerts", True),
        ("http://1.1.1.1/x", False),
        ("http://[2606:4700::1111]/x", False),
        ("http://0.0.0.0/x", False),
        ("ftp://example.org/", False),
        ("file:///etc/passwd", False),
        ("https://user:secret@example.org/", False),
        ("https://", False),
        ("https://example.org:99999/", False),
        ("https://exam ple.org/", False),
        ("https://example.org/\r\nX: y", False),
        ("https://[::1", False),
        ("", False),
    ],
)
def test_an_address_is_checked_as_it_is_typed(url: str, *, well: bool) -> None:
    assert (fields.wrong_with_webhook(Webhook(url=url)) == "") == well


WELL = Mail(host="mx.example.org", sender="a@example.org", recipients=("b@example.org",))


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        (WELL, ""),
        (Mail(), "Name the mail server"),
        (Mail(host="https://mx.example.org"), "without https://"),
        (Mail(host="mx", port=0), "The port"),
        (Mail(host="192.168.1.1", security="none"), "on this machine only"),
        (Mail(host="mx", sender="me"), "The sender"),
        (Mail(host="mx", sender="a@b.c"), "at least one recipient"),
        (Mail(host="mx", sender="a@b.c", recipients=("a@b.c", "nobody")), "“nobody” is no address"),
        (Mail(host="mx", sender="a@b.c", recipients=tuple(f"{n}@b.c" for n in range(21))), "At most 20"),
        (Mail(host="127.0.0.1", security="none", sender="a@b.c", recipients=("a@b.c",)), ""),
    ],
)
def test_the_first_thing_that_is_missing_is_asked_for(chosen: Mail, said: str) -> None:
    assert fields.wrong_with_mail(chosen).startswith(said) if said == "" else said in fields.wrong_with_mail(chosen)
    assert bool(fields.wrong_with_mail(chosen)) == bool(said)
