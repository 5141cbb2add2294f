"""The first page, the settings, the devices, and what waits in the outbox."""

from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QWidget

from rackside import words
from rackside.accounts.data import Entry, load_devices, load_entries
from rackside.accounts.panel_kept import Storage, Subscriptions
from rackside.kit.cards import Badge, Card, SectionHead, StateView, button, column, refill, row
from rackside.kit.forms import check, choice, labelled, number
from rackside.kit.panel import Panel
from rackside.kit.slices import Context
from rackside.kit.text import PlainLabel, confirm
from rackside.kit.writing import WritingLine
from rackside.settings import Settings
from rackside_protocol.accounts import RevokeDevice
from rackside_protocol.ids import new_id

WHAT_IS_SENT = (
    ("To the community server", "what you write, vote and follow, when you send it; how far your copy is, to sync it."),
    (
        "About what helped",
        "with your yes: an alert's signature, the answer, whether it cleared, and the system, such as Debian 12.",
    ),
    ("Words you search for", "stay here, unless you search the whole community; then masked, and kept by nobody."),
    ("To the hosts of the network checks", "one name look-up and one connection a minute, with nothing in it."),
    ("To what you watch", "the check that you chose, as often as you chose, and nothing else."),
    ("In a network that you look in", "one echo request or connection to each address, and a question who is there."),
    ("Heartbeats on the server", "the name that you give a job; what the job sends goes from it to the server."),
    ("To your mail server and webhook", "the alerts that you want to hear of there, once you turned that on."),
    ("About sponsored panels", "a token, the day and the outcome of a panel you saw. It is chosen on this machine."),
    (
        "Never to anybody else",
        "readings, alerts, host or process names, unless you put them into a question yourself, byte for byte.",
    ),
)


