"""The page of how the person hears of alerts: desktop, quiet hours, e-mail, webhook; each way can be tried."""

import calendar
from collections.abc import Callable
from functools import partial
from typing import Final, Literal, TypeAlias, get_args

import msgspec
from PySide6.QtWidgets import QLineEdit, QWidget

from rackside.alerts.panel_delivery_parts import Secret, Trial
from rackside.kit.cards import SectionHead, column, row
from rackside.kit.forms import check, choice, labelled, number
from rackside.kit.panel import Panel
from rackside.kit.slices import Context
from rackside.kit.text import PlainLabel
from rackside.settings import BodyFormat, Delivery, Mail, Security, Severity, Webhook
from rackside.watch.delivery import fields

Group: TypeAlias = Literal["mail", "webhook"]
Read: TypeAlias = Callable[[str], dict[str, object]]
"""Returns what a line of text says of a way."""
SHOWN: Final = {
    "starttls": "STARTTLS",
    "tls": "TLS",
    "none": "None, on this machine only",
    "json": "JSON",
    "slack": "Slack and alike",
    "teams": "Teams",
    "ntfy": "ntfy",
    "info": "Everything",
    "warning": "Warnings and worse",
    "critical": "Critical alerts only",
}
INTRODUCTION: Final = (
    "A message holds the name of this machine and, of each alert, its sentence, its signature and its times. It goes"
    " where you say here and nowhere else."
)
HELD: Final = (
    "What comes then waits, and comes as one message at the end, of what is still open. This window shows it at all"
    " times."
)
SIGNED: Final = (
    "With a secret, each message is signed: X-Rackside-Signature is the HMAC-SHA256 of the body. For ntfy it is the"
    " access token."
)


