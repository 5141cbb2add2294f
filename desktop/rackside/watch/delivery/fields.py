"""What is wrong with what a person typed of a way, in a sentence; the empty string when nothing is. Pure."""

import ipaddress
import re
from typing import Final
from urllib.parse import urlsplit

from rackside.settings import Mail, Webhook

ADDRESS: Final = re.compile(r"[^\s@<>,;:\"\\()\[\]\x00-\x1f\x7f]{1,64}@[^\s@<>,;:\"\\()\[\]\x00-\x1f\x7f]{1,255}")
"""What mail servers take without quotes; line breaks never, since they would begin another header."""
HOST: Final = re.compile(r"[\w.\-:%]{1,255}")
MOST_RECIPIENTS: Final = 20
MOST_PORT: Final = 65_535
MOST_URL: Final = 2_000
MOST_SHOWN: Final = 60
NO_URL: Final = "This is no web address."


def wrong_with_mail(mail: Mail) -> str:
    """Say what has to be typed before mail can be sent."""
    bad = next((each for each in mail.recipients if not is_address(each)), "")
    return _first(
        (not mail.host, "Name the mail server that takes your mail, such as mail.example.org."),
        (not HOST.fullmatch(mail.host), "The mail server is a name or an address, without https:// and spaces."),
        (not 0 < mail.port <= MOST_PORT, f"The port is a number from 1 to {MOST_PORT:,}."),
        (
            mail.security == "none" and not is_loopback(mail.host),
            "Without encryption, mail goes to a server on this machine only. Choose STARTTLS or TLS.",
        ),
        (not is_address(mail.sender), "The sender is an address such as rackside@example.org."),
        (not mail.recipients, "Name at least one recipient."),
        (bool(bad), f"“{bad[:MOST_SHOWN]}” is no address such as me@example.org."),
        (
            len(mail.recipients) > MOST_RECIPIENTS,
            f"At most {MOST_RECIPIENTS} recipients; a list on your mail server takes more.",
        ),
    )


def wrong_with_webhook(webhook: Webhook) -> str:
    """Say what has to be typed before a web address can be posted to."""
    url = webhook.url
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return NO_URL
    return _first(
        (not url, "Type the web address that takes your alerts; it begins with https://."),
        (len(url) > MOST_URL or not url.isprintable() or " " in url or port == 0, NO_URL),
        (parts.scheme not in {"http", "https"} or not host, "The address begins with https:// and names a host."),
        (
            bool(parts.username or parts.password),
            "Leave the password out of the address; the secret has a field of its own.",
        ),
        (
            parts.scheme == "http" and _is_public(host),
            "Over the internet it has to be https://, so that nobody reads along.",
        ),
    )


def is_address(text: str) -> bool:
    """Say whether this is one mail address, and nothing beside it. Of a name with umlauts it takes the xn-- form."""
    return text.isascii() and ADDRESS.fullmatch(text) is not None


def recipients(text: str) -> tuple[str, ...]:
    """Return the addresses that somebody typed with commas, semicolons or spaces between them."""
    return tuple(dict.fromkeys(re.split(r"[,;\s]+", text.strip()))) if text.strip() else ()


def is_loopback(host: str) -> bool:
    """Say whether a host is this machine, by its name or its address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def is_private(address: str) -> bool:
    """Say whether an address is of this machine or of a network of its own."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return found.is_private and not found.is_unspecified


def _first(*found: tuple[bool, str]) -> str:
    return next((sentence for wrong, sentence in found if wrong), "")


def _is_public(host: str) -> bool:
    """Say whether an address is one of the internet. A name is looked up when it is posted to, not as it is typed."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return not is_private(host)
