"""Which organisation a member speaks for, as far as her e-mail address tells."""

from typing import Final

from rackside_server.accounts.models import Member

PUBLIC_PROVIDERS: Final = frozenset(
    {
        "aol.com",
        "fastmail.com",
        "gmail.com",
        "gmx.at",
        "gmx.ch",
        "gmx.de",
        "gmx.net",
        "googlemail.com",
        "hotmail.com",
        "icloud.com",
        "live.com",
        "mail.ru",
        "me.com",
        "msn.com",
        "outlook.com",
        "posteo.de",
        "proton.me",
        "protonmail.com",
        "qq.com",
        "web.de",
        "yahoo.com",
        "yandex.ru",
        "zoho.com",
    }
)
"""Domains whose addresses anybody can have: each of their members speaks for herself."""


def organisation_of(member: Member) -> str:
    """Return the domain of a member's e-mail address; without one that is an organisation's own, her id."""
    domain = member.email.rpartition("@")[2].strip().lower().rstrip(".")
    return domain if domain and domain not in PUBLIC_PROVIDERS else member.pk