class DeliveryPage(Panel):
    """Every choice, kept as soon as it is made. The parts that show how a way fares refresh themselves."""

    def __init__(self, context: Context, _argument: str = "") -> None:
        super().__init__()
        self._context = context
        self._wrong: dict[Group, PlainLabel] = {
            "mail": PlainLabel(wrap=True, tone="warn"),
            "webhook": PlainLabel(wrap=True, tone="warn"),
        }
        parts = (
            PlainLabel("How you hear of alerts", role="title"),
            PlainLabel(INTRODUCTION, tone="dim", wrap=True),
            *self._desktop(),
            *self._quiet(),
            *self._mail(),
            *self._webhook(),
        )
        self.setLayout(column(*parts, None, gap=10, margins=(24, 20, 24, 20)))
        self._judge(self._now())

    def title(self) -> str:
        """Name the page."""
        return "How you hear of alerts"

    def _desktop(self) -> list[QWidget]:
        now = self._now()
        return [
            SectionHead("Desktop"),
            check("Show alerts as notifications", now.desktop, lambda on: self._set(desktop=on)),
            labelled(
                "Notify me of",
                choice(
                    ("warning", "critical"), now.desktop_least, lambda least: self._set(desktop_least=least), _shown
                ),
            ),
            Trial(self._context, "desktop"),
        ]

    def _quiet(self) -> list[QWidget]:
        now = self._now()
        days = QWidget()
        boxes = [
            check(name, place in now.quiet_days, partial(self._turn, place))
            for place, name in enumerate(calendar.day_abbr)
        ]
        for box, name in zip(boxes, calendar.day_name, strict=True):
            box.setAccessibleName(f"Quiet all {name}")
        days.setLayout(row(PlainLabel("Quiet all day on"), None, *boxes, gap=10))
        from_h = number(now.quiet_from_h, 0, 23, " h", lambda value: self._set(quiet_from_h=value))
        to_h = number(now.quiet_to_h, 0, 23, " h", lambda value: self._set(quiet_to_h=value))
        through = "Critical alerts come through all the same"
        return [
            SectionHead("Quiet hours"),
            check("Keep quiet at certain hours", now.quiet, lambda on: self._set(quiet=on)),
            labelled("Quiet from", from_h),
            labelled("Quiet until", to_h),
            days,
            check(through, now.critical_breaks_quiet, lambda on: self._set(critical_breaks_quiet=on)),
            PlainLabel(HELD, tone="dim", role="small", wrap=True),
        ]

    def _mail(self) -> list[QWidget]:
        mail = self._now().mail
        host, user, sender = (self._line("mail", name, getattr(mail, name)) for name in ("host", "user", "sender"))
        host.setPlaceholderText("mail.example.org")
        user.setPlaceholderText("empty for no sign-in")
        sender.setPlaceholderText("rackside@example.org")
        to = QLineEdit(", ".join(mail.recipients))
        to.setPlaceholderText("me@example.org, team@example.org")
        self._keeps(to, "mail", lambda text: {"recipients": fields.recipients(text)})
        password = Secret(self._context, "mail", "Password")
        port = number(mail.port, 1, fields.MOST_PORT, "", lambda value: self._set_of("mail", port=value))
        security = choice(
            get_args(Security), mail.security, lambda chosen: self._set_of("mail", security=chosen), _shown
        )
        return [
            SectionHead("E-mail"),
            check("Send alerts by e-mail", mail.on, lambda on: self._set_of("mail", on=on)),
            labelled("Mail server", host),
            labelled("Port", port),
            labelled("Encryption", security),
            labelled("User", user),
            password,
            labelled("Sender", sender),
            labelled("Recipients", to),
            labelled("E-mail me of", self._least("mail", mail.least)),
            self._wrong["mail"],
            Trial(self._context, "mail", password.settle),
        ]

    def _webhook(self) -> list[QWidget]:
        webhook = self._now().webhook
        url = self._line("webhook", "url", webhook.url)
        url.setPlaceholderText("https://hooks.example.org/…")
        secret = Secret(self._context, "webhook", "Secret")
        shape = choice(
            get_args(BodyFormat), webhook.format, lambda chosen: self._set_of("webhook", format=chosen), _shown
        )
        return [
            SectionHead("Webhook"),
            check("Post alerts to a web address", webhook.on, lambda on: self._set_of("webhook", on=on)),
            labelled("Web address", url),
            labelled("Format", shape),
            secret,
            PlainLabel(SIGNED, tone="dim", role="small", wrap=True),
            labelled("Post", self._least("webhook", webhook.least)),
            self._wrong["webhook"],
            Trial(self._context, "webhook", secret.settle),
        ]

    def _line(self, group: Group, name: str, now: str) -> QLineEdit:
        made = QLineEdit(now)
        self._keeps(made, group, lambda text: {name: text.strip()})
        return made

    def _keeps(self, line: QLineEdit, group: Group, read: Read) -> None:
        """Have what is typed checked while it is, and kept when it is done."""
        line.textEdited.connect(lambda text: self._judge(_with(self._now(), group, **read(text))))
        line.editingFinished.connect(lambda: self._set_of(group, **read(line.text())))

    def _least(self, group: Group, now: str) -> QWidget:
        return choice(get_args(Severity), now, lambda chosen: self._set_of(group, least=chosen), _shown)

    def _turn(self, day: int, on: bool) -> None:  # noqa: FBT001 - as Qt's signal hands it over
        held = set(self._now().quiet_days) - {day}
        self._set(quiet_days=tuple(sorted(held | {day} if on else held)))

    def _judge(self, delivery: Delivery) -> None:
        """Say what is wrong with what is typed; nothing is asked of a way that nobody touched."""
        said: dict[Group, str] = {
            "mail": fields.wrong_with_mail(delivery.mail),
            "webhook": fields.wrong_with_webhook(delivery.webhook),
        }
        begun = {"mail": delivery.mail != Mail(), "webhook": delivery.webhook != Webhook()}
        for way, label in self._wrong.items():
            label.setText(said[way])
            label.setVisible(bool(said[way]) and begun[way])

    def _now(self) -> Delivery:
        return self._context.settings().delivery

    def _set_of(self, group: Group, **what: object) -> None:
        self._choose(_with(self._now(), group, **what))

    def _set(self, **what: object) -> None:
        self._choose(msgspec.structs.replace(self._now(), **what))

    def _choose(self, delivery: Delivery) -> None:
        if delivery != self._now():
            settings = self._context.settings()
            settings.delivery = delivery
            self._context.choose(settings)
        self._judge(delivery)


def _with(delivery: Delivery, group: Group, **what: object) -> Delivery:
    """Return the choices with some of one way changed."""
    return msgspec.structs.replace(delivery, **{group: msgspec.structs.replace(getattr(delivery, group), **what)})


def _shown(option: str) -> str:
    return SHOWN[option]