class _Page(Panel):
    """A page that is built anew at each refresh."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._content = column(None, gap=10, margins=(24, 20, 24, 20))
        self.setLayout(self._content)

    def _fill(self, *parts: QWidget) -> None:
        refill(self._content, *parts)


class FirstPage(_Page):
    """What will be sent, where to, and the one button that agrees. Nothing is sent before it."""

    TOPICS = frozenset({"settings", "theme"})

    def title(self) -> str:
        """Name the page."""
        return "Welcome"

    def refresh(self, topics: frozenset[str]) -> None:
        """Draw the page."""
        del topics
        settings = self._context.settings()
        where = "a server on this machine, with the demo community" if settings.embedded else settings.server_url
        card = Card()
        for what, which in WHAT_IS_SENT:
            line = QWidget()
            line.setLayout(
                column(
                    PlainLabel(what, role="strong"),
                    PlainLabel(which, tone="dim", wrap=True),
                    gap=2,
                    margins=(12, 8, 12, 8),
                )
            )
            card.add(line)
        parts: list[QWidget] = [
            PlainLabel("Welcome to Rackside", role="title"),
            PlainLabel(
                "This machine is watched already; that stays here. The answers of your peers need a community server. "
                f"Before anything is sent anywhere, here is what that is. Server: {where or 'none chosen yet'}.",
                tone="dim",
                wrap=True,
            ),
            card,
        ]
        if settings.consent:
            parts.append(StateView("notice", "You agreed to this. The settings take it back at any time."))
        else:
            agree = button("Agree and connect", self._agree, kind="primary")
            later = button("Not now: watch only", lambda: self._context.open_link("settings:"))
            line = QWidget()
            line.setLayout(row(agree, later, None))
            parts.append(line)
        self._fill(*parts)

    def _agree(self) -> None:
        settings = self._context.settings()
        settings.consent = True
        self._context.choose(settings)
        self._context.wake_sync()
        self.refresh(self.TOPICS)


class SettingsPage(_Page):
    """Every choice, kept as soon as it is made."""

    TOPICS = frozenset({"settings", "sync", "device"})

    def title(self) -> str:
        """Name the page."""
        return "Settings"

    def refresh(self, topics: frozenset[str]) -> None:
        """Draw the choices; a choice that was made here redraws nothing, so that the focus stays where it is."""
        if topics == {"sync"} or (topics == {"settings"} and self._is_choosing()):
            return
        self._fill(
            PlainLabel("Settings", role="title"),
            *self._community(),
            Subscriptions(self._context),
            *self._devices(),
            *self._looks(),
            *self._network(),
            *self._sponsors(),
            Storage(self._context),
        )

    def _is_choosing(self) -> bool:
        focus = QApplication.focusWidget()
        return focus is not None and not isinstance(focus, QPushButton) and self.isAncestorOf(focus)

    def _community(self) -> list[QWidget]:
        settings = self._context.settings()
        server = QLineEdit(settings.server_url)
        server.setPlaceholderText("https://community.example")
        server.setEnabled(not settings.embedded)
        server.editingFinished.connect(lambda: self._set(server_url=server.text().strip()))
        status = self._context.sync_status()
        said = f"{status.sentence} {status.remedy}".strip() if status else ""
        consent = check("I agree to what is sent", settings.consent, lambda on: self._set(consent=on))
        acts = QWidget()
        acts.setLayout(
            row(
                button("Sync now", self._context.wake_sync),
                button("Sign in…", lambda: self._context.open_link("signin:")),
                button("What is sent", lambda: self._context.open_link("welcome:"), kind="link"),
                button("Outbox", lambda: self._context.open_link("outbox:"), kind="link"),
                None,
            )
        )
        account = f"Signed in as {settings.handle}." if settings.handle else "Not signed in."
        note = "The server on this machine is used." if settings.embedded else account
        return [
            SectionHead("Community"),
            PlainLabel(said or note, tone="dim", wrap=True),
            labelled("Server", server),
            consent,
            acts,
        ]

    def _devices(self) -> list[QWidget]:
        card = Card()
        devices = load_devices(self._context.store)
        for device in devices:
            sign_out = button("Sign out", lambda device=device: self._revoke(device.id, device.name), kind="link")  # type: ignore[misc]
            seen = f"since {words.date(device.created_ms / 1000)}"
            line = QWidget()
            line.setLayout(
                row(
                    PlainLabel(device.name),
                    PlainLabel(f"{device.platform} · {seen}", role="small", tone="dim"),
                    None,
                    sign_out,
                    margins=(12, 4, 8, 4),
                )
            )
            card.add(line)
        return [SectionHead("Devices"), card] if devices else []

    def _looks(self) -> list[QWidget]:
        settings = self._context.settings()
        theme = choice(("auto", "light", "dark"), settings.theme, lambda chosen: self._set(theme=chosen))
        edge = choice(("left", "right"), settings.edge, lambda chosen: self._set(edge=chosen))
        return [
            SectionHead("Looks"),
            labelled("Theme", theme),
            labelled("Edge of the screen", edge),
            check("Dock at the edge and keep other windows off it", settings.docked, lambda on: self._set(docked=on)),
            check("Less motion", settings.reduced_motion, lambda on: self._set(reduced_motion=on)),
        ]

    def _network(self) -> list[QWidget]:
        settings = self._context.settings()
        probes = settings.probes
        name, host = QLineEdit(probes.dns_name), QLineEdit(probes.internet_host)
        poll = number(settings.poll_s, 15, 3_600, " s", lambda value: self._set(poll_s=value))

        def keep() -> None:
            probes.dns_name, probes.internet_host = name.text().strip(), host.text().strip()
            self._set(probes=probes)

        name.editingFinished.connect(keep)
        host.editingFinished.connect(keep)
        outbound = ", ".join(each for each in (settings.server_url, probes.dns_name, probes.internet_host) if each)
        return [
            SectionHead("Network", action="How you hear of alerts", act=lambda: self._context.open_link("delivery:")),
            PlainLabel(f"Hosts this console speaks with: {outbound}, and your gateway.", tone="dim", wrap=True),
            labelled("Name that is looked up", name),
            labelled("Host that is connected to", host),
            labelled("Ask the server at least every", poll),
        ]

    def _sponsors(self) -> list[QWidget]:
        sponsors = self._context.settings().sponsors

        def keep(name: str, value: object) -> None:
            setattr(sponsors, name, value)
            self._set(sponsors=sponsors)

        quiet_from = number(sponsors.quiet_from_h, 0, 23, " h", lambda value: keep("quiet_from_h", value))
        quiet_to = number(sponsors.quiet_to_h, 0, 23, " h", lambda value: keep("quiet_to_h", value))
        catalogue = QWidget()
        catalogue.setLayout(
            row(button("What could be shown here", lambda: self._context.open_link("sponsor:"), kind="link"), None)
        )
        return [
            SectionHead("Sponsored panels"),
            check("Show a sponsored panel", sponsors.show, lambda on: keep("show", on)),
            check("I am presenting: show none", sponsors.presenting, lambda on: keep("presenting", on)),
            check(
                "Show them at trust level 3 and above too",
                sponsors.wanted_at_high_trust,
                lambda on: keep("wanted_at_high_trust", on),
            ),
            labelled("Quiet from", quiet_from),
            labelled("Quiet until", quiet_to),
            catalogue,
        ]

    def _revoke(self, device: str, name: str) -> None:
        if confirm(self, "Sign out", f"{name} is signed out at its next sync.", yes="Sign out"):
            self._context.act(RevokeDevice(id=new_id(), device=device))

    def _set(self, **what: object) -> None:
        settings: Settings = self._context.settings()
        for name, value in what.items():
            setattr(settings, name, value)
        self._context.choose(settings)


class OutboxPage(_Page):
    """What was written here and is not in the community yet, oldest first."""

    TOPICS = frozenset({"outbox", "theme"})

    def title(self) -> str:
        """Name the page."""
        return "Outbox"

    def refresh(self, topics: frozenset[str]) -> None:
        """Read it again."""
        del topics
        entries = load_entries(self._context.store)
        if not entries:
            self._fill(StateView("empty", "Everything you wrote has been sent."))
            return
        card = Card()
        for entry in entries:
            card.add(self._entry(entry))
        self._fill(PlainLabel("Outbox", role="title"), card)

    def _entry(self, entry: Entry) -> QWidget:
        made = QWidget()
        state = WritingLine(
            entry.state,
            entry.message,
            retry=lambda: self._context.retry(entry.id),
            dismiss=lambda: self._context.dismiss(entry.id),
        )
        head = row(Badge(entry.what), PlainLabel(words.ago(entry.created_s), role="small", tone="dim"), None)
        made.setLayout(column(head, PlainLabel(entry.text, wrap=True), state, gap=4, margins=(12, 8, 12, 8)))
        return made
