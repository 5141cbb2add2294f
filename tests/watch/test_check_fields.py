"""What is typed into a check's fields: taken, or refused with a sentence that names the field and what it has to be."""

import msgspec
import pytest

from rackside.watch.checks.fields import hint, problem, spoken
from rackside.watch.checks.run import KINDS

ADDRESS = "URL has to be an address that begins with http:// or https:// and names a host."
HOST = "Host has to be a name or an address, without https:// and spaces."


@pytest.mark.parametrize(
    ("kind", "fields", "said"),
    [
        ("ping", {}, "Host is needed."),
        ("ping", {"host": "https://router"}, HOST),
        ("tcp", {"host": "a b", "port": "1"}, HOST),
        ("ping", {"host": "a", "timeout_s": "nan"}, "Timeout (s) has to be more than 0."),
        ("ping", {"host": "a", "timeout_s": "inf"}, "Timeout (s) has to be at most 600."),
        ("tcp", {"host": "a", "port": "ssh"}, "Port has to be a whole number."),
        ("tcp", {"host": "a", "port": "65536"}, "Port has to be at most 65,535."),
        ("http", {"url": "shop.example"}, ADDRESS),
        ("http", {"url": "ftp://shop.example/"}, ADDRESS),
        ("http", {"url": "https:///only/a/path"}, ADDRESS),
        ("http", {"url": "https://a/", "status": "200,fine"}, "The status is such as 200-399 or 200,204."),
        ("dns", {"name": "a", "record": "ZZ"}, "Record is none of those that can be chosen."),
        ("prometheus", {"url": "http://a/", "warning_above": "much"}, "Warning above has to be a number."),
        ("prometheus", {"url": "http://a/", "warning_above": "nan"}, "Warning above is no number."),
        ("heartbeat", {"name": "../x"}, "Name has to be a name that begins with a letter or a digit, without slashes."),
        ("heartbeat", {"name": "x" * 81}, "Name has to be at most 80 characters."),
    ],
)
def test_what_cannot_be_checked_is_said_in_words(kind: str, fields: dict[str, str], said: str) -> None:
    with pytest.raises(msgspec.ValidationError) as refused:
        msgspec.convert(fields, KINDS[kind], strict=False)
    assert problem(refused.value) == said


@pytest.mark.parametrize(
    "host", ["router", "192.0.2.1", "2001:db8::1", "fe80::1%eth0", "straße.example", "x-1_2.example"]
)
def test_every_kind_of_address_is_taken(host: str) -> None:
    assert msgspec.convert({"host": host}, KINDS["ping"], strict=False)


@pytest.mark.parametrize("url", ["http://a", "https://[2001:db8::1]:8443/x?y=z#w", "https://user@a/", "http://straße/"])
def test_every_kind_of_web_address_is_taken(url: str) -> None:
    assert msgspec.convert({"url": url}, KINDS["http"], strict=False)


def test_each_field_that_is_empty_says_what_may_be_typed() -> None:
    for kind, check in KINDS.items():
        for field in msgspec.structs.fields(check):
            said = hint(kind, field)
            assert said or field.type is bool, f"{kind}.{field.name}"
            assert ("needed" in said) == field.required
            assert "inf" not in said.split()


def test_fields_are_named_as_a_person_reads_them() -> None:
    assert [spoken(each) for each in ("json_path", "timeout_s", "url", "trust_any")] == [
        "JSON path",
        "Timeout (s)",
        "URL",
        "Trust any",
    ]
