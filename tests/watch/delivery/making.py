"""Alerts, settings and news to test with."""

from dataclasses import replace

from rackside.settings import Delivery, Mail, Webhook
from rackside.watch.delivery.model import News, Transition, Way
from rackside.watch.model import Alert

NOON_S = 1_772_535_600.0
"""3 March 2026, 12:00 in Berlin, a Tuesday."""
ALL = Delivery(
    mail=Mail(on=True, host="localhost", sender="rackside@example.org", recipients=("me@example.org",)),
    webhook=Webhook(on=True, url="http://127.0.0.1/"),
)
CALM = Alert(
    "a1", "disk.used", "/srv", "warning", "/srv is 91 % full", "disk.used/ext4/", "disk.used /srv", 91.0, NOON_S
)
BAD = replace(CALM, severity="critical", summary="/srv is 99 % full", value=99.0)


def cleared(alert: Alert, at_s: float) -> Alert:
    return replace(alert, cleared_at_s=at_s)


def news(alert: Alert = CALM, transition: Transition = "raised", way: Way = "mail", missed: int = 0) -> News:
    return News(way=way, transition=transition, alert=alert, made_s=NOON_S, due_s=NOON_S, missed=missed)


def many(count: int) -> list[Alert]:
    return [
        replace(CALM, id=f"m{number}", kind="ping.down", component=f"host {number}", summary=f"host {number} is silent")
        for number in range(count)
    ]
