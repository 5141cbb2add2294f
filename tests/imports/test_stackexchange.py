"""A Stack Exchange dump becomes threads, once, wherever it is stopped; a broken row harms no other."""

from argparse import Namespace
from pathlib import Path

import pytest

from rackside_protocol.ids import derived_id
from rackside_protocol.registry import read_document
from rackside_protocol.threads import Thread as ThreadDocument
from rackside_server.accounts.models import Member
from rackside_server.cli import OperatorError
from rackside_server.feed.models import FeedRow
from rackside_server.imports import dump, stackexchange
from rackside_server.threads.models import Post, Thread
from tests.imports.dumps import element, make, write

pytestmark = pytest.mark.django_db

SITE = "unix.example.com"
QUESTION = {
    "Id": 7,
    "PostTypeId": 1,
    "AcceptedAnswerId": 9,
    "CreationDate": "2012-03-04T05:06:07.890",
    "Title": "Why is /var full?",
    "Body": "<p>df says <code>100%</code> &amp; du does not.</p><script>alert(1)</script>",
    "Tags": "<linux><disk-full>",
    "OwnerUserId": 3,
}
ANSWER = {
    "Id": 9,
    "PostTypeId": 2,
    "ParentId": 7,
    "CreationDate": "2019-01-01T00:00:00.000",
    "Body": "<p>A deleted file is still open:</p><pre><code>lsof +L1\n</code></pre>",
    "OwnerDisplayName": "user4711",
}


def options(folder: Path) -> Namespace:
    return Namespace(folder=folder, site="", group="", json=True)


def a_dump(folder: Path, *posts: str) -> Path:
    folder = folder / SITE
    folder.mkdir(exist_ok=True)
    write(folder, "Users", [element(Id=3, DisplayName="Åse", CreationDate="2011-01-01T00:00:00.000")])
    write(folder, "Posts", posts or (element(**QUESTION), element(**ANSWER)))
    write(
        folder,
        "Comments",
        [element(Id=1, PostId=9, Text="that was it", CreationDate="2019-01-02T00:00:00.000", UserId=3)],
    )
    write(folder, "Votes", [element(Id=n, PostId=9, VoteTypeId=kind) for n, kind in enumerate((2, 2, 3), 1)])
    write(folder, "PostLinks", [])
    write(folder, "Tags", [element(Id=1, TagName="linux", Count=1)])
    return folder


def everything() -> list[tuple[str, int, bytes]]:
    rows = FeedRow.objects.order_by("channel_id", "version").values_list("object_id", "version", "payload")
    return [(key, version, bytes(payload or b"")) for key, version, payload in rows]


def test_a_question_comes_with_its_answer_votes_author_date_and_licence(tmp_path: Path) -> None:
    stackexchange.run(options(a_dump(tmp_path)))
    thread = Thread.objects.get()
    answer, comment = Post.objects.order_by("created_ms")
    assert (thread.title, thread.tags, thread.replies) == ("Why is /var full?", ["linux", "disk-full"], 2)
    assert thread.body == "df says `100%` & du does not."
    assert thread.created_ms == 1_330_837_567_890
    assert thread.author.name == "Åse"
    assert (thread.source_author, thread.source_licence) == ("Åse", "CC BY-SA 3.0")
    assert thread.accepted_id == answer.pk
    assert "lsof +L1" in answer.body
    assert (answer.helpful, answer.source_author, answer.source_licence) == (2, "user4711", "CC BY-SA 4.0")
    assert answer.source_url == f"https://{SITE}/a/9"
    assert (comment.reply_to_id, comment.body) == (answer.pk, "that was it")


def test_what_is_announced_is_how_it_ended_up(tmp_path: Path) -> None:
    stackexchange.run(options(a_dump(tmp_path)))
    row = FeedRow.objects.get(kind="thread")
    document = read_document(bytes(row.payload or b""))
    assert isinstance(document, ThreadDocument)
    assert (document.replies, document.accepted) == (2, derived_id("stackexchange", SITE, "post", "9"))
    assert FeedRow.objects.filter(kind="post").count() == 2


def test_importing_twice_changes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / SITE
    make(folder, 120)
    stackexchange.run(options(folder))
    before = everything()
    stackexchange.run(options(folder))
    assert everything() == before


def test_an_import_that_was_stopped_goes_on_to_the_same_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / SITE
    make(folder, 120)
    monkeypatch.setattr(stackexchange, "BATCH", 20)
    for stage in ("_questions", "_answers", "_comments", "_votes"):
        with monkeypatch.context() as broken:
            broken.setattr(stackexchange.Importer, stage, _stops_at_the_second_batch(stage))
            with pytest.raises(KeyboardInterrupt):
                stackexchange.run(options(folder))
    stackexchange.run(options(folder))
    assert Thread.objects.count() == 40
    assert Post.objects.count() == 80 + 120 // 5
    assert (
        sum(Post.objects.values_list("helpful", flat=True)) + sum(Thread.objects.values_list("helpful", flat=True))
        == 96
    )
    assert FeedRow.objects.filter(kind="thread").count() == 40


def test_a_broken_row_is_reported_with_its_line_and_skipped(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    without_title = {name: value for name, value in QUESTION.items() if name != "Title"} | {"Id": 8}
    wrong_date = {**QUESTION, "Id": 10, "CreationDate": "yesterday"}
    rows = (
        element(**QUESTION),
        '<row Id="5" PostTypeId="1" <oops',
        element(**without_title),
        element(**wrong_date),
        element(**ANSWER),
    )
    stackexchange.run(options(a_dump(tmp_path, *rows)))
    assert Thread.objects.count() == 1
    told = capsys.readouterr().err
    assert "Posts.xml:4: skipped, it is no XML" in told
    assert "Posts.xml:5: skipped, it has no Title" in told
    assert "Posts.xml:6: skipped" in told


def test_a_folder_without_posts_is_refused_with_a_sentence(tmp_path: Path) -> None:
    folder = tmp_path / SITE
    folder.mkdir()
    write(folder, "Users", [])
    with pytest.raises(OperatorError, match=r"Posts\.xml is not there"):
        stackexchange.run(options(folder))


def test_another_dump_under_the_same_name_is_refused(tmp_path: Path) -> None:
    folder = a_dump(tmp_path)
    stackexchange.run(options(folder))
    write(folder, "Posts", [element(**QUESTION)])
    with pytest.raises(OperatorError, match="--site"):
        stackexchange.run(options(folder))


def test_nobody_of_an_import_can_sign_in(tmp_path: Path) -> None:
    stackexchange.run(options(a_dump(tmp_path)))
    assert not any(member.has_usable_password() for member in Member.objects.exclude(handle="owner"))


def test_a_long_text_is_cut_with_a_link_to_the_whole() -> None:
    text = dump.markdown("<p>" + "long " * 5_000 + "</p>", "https://unix.example.com/a/1")
    assert len(text) <= 16_000
    assert text.endswith("[The whole text](https://unix.example.com/a/1)")


def test_tags_are_written_as_the_wire_takes_them() -> None:
    assert dump.tags("<c++><.net-core><Ubuntu>") == ["c++", "net-core", "ubuntu"]
    assert dump.tags("|one|two|") == ["one", "two"]


def _stops_at_the_second_batch(stage: str):  # noqa: ANN202 - a method for a fault
    real = getattr(stackexchange.Importer, stage)
    calls = []

    def stops(self: stackexchange.Importer, rows: list[dict[str, str]]) -> int:
        calls.append(1)
        if len(calls) > 1:
            raise KeyboardInterrupt
        done: int = real(self, rows)
        return done

    return stops
