"""How bad a line is, when it was, who wrote it and what it says that other machines say, too."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rackside.watch.logs.levels import SUSPECT, guess
from rackside.watch.logs.limits import DAY_S, MOST_LETTERS
from rackside.watch.logs.stamps import read_line
from rackside.watch.logs.wording import error_of, unit_class
from rackside.watch.signature import normalise, signature

NOW_S = 1_795_442_000.0

BAD = {
    "blk_update_request: I/O error, dev sdb, sector 1953514584": 3,
    "Kernel panic - not syncing: VFS: Unable to mount root fs": 0,
    "mce: [Hardware Error]: Machine check events logged": 2,
    "nginx[12]: segfault at 7f00 ip 00007f sp 00007f error 4 in libc.so.6": 3,
    "Out of memory: Killed process 812 (java)": 3,
    'FATAL:  password authentication failed for user "bob"': 3,
    "[CRITICAL] pool is gone": 2,
    "2026-11-23 level=error msg=x": 3,
    "request of 10.0.0.0 failed": 3,
    "cron: (root) AUTH (Permission denied)": 3,
    '{"level":"error","msg":"x"}': 3,
}
WELL = [
    'level=info msg="0 errors"',
    "job done: errors=0 failed=0",
    "finished without errors",
    "INFO: failed over to the other node",
    "[warning] cannot find the colour profile",
    "fail2ban started",
    "wrote /var/log/nginx/error.log",
    "perf: interrupt took too long",
    '{"level":"info","error":null}',
]


@pytest.mark.parametrize(("text", "level"), BAD.items())
def test_what_is_bad_is_known_by_its_words(text: str, level: int) -> None:
    assert guess(text) == level
    assert SUSPECT.search(text.lower().encode()), "it would not even be looked at"


@pytest.mark.parametrize("text", WELL)
def test_what_only_speaks_of_errors_is_none(text: str) -> None:
    assert guess(text) > 3


@given(st.text())
def test_no_text_is_too_much(text: str) -> None:
    assert guess(text) in range(8)
    assert len(error_of(text)) <= MOST_LETTERS
    assert len(signature("log.error", unit_class(text), error_of(text))) <= 200
    line = read_line(text.encode("utf-8", "replace"), "file", NOW_S)
    assert line.text.isprintable()
    assert line.unit.isprintable()


@given(st.binary())
def test_no_bytes_are_too_much(raw: bytes) -> None:
    line = read_line(raw, "file", NOW_S)
    assert line.text.isprintable()
    assert line.at_s <= NOW_S


@pytest.mark.parametrize(
    ("raw", "unit", "level", "text"),
    [
        (b"Nov 23 13:51:05 web1 sshd[12]: Connection refused\n", "sshd", 3, "Connection refused"),
        (b"2026-11-23T13:51:05.123456+00:00 web1 nginx: error y", "nginx", 3, "error y"),
        (b'<34>1 2026-10-11T22:14:15.003Z web1 app 1 ID47 [ex@3 a="b"] \xef\xbb\xbfz', "app", 2, "z"),
        (b"<11>Nov  3 13:51:05 web1 backup: q", "backup", 3, "q"),
        (b"2026-11-23 13:51:05,123 ERROR foo: bar", "file", 3, "ERROR foo: bar"),
        (b"no time at all: failed", "file", 3, "no time at all: failed"),
        (b"\x00\xff\xfe error \x1b[31m", "file", 3, "\ufffd\ufffd\ufffd error \ufffd[31m"),
        (b"Feb 31 99:99:99 web1 app: error", "app", 3, "error"),
    ],
)
def test_a_line_says_who_wrote_it_and_how_bad_it_is(raw: bytes, unit: str, level: int, text: str) -> None:
    line = read_line(raw, "file", NOW_S)
    assert (line.unit, line.level, line.text) == (unit, level, text)


def test_a_year_that_is_not_said_is_the_last_in_which_that_day_has_been() -> None:
    new_year_s = time.mktime((2027, 1, 1, 0, 5, 0, 0, 0, -1))
    line = read_line(b"Dec 31 23:59:00 web1 app: error", "file", new_year_s)
    assert line.at_s == new_year_s - 6 * 60


def test_a_time_in_another_zone_is_the_same_moment_and_none_is_in_the_future() -> None:
    east = read_line(b"2026-10-11T22:14:15+02:00 web1 app: error", "file", NOW_S)
    utc = read_line(b"2026-10-11T20:14:15Z web1 app: error", "file", NOW_S)
    assert east.at_s == utc.at_s < NOW_S - DAY_S
    assert read_line(b"2099-10-11T22:14:15Z web1 app: error", "file", NOW_S).at_s == NOW_S


@pytest.mark.parametrize(
    ("unit", "of_class"),
    [
        ("postgresql@15-main.service", "postgresql"),
        ("/usr/sbin/cron", "cron"),
        ("CRON", "cron"),
        ("postfix/smtpd", "postfix-smtpd"),
        ("php8.2-fpm", "php8-fpm"),
        ("systemd-logind.service", "systemd-logind"),
        ("nginx.corp.example.com", "nginx"),
        ("user@1000.service", "user"),
        ("3f2a9c41d07b", ""),
        ("k3s", "k3s"),
    ],
)
def test_who_wrote_it_is_a_class_without_instance_path_host_or_id(unit: str, of_class: str) -> None:
    assert unit_class(unit) == of_class


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Failed password for root from 192.0.2.1 port 22", "Failed password for alice from 10.0.0.9 port 4022"),
        ("Failed password for invalid user alice from ::1", "Failed password for invalid user bob from ::2"),
        ("I/O error, dev sda, sector 12", "I/O error, dev nvme0n1, sector 99"),
        ('database "customers" does not exist', 'database "shop" does not exist'),
        ("open 'Budget of Alice' failed", "open 'x' failed"),
        ("container web is unhealthy: timed out", "container db is unhealthy: timed out"),
    ],
)
def test_names_that_somebody_gave_are_not_in_it(one: str, other: str) -> None:
    assert error_of(one) == error_of(other)
    assert error_of(one)


def test_it_is_normalised_already_so_that_the_signature_is_that_of_the_community() -> None:
    error = error_of("accept4() failed (24: Too many open files)")
    assert error == normalise(error) == "failed too many open files"
    assert signature("log.error", "nginx", error) == "log.error/nginx/failed too many open files"


def test_lines_that_differ_by_their_numbers_are_worded_once() -> None:
    assert {error_of(f"request {number} failed after {number / 7} s") for number in range(500)} == {
        "request failed after s"
    }
