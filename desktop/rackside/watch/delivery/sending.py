"""Sends one message by one way, now: puts the texts, the settings and the secrets together."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, TypeAlias

from rackside.settings import Delivery
from rackside.store.secrets import secret
from rackside.watch.delivery import texts
from rackside.watch.delivery.model import DeliveryError, News, Way

Notify: TypeAlias = Callable[[texts.Note], str]
"""Shows a notification; returns who shows it, the empty string where nobody does."""
NOBODY: Final = "Nobody shows notifications on this desktop. Install a program that does, such as dunst, or use e-mail."


class Sender:
    """Sends messages of one machine; safe on any thread."""

    def __init__(self, home: Path, machine: str, notify: Notify) -> None:
        self._home, self._machine, self._notify = home, machine, notify

    def send(self, way: Way, delivery: Delivery, batch: Sequence[News], now_s: float) -> str:
        """Send news as one message; return what happened, in words.

        Raises:
            DeliveryError: it did not go out.
        """
        match way:
            case "desktop":
                return self._show(batch)
            case "mail":
                return self._mail(delivery, batch, now_s)
            case "webhook":
                return self._post(delivery, batch, now_s)

    def _show(self, batch: Sequence[News]) -> str:
        who = self._notify(texts.note(batch))
        if not who:
            raise DeliveryError(NOBODY, lasting=True)
        return f"The notification was handed to {who}"

    def _mail(self, delivery: Delivery, batch: Sequence[News], now_s: float) -> str:
        from rackside.watch.delivery import mail

        subject, text = texts.subject(batch, self._machine), texts.text(batch, self._machine, now_s)
        message = mail.compose(delivery.mail, subject, text, _name(batch), now_s)
        return mail.send(delivery.mail, secret(self._home, "mail") if delivery.mail.user else "", message)

    def _post(self, delivery: Delivery, batch: Sequence[News], now_s: float) -> str:
        from rackside.watch.delivery import webhook

        post = texts.post(batch, self._machine, now_s, delivery.webhook.format)
        return webhook.send(delivery.webhook, secret(self._home, "webhook"), post)


def _name(batch: Sequence[News]) -> str:
    """Name a message by the first of its news: the same when it is sent again, another for another change."""
    first = batch[0]
    return f"{first.alert.id}.{first.transition}.{first.made_s:.0f}.{len(batch)}"
