"""`rackside-server import stackexchange FOLDER`: a data dump as threads, streamed, resumable, twice the same.

Each stage reads one file in batches; a batch and how far it reached are one transaction. Nothing is announced before
the last two stages, which send every new thread and post into the feed once, as it ended up.
"""

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path
from typing import Final, TypeAlias

from django.db import transaction
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn, TransferSpeedColumn

from rackside_protocol.ids import derived_id
from rackside_server.accounts.models import Member
from rackside_server.cli import ALL_WELL, OperatorError
from rackside_server.groups.actions import publish_group, save_group
from rackside_server.groups.models import Group
from rackside_server.imports import dump
from rackside_server.imports.dump import Line, Site
from rackside_server.imports.models import Progress as Stage
from rackside_server.people import bulk as people
from rackside_server.threads import bulk as threads
from rackside_server.threads.models import Post, Thread

BATCH: Final = 2_000
MOST_FAULTS_SHOWN: Final = 100
SLUG_CHARACTERS: Final = 40
NAME_CHARACTERS: Final = 60
NOBODY: Final = "0"
"""The number that stands for a writer whose account is gone."""
Row: TypeAlias = dict[str, str]
Handler: TypeAlias = Callable[[list[Row]], int]


class Importer:
    """One run over one folder."""

    def __init__(self, folder: Path, site: Site, group: Group, progress: Progress) -> None:
        self._folder, self._site, self._group, self._progress = folder, site, group, progress
        self.counts: Counter[str] = Counter()
        self.faults: list[str] = []

    def run(self) -> None:
        """Do every stage that is not done yet."""
        self._stage("users", "Users.xml", self._users)
        self._stage("questions", "Posts.xml", self._questions)
        self._stage("answers", "Posts.xml", self._answers, holding=b'PostTypeId="2"')
        self._stage("accepted", "Posts.xml", self._accepted, holding=b"AcceptedAnswerId=")
        self._stage("comments", "Comments.xml", self._comments)
        self._stage("votes", "Votes.xml", self._votes, holding=b'VoteTypeId="2"')
        self._stage("links", "PostLinks.xml", self._links)
        self._stage("tags", "Tags.xml", self._tags)
        announced = self._announce("threads", posts=False)
        self._announce("posts", posts=True)
        if announced:
            publish_group(self._group)

    def _stage(self, name: str, file: str, handle: Handler, *, holding: bytes = b"") -> None:
        path = self._folder / file
        if not path.is_file():
            if file in {"Posts.xml", "Users.xml"}:
                raise OperatorError(f"{path} is not there. FOLDER must hold the files of a Stack Exchange data dump.")
            return
        size = path.stat().st_size
        stage, _ = Stage.objects.get_or_create(site=self._site.host, stage=name, defaults={"size": size})
        if stage.size != size:
            raise OperatorError(
                f"{path} is not the file of the earlier import of {self._site.host}. A newer dump is imported under "
                "another name: --site."
            )
        task = self._progress.add_task(name, total=size, completed=stage.offset)
        if stage.done:
            self._progress.update(task, completed=size)
            return
        lines = dump.read(path, stage.offset, stage.line, holding=holding)
        while batch := list(islice(lines, BATCH)):
            with transaction.atomic():
                self.counts[name] += self._batch(file, batch, handle, first=not holding)
                stage.offset, stage.line = batch[-1].end, batch[-1].number
                stage.save()
            self._progress.update(task, completed=stage.offset)
        stage.done = True
        stage.save()
        self._progress.update(task, completed=size)

    def _batch(self, file: str, batch: list[Line], handle: Handler, *, first: bool) -> int:
        """Handle rows together; when that fails, one by one, so that a broken row is named and harms no other."""
        rows = []
        for line in batch:
            if line.row is not None:
                rows.append(line.row)
            elif first:
                self._fault(file, line, line.fault)
        try:
            with transaction.atomic():
                return handle(rows)
        except (KeyError, ValueError):
            pass
        done = 0
        for line in batch:
            try:
                with transaction.atomic():
                    done += handle([line.row] if line.row else [])
            except KeyError as error:
                self._fault(file, line, f"it has no {error.args[0]}")
            except ValueError as error:
                self._fault(file, line, str(error))
        return done

    def _fault(self, file: str, line: Line, fault: str) -> None:
        self.faults.append(f"{file}:{line.number}: skipped, {fault}")

    def _users(self, rows: list[Row]) -> int:
        return people.add_members(
            Member(
                pk=self._site.id("user", row["Id"]),
                handle=dump.handle(row.get("DisplayName", ""), row["Id"].replace("-", "0")),
                name=row.get("DisplayName", "")[:NAME_CHARACTERS] or f"user{row['Id']}",
                bio=dump.markdown(row["AboutMe"], "")[:2_000] if row.get("AboutMe") else "",
                joined_ms=dump.moment_ms(row["CreationDate"]),
            )
            for row in rows
        )

    def _questions(self, rows: list[Row]) -> int:
        questions = [row for row in rows if row["PostTypeId"] == dump.QUESTION]
        authors = self._authors(questions)
        return threads.add_threads(
            Thread(
                pk=self._site.id("post", row["Id"]),
                group_id=self._group.slug,
                author_id=authors[_owner(row)].pk,
                title=dump.title(row["Title"]),
                body=dump.markdown(row["Body"], self._site.question_url(row["Id"])),
                tags=dump.tags(row.get("Tags", "")),
                created_ms=dump.moment_ms(row["CreationDate"]),
                edited_ms=dump.moment_ms(row["LastEditDate"]) if "LastEditDate" in row else 0,
                active_ms=dump.moment_ms(row["CreationDate"]),
                source_url=self._site.question_url(row["Id"]),
                source_author=authors[_owner(row)].name,
                source_licence=dump.licence(row),
            )
            for row in questions
        )

    def _answers(self, rows: list[Row]) -> int:
        answers = [row for row in rows if row["PostTypeId"] == dump.ANSWER]
        authors = self._authors(answers)
        return threads.add_posts(
            Post(
                pk=self._site.id("post", row["Id"]),
                thread_id=self._site.id("post", row["ParentId"]),
                author_id=authors[_owner(row)].pk,
                body=dump.markdown(row["Body"], self._site.answer_url(row["Id"])),
                created_ms=dump.moment_ms(row["CreationDate"]),
                edited_ms=dump.moment_ms(row["LastEditDate"]) if "LastEditDate" in row else 0,
                source_url=self._site.answer_url(row["Id"]),
                source_author=authors[_owner(row)].name,
                source_licence=dump.licence(row),
            )
            for row in answers
        )

    def _accepted(self, rows: list[Row]) -> int:
        pairs = {
            self._site.id("post", row["Id"]): self._site.id("post", row["AcceptedAnswerId"])
            for row in rows
            if "AcceptedAnswerId" in row
        }
        threads.accept(pairs)
        return len(pairs)

    def _comments(self, rows: list[Row]) -> int:
        """Make comments replies to the answer they stand under; under the question, replies in its thread."""
        under = {row["PostId"]: self._site.id("post", row["PostId"]) for row in rows}
        answers = dict(Post.objects.filter(pk__in=under.values()).values_list("pk", "thread_id"))
        authors = self._authors(rows, "UserId", "UserDisplayName")
        return threads.add_posts(
            Post(
                pk=self._site.id("comment", row["Id"]),
                thread_id=answers.get(under[row["PostId"]], under[row["PostId"]]),
                reply_to_id=under[row["PostId"]] if under[row["PostId"]] in answers else None,
                author_id=authors[_owner(row, "UserId")].pk,
                body=row["Text"].replace("\0", "").strip() or "(no text)",
                created_ms=dump.moment_ms(row["CreationDate"]),
                source_url=f"{self._site.question_url(row['PostId'])}#comment{int(row['Id'])}",
                source_author=authors[_owner(row, "UserId")].name,
                source_licence=dump.licence(row),
            )
            for row in rows
        )

    def _votes(self, rows: list[Row]) -> int:
        ups = Counter(self._site.id("post", row["PostId"]) for row in rows if row["VoteTypeId"] == dump.UP_VOTE)
        threads.add_helpful(ups)
        return ups.total()

    def _links(self, rows: list[Row]) -> int:
        pairs = {
            self._site.id("post", row["PostId"]): self._site.id("post", row["RelatedPostId"])
            for row in rows
            if row["LinkTypeId"] == dump.DUPLICATE
        }
        threads.link_duplicates(pairs)
        return len(pairs)

    def _tags(self, rows: list[Row]) -> int:
        """Report tags whose letters the wire does not carry; the threads have them as `dump.tags` writes them."""
        changed = [row["TagName"] for row in rows if dump.tags(f"<{row['TagName']}>") != [row["TagName"]]]
        self.faults += [f"Tags.xml: {name} is written {(dump.tags(f'<{name}>') or ['nothing'])[0]}" for name in changed]
        return len(rows)

    def _announce(self, name: str, *, posts: bool) -> bool:
        """Send what is new into the feed; return whether there was anything to do."""
        stage, _ = Stage.objects.get_or_create(site=self._site.host, stage=f"announce {name}")
        task = self._progress.add_task(f"announcing {name}", total=None)
        was_done = stage.done
        while not stage.done:
            with transaction.atomic():
                last = threads.announce(stage.mark, BATCH, group=self._group.slug, posts=posts)
                stage.mark, stage.done = last or stage.mark, not last
                stage.save()
            self._progress.advance(task, BATCH)
        self._progress.update(task, total=1, completed=1)
        return not was_done

    def _authors(
        self, rows: Iterable[Row], key: str = "OwnerUserId", name: str = "OwnerDisplayName"
    ) -> dict[str, Member]:
        """Return the member of each writer; one whose account is gone is made a member by the name that is left."""
        writers = {_owner(row, key): _writer(row, key, name) for row in rows}
        ids = {number: self._site.id("user", number) for number in writers}
        known = Member.objects.only("name").in_bulk(list(ids.values()))
        unknown = {
            ids[number]: Member(
                pk=ids[number], handle=dump.handle(shown, number), name=shown[:NAME_CHARACTERS], joined_ms=0
            )
            for number, shown in writers.items()
            if ids[number] not in known
        }
        people.add_members(unknown.values())
        return {number: known.get(pk) or unknown[pk] for number, pk in ids.items()}


