"""Nothing that names a machine, a person or a secret is left in a masked text; what helps to diagnose stays."""

import time
from collections.abc import Sequence

import pytest

from rackside.answers.mask import mask, masked
from tests.answers.ordinary import ORDINARY
from tests.answers.secrets import PLACEHOLDER, corpus, leaks
from tests.answers.secrets_held import HELD
from tests.answers.secrets_last import HELD as LAST
from tests.answers.secrets_lines import LINES
from tests.answers.secrets_values import NAMES


@pytest.mark.parametrize(
    ("text", "leak"),
    [
        ("connect to 192.0.2.17:5432 refused", "192.0.2.17"),
        ("listening on [2001:db8::8a2e:370:7334]:443", "370:7334"),
        ("neighbour fe80::1ff:fe23:4567:890a%eth0 is stale", "fe23"),
        ("full form 2001:0db8:85a3:0000:0000:8a2e:0370:7334", "85a3"),
        ("link 52:54:00:12:ab:cd went down", "52:54:00"),
        ("switch port has 0011.2233.4455", "2233"),
        ("mail to kim.berg+ops@mail.example.com bounced", "kim.berg"),
        ("lookup dc01.corp.local: no such host", "dc01"),
        ("cannot reach db7.prod.acme-widgets.com", "acme"),
        ("open /home/kberg/.ssh/id_ed25519: denied", "kberg"),
        (r"path C:\Users\kberg\AppData is full", "kberg"),
        (r"mount \\filer03\finance$ failed", "filer03"),
        ("Failed password for invalid user kberg from 192.0.2.9", "kberg"),
        ("login: kberg tty1", "kberg"),
        ("password=hunter2hunter2 rejected", "hunter2"),
        ('"api_key": "9f8e7d6c5b4a"', "9f8e7d6c5b4a"),
        ("snmp community: s3cretcomm", "s3cretcomm"),
        ("Authorization: Bearer abc.def-ghi_jkl", "abc.def"),
        ("postgres://app:pa55word@db/prod", "pa55word"),
        ("token ghp_aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vW3xY5", "ghp_"),
        ("key AKIAIOSFODNN7EXAMPLE leaked", "AKIA"),
        ("jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "eyJ"),
        ("volume 9f2c1a4e-77aa-4a53-9d0c-0f1e2d3c4b5a missing", "9f2c1a4e"),
        ("Serial Number: S3Z8NB0K123456", "S3Z8NB0K"),
        ("-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNz\n-----END OPENSSH PRIVATE KEY-----", "b3Blb"),
        ("container 4f5e6d7c8b9a0f1e2d3c4b5a69788796 exited", "4f5e6d7c"),
    ],
)
def test_it_masks(text: str, leak: str) -> None:
    assert leak in text
    assert leak not in mask(text)


@pytest.mark.parametrize(
    "text",
    [
        "Nov 23 01:02:03 kernel: Out of memory: Killed process 4312 (mysqld)",
        "EXT4-fs error (device sda1): ext4_find_entry:1455: inode #131073",
        "Event ID 4771, result 0x12, Windows Server 2025",
        "nginx 1.24.0 on Debian 12: 502 Bad Gateway",
        "std::bad_alloc at 12:34",
    ],
)
def test_it_leaves_what_helps_to_diagnose(text: str) -> None:
    assert mask(text) == text


def test_names_of_this_machine_are_masked_wherever_they_stand_alone() -> None:
    assert (
        mask("files-02 says FILES-02.; profiles-02x stays", names=["files-02"])
        == "<name> says <name>.; profiles-02x stays"
    )


def test_a_name_is_masked_with_its_domain_and_within_an_identifier() -> None:
    assert (
        mask("heimdall.corp.zuerich and backup_heimdall_daily", names=["heimdall"]) == "<name> and backup_<name>_daily"
    )


def test_of_a_path_what_follows_a_name_is_masked_and_a_path_without_a_name_stays() -> None:
    assert mask("open /home/kberg/acme/offer.pdf: no") == "open /home/<path>: no"
    assert mask("see /var/log/nginx/error.log line 3") == "see /var/log/nginx/error.log line 3"


@pytest.mark.parametrize("lines", [LINES, HELD, LAST], ids=["known", "held out", "held out last"])
@pytest.mark.parametrize("seed", [1, 20_261_123, 31_337])
def test_of_2000_planted_secrets_none_can_be_read(seed: int, lines: Sequence[str]) -> None:
    given_away = [
        (leak, planted.text)
        for planted in corpus(seed, lines, 2_000)
        for leak in leaks(planted, mask(planted.text, names=NAMES))
    ]
    assert given_away == []


def test_what_is_masked_is_let_be_when_a_text_is_masked_again() -> None:
    for planted in corpus(5, [*LINES, *HELD, *LAST], 1_000):
        again = masked(mask(planted.text, names=NAMES), names=NAMES)
        assert not [each for each in again.hidden if PLACEHOLDER.search(each.original)], again.text


def test_a_leak_is_noticed() -> None:
    planted = next(corpus(1, ["host={host} answers"], 1))
    assert leaks(planted, planted.text)
    assert not leaks(planted, "host=<host> answers")


def test_at_most_2_percent_of_the_words_of_ordinary_text_are_masked() -> None:
    words = sum(len(line.split()) for line in ORDINARY)
    hidden = sum(len(each.original.split()) for line in ORDINARY for each in masked(line).hidden)
    assert hidden <= 0.02 * words, f"{hidden} of {words} words"


def test_what_is_hidden_is_remembered_where_its_placeholder_stands() -> None:
    made = masked("Failed password for kim.berg from 192.0.2.9 on \u202eweb-03")
    assert [made.text[each.start : each.end] for each in made.hidden] == ["<user>", "<ipv4>", "<host>"]
    assert [each.original for each in made.hidden] == ["kim.berg", "192.0.2.9", "web-03"]


def test_characters_that_cannot_be_seen_do_not_survive_and_do_not_hide_an_address() -> None:
    assert mask("a\u202e 192.0.\u200b2.17\u2060\x00\ufeff\r\nb\u00a0c\U000f0001") == "a <ipv4>\nb c"


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "A1",
        "a.",
        "a@",
        "::",
        "/a",
        "-",
        "\\a",
        "password ",
        "-----BEGIN A-----",
        "AAAA-",
        "a=b&",
        "C:\\Users\\a\\",
    ],
)
def test_time_is_linear_in_a_hostile_line(piece: str) -> None:
    def steps(length: int) -> float:
        text = (piece * length)[:length]
        begun = time.thread_time()
        mask(text)
        return time.thread_time() - begun

    steps(1_000)
    assert min(steps(40_000) for _ in range(2)) < 16 * max(min(steps(10_000) for _ in range(2)), 0.002)
