"""Makes a Stack Exchange data dump of any size: invented content in the public dump's schema."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from xml.sax.saxutils import quoteattr

WORDS = """
    disk full journald vacuum kernel nginx timeout resolver packet loss raid degraded certificate renew swap pressure
    inode exhausted mount failed service restart loop memory leak firewall zone container network bridge latency
""".split()  # noqa: SIM905 - prose reads better than a list
FILES = ("Users", "Posts", "Comments", "Votes", "PostLinks", "Tags")


def element(**attributes: object) -> str:
    return "<row " + " ".join(f"{name}={quoteattr(str(value))}" for name, value in attributes.items()) + " />"


def write(folder: Path, file: str, rows: Iterable[str]) -> None:
    name = file.lower()
    with (folder / f"{file}.xml").open("w", encoding="utf-8") as out:
        out.write(f'<?xml version="1.0" encoding="utf-8"?>\n<{name}>\n')
        out.writelines(f"  {row}\n" for row in rows)
        out.write(f"</{name}>\n")


def html(random: Random) -> str:
    words = " ".join(random.choices(WORDS, k=60))
    code = " ".join(random.choices(WORDS, k=12))
    listed = f"<ul><li>{words[:40]}</li><li><b>why</b></li></ul>"
    return f"<p>{words} &amp; more</p>\n<pre><code>$ {code}\n</code></pre>\n{listed}"


def make(folder: Path, posts: int, *, seed: int = 1) -> None:
    """Write a dump with this many questions and answers (one to two), and comments, votes, users in proportion."""
    folder.mkdir(parents=True, exist_ok=True)
    random = Random(seed)  # noqa: S311 - test data
    start = datetime(2012, 1, 1)  # noqa: DTZ001 - the dump has no zone
    users = max(10, posts // 10)

    def when(number: int) -> str:
        return (start + timedelta(minutes=7 * number)).isoformat(timespec="milliseconds")

    def post(number: int) -> str:
        question = number - (number - 1) % 3
        common = {
            "Id": number,
            "CreationDate": when(number),
            "Score": random.randint(0, 9),
            "Body": html(random),
            "OwnerUserId": random.randint(1, users),
            "LastActivityDate": when(number),
            "ContentLicense": "CC BY-SA 3.0",
        }
        if number == question:
            accepted = {"AcceptedAnswerId": number + 1} if number % 2 and number + 1 <= posts else {}
            title = " ".join(random.choices(WORDS, k=7))
            return element(
                **common, PostTypeId=1, Title=title, Tags="<linux><c++><.net-core>", AnswerCount=2, **accepted
            )
        return element(**common, PostTypeId=2, ParentId=question)

    write(
        folder,
        "Users",
        (element(Id=n, DisplayName=f"Åse {n}", CreationDate=when(0), AboutMe="<p>hi</p>") for n in range(1, users + 1)),
    )
    write(folder, "Posts", (post(number) for number in range(1, posts + 1)))
    write(
        folder,
        "Comments",
        (
            element(
                Id=n,
                PostId=random.randint(1, posts),
                Text="did you try df -i?",
                CreationDate=when(posts + n),
                UserId=1 + n % users,
            )
            for n in range(1, posts // 5 + 1)
        ),
    )
    write(
        folder,
        "Votes",
        (
            element(Id=n, PostId=random.randint(1, posts), VoteTypeId=2 if n % 5 else 3, CreationDate=when(posts))
            for n in range(1, posts + 1)
        ),
    )
    write(
        folder,
        "PostLinks",
        (element(Id=n, PostId=3 * n + 1, RelatedPostId=1, LinkTypeId=3) for n in range(1, max(2, posts // 300))),
    )
    write(
        folder,
        "Tags",
        (element(Id=n, TagName=name, Count=1) for n, name in enumerate(("linux", "c++", ".net-core"), 1)),
    )
