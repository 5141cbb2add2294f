"""What is typed into a check's fields: taken, or refused with a sentence that names the field and what it has to be."""

import msgspec
import pytest

from rackside.watch.checks.fields import hint, problem, shown, spoken, typed
from rackside.watch.checks.run import KINDS

ADDRESS = "URL has to be an address that begins with http:// or https:// and names a host."
HOST = "Host has to be a name or an address, without https:// and spaces."


@pytest.mark.parametrize(
    ("kind", "fields", "said"),
    [
        ("ping", {}, "Host is needed."),
        ("ping", {"host": "https://router"}, HOST),
        ("tcp", {"host": "a b", "port": "1"}, HOST),
        ("ping", {"host": "a", "timeout_s": "nan"}, "Timeout has to be more than 0 seconds."),
        ("ping", {"host": "a", "timeout_s": "inf"}, "Timeout has to be at most 600 seconds."),
        ("heartbeat", {"name": "x", "within_s": "2 weeks"}, "Within has to be a time such as 90 min or 1 d."),
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
        "Timeout",
        "URL",
        "Trust any",
    ]


@pytest.mark.parametrize(
    ("text", "seconds"), [("90 min", 5_400), ("1 d", 86_400), ("1.5h", 5_400), ("48", 48), ("20 s", 20), ("0.5 s", 0.5)]
)
def test_a_time_is_typed_with_its_unit_or_in_seconds(text: str, seconds: float) -> None:
    made = msgspec.convert({"name": "x", "within_s": typed("within_s", text)}, KINDS["heartbeat"], strict=False)
    assert made.within_s == seconds  # type: ignore[attr-defined] # a heartbeat has it
    assert typed("within_s", shown("within_s", seconds)) == f"{seconds:.15g}"


def test_what_is_no_time_is_left_as_it_was_typed() -> None:
    assert [typed("within_s", "soon"), typed("name", "2 d"), typed("within_s", "2 weeks")] == ["soon", "2 d", "2 weeks"]
    assert [shown("within_s", 86_400.0), shown("within_s", 5_400.0), shown("timeout_s", 48.0)] == [
        "1 d",
        "90 min",
        "48 s",
    ]
    assert [shown("port", 443), shown("warning_days", 21.0), shown("url", "https://a/")] == ["443", "21", "https://a/"]