def run(options: argparse.Namespace) -> int:
    """Import a folder; print what was done, and each row that was skipped."""
    site = Site(options.site or options.folder.resolve().name)
    began = time.monotonic()
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TransferSpeedColumn())
    with Progress(*columns, TimeRemainingColumn(), disable=not sys.stderr.isatty(), transient=True) as progress:
        importer = Importer(options.folder, site, _group(options.group, site), progress)
        importer.run()
    took = time.monotonic() - began
    for fault in importer.faults[:MOST_FAULTS_SHOWN]:
        print(fault, file=sys.stderr)  # noqa: T201 - an operator's command
    if len(importer.faults) > MOST_FAULTS_SHOWN:
        print(f"… and {len(importer.faults) - MOST_FAULTS_SHOWN} more", file=sys.stderr)  # noqa: T201 - as above
    done = dict(importer.counts)
    if options.json:
        print(json.dumps({"imported": done, "faults": len(importer.faults), "seconds": round(took, 1)}))  # noqa: T201 - as above
    else:
        said = ", ".join(f"{count:,} {name}" for name, count in done.items() if count) or "nothing new"
        print(f"{site.host}: {said} in {took:.0f} s; {len(importer.faults)} notes.")  # noqa: T201 - as above
    return ALL_WELL


def _group(slug: str, site: Site) -> Group:
    """Return the group that takes the threads, made if it is not there."""
    slug = slug or "-".join(site.host.lower().removesuffix(".com").replace(".", "-").split())[:SLUG_CHARACTERS]
    held = Group.objects.filter(slug=slug).first()
    if held is not None:
        return held
    made = Group(
        id=derived_id("group", slug),
        slug=slug,
        name=site.host[:NAME_CHARACTERS],
        description=f"Questions and answers from {site.host}, under CC BY-SA.",
        default=False,
    )
    save_group(made)
    return made


def _owner(row: Row, key: str = "OwnerUserId") -> str:
    number = row.get(key, NOBODY)
    return number if number.isdigit() else NOBODY


def _writer(row: Row, key: str = "OwnerUserId", name: str = "OwnerDisplayName") -> str:
    return row.get(name) or f"user{row.get(key, NOBODY)}"
