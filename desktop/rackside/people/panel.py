"""The tab "People", a member's profile, and the page that changes one's own."""

from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from rackside import words
from rackside.kit.cards import Avatar, Badge, Card, SectionHead, StateView, button, column, refill, row
from rackside.kit.panel import Panel
from rackside.kit.rich import SafeBrowser
from rackside.kit.slices import Context
from rackside.kit.stream import ListSource, Row, Stream
from rackside.kit.text import PlainLabel
from rackside.people.data import load_people, load_profile
from rackside_protocol.ids import Id, new_id
from rackside_protocol.people import EditProfile, Member
from rackside_protocol.threads import Thread

MOST_BIO = 2_000


class PeopleTab(Panel):
    """Members, most points first."""

    TOPICS = frozenset({"member", "theme"})

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._stream = Stream("People")
        self._stream.opened.connect(context.open_link)
        self._card = Card(lines=False)
        self._card.add(self._stream)
        self._empty = StateView("empty", "Members appear here with the first sync.")
        self.setLayout(column(self._card, self._empty))

    def refresh(self, topics: frozenset[str]) -> None:
        """Read the members again."""
        del topics
        found = load_people(self._context.store)
        self._stream.show_source(ListSource([_member_row(each) for each in found]))
        self._card.setVisible(bool(found))
        self._empty.setVisible(not found)


class ProfilePage(Panel):
    """One member: who she is, what she is good at, what she asked and solved."""

    TOPICS = frozenset({"member", "thread", "post", "outbox", "theme"})

    def __init__(self, context: Context, member: Id) -> None:
        super().__init__()
        self._context, self._member = context, member
        self._content = column(None, gap=12, margins=(24, 20, 24, 20))
        self.setLayout(self._content)

    def title(self) -> str:
        """Name the page."""
        return "Member"

    def refresh(self, topics: frozenset[str]) -> None:
        """Read the profile again."""
        del topics
        profile = load_profile(self._context.store, self._member, self._context.me())
        if profile is None:
            refill(self._content, StateView("empty", "This member is not known on this machine."))
            return
        member = profile.member
        bio = SafeBrowser()
        bio.show_markdown(member.bio)
        parts: list[QWidget] = [_head(member), _badges(member), bio]
        if profile.mine:
            parts.append(button("Edit profile", lambda: self._context.open_link("profile:edit")))
        for name, threads in (("Solved", profile.solved), ("Asked", profile.asked)):
            if threads:
                parts += [SectionHead(name), self._threads(name, threads)]
        refill(self._content, *parts)

    def _threads(self, name: str, threads: tuple[Thread, ...]) -> QWidget:
        stream = Stream(name)
        stream.opened.connect(self._context.open_link)
        stream.show_source(
            ListSource(
                [
                    Row(
                        link=f"thread:{each.id}",
                        title=each.title,
                        meta=words.ago(each.moment_ms / 1000),
                        figure=words.count(each.replies),
                        caption=words.replied(each.replies, solved=bool(each.accepted), how_to=each.how_to),
                        tone="ok" if each.accepted else "dim",
                    )
                    for each in threads
                ]
            )
        )
        card = Card(lines=False)
        card.add(stream)
        return card


class EditProfilePage(Panel):
    """Changing one's own public profile."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        profile = load_profile(context.store, context.me(), context.me())
        member = profile.member if profile else None
        self._name = _line("Name", member.name if member else "", 60)
        self._headline = _line("Headline: what you look after", member.headline if member else "", 80)
        self._topics = _line(
            "Topics, separated by spaces (at most ten)", " ".join(member.topics) if member else "", 340
        )
        self._bio = QPlainTextEdit(member.bio if member else "")
        self._bio.setAccessibleName("About you, in Markdown")
        note = PlainLabel("Everybody can read this, on the web too.", role="small", tone="dim", wrap=True)
        save = row(None, button("Save", self._save, kind="primary"))
        self.setLayout(
            column(
                PlainLabel("Your profile", role="title"),
                note,
                self._name,
                self._headline,
                self._topics,
                self._bio,
                save,
                gap=10,
                margins=(24, 20, 24, 16),
            )
        )

    def title(self) -> str:
        """Name the page."""
        return "Your profile"

    def _save(self) -> None:
        name = self._name.text().strip()
        if not name:
            self._name.setFocus()
            return
        topics = [word[:32] for word in self._topics.text().lower().split()][:10]
        bio = self._bio.toPlainText()[:MOST_BIO]
        self._context.act(EditProfile(id=new_id(), name=name, headline=self._headline.text(), bio=bio, topics=topics))
        self._context.open_link(f"member:{self._context.me()}")


def _head(member: Member) -> QWidget:
    made = QWidget()
    points = f"{member.level_name or 'Level ' + str(member.level)} · {words.count(member.points)} points"
    made.setLayout(
        row(
            Avatar(member.name, 48),
            column(
                PlainLabel(member.name, role="title"),
                PlainLabel(member.headline or f"@{member.handle}", tone="dim", wrap=True),
                PlainLabel(
                    f"@{member.handle} · {points} · since {words.date(member.joined_ms / 1000)}",
                    role="small",
                    tone="dim",
                ),
                gap=2,
            ),
            None,
            gap=14,
        )
    )
    return made


def _badges(member: Member) -> QWidget:
    made = QWidget()
    badges = row(gap=6)
    if member.vendor:
        badges.addWidget(Badge("Vendor", "sponsor"))
    if member.staff:
        badges.addWidget(Badge("Staff", "info"))
    if member.accepted_answers:
        badges.addWidget(Badge(f"{member.accepted_answers} accepted answers", "ok"))
    for topic in member.topics:
        badges.addWidget(Badge(topic))
    badges.addStretch(1)
    made.setLayout(badges)
    return made


def _member_row(member: Member) -> Row:
    role = "Vendor" if member.vendor else "Staff" if member.staff else ""
    solved = f"{member.accepted_answers} accepted answers" if member.accepted_answers else ""
    return Row(
        link=f"member:{member.id}",
        title=member.name,
        meta=" · ".join(part for part in (solved, member.headline) if part),
        figure=words.count(member.points),
        caption="points",
        tone="accent",
        chips=(role,) if role else tuple(member.topics[:1]),
    )


def _line(hint: str, text: str, longest: int) -> QLineEdit:
    made = QLineEdit(text)
    made.setPlaceholderText(hint)
    made.setAccessibleName(hint)
    made.setMaxLength(longest)
    return made
