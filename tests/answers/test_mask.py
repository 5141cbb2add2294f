"""Nothing that names a machine, a person or a secret is left in a masked text; what helps to diagnose stays."""

import pytest

from rackside.answers.capsule import capsule, spark
from rackside.answers.mask import mask
from rackside_protocol.threads import MAX_CAPSULE_CHARACTERS


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


def test_a_capsule_has_masked_values_and_a_picture_of_the_last_half_hour() -> None:
    text = capsule(
        [("Alert", "files-02: /srv 92 % full"), ("Error", "")], names=["files-02"], recent=[88.0, 90.0, 92.0]
    )
    assert text == "Alert: <name>: /srv 92 % full\nLast 30 min: ▁▅█ (88 to 92)"


def test_a_capsule_never_exceeds_what_the_wire_takes() -> None:
    assert len(capsule([("Log", "x " * 9_000)])) == MAX_CAPSULE_CHARACTERS


def test_a_flat_line_is_drawn_flat() -> None:
    assert spark([5.0, 5.0]) == "▁▁"
