"""The signature joins alerts of different machines: nothing of one machine may be in it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rackside.watch.signature import normalise, signature


@pytest.mark.parametrize(
    ("error", "normal"),
    [
        ("I/O error on /dev/sda1, sector 123456", "i-o error on sector"),
        ("No route to host 192.0.2.17:443", "no route to host"),
        ("connect to 2001:db8::1 failed", "connect to failed"),
        ("lookup db01.corp.example.com: timed out", "lookup timed out"),
        ("device 00:1B:44:11:3A:B7 left", "device left"),
        ("unit 0192f3c4-5b6a-7c8d-9e0f-123456789abc not found", "unit not found"),
        (r"cannot open C:\Users\Alice\x.log", "cannot open"),
        ("exit code 0x80070005", "exit code"),
        ("nginx.service:  FAILED (Result: exit-code)", "failed result exit-code"),
        ("peer fe:: and aa:bb:cc:dd:ee:ff left", "peer and left"),
    ],
)
def test_hosts_addresses_paths_numbers_and_ids_are_left_out(error: str, normal: str) -> None:
    assert normalise(error) == normal


def test_two_machines_with_the_same_trouble_have_the_same_signature() -> None:
    one = signature("service.failed", "systemd", "nginx.service: bind() to 0.0.0.0:80 failed (98)")
    two = signature("service.failed", "systemd", "nginx.service: bind() to 10.1.2.3:8080 failed (13)")
    assert one == two
    assert one.startswith("service.failed/systemd/")


@pytest.mark.parametrize("kind", ["ext4", "f2fs", "ntfs3", "k10temp", "fat32"])
def test_a_class_with_a_digit_in_its_name_keeps_it(kind: str) -> None:
    assert signature("disk.used", kind) == f"disk.used/{kind}/"


def test_a_class_never_brings_a_part_more() -> None:
    assert signature("disk.used", "a/b c\n").count("/") == 2


@given(
    st.ip_addresses(), st.uuids(), st.integers(), st.from_regex(r"/[a-z]{1,8}(/[a-z0-9.]{1,8}){0,3}", fullmatch=True)
)
def test_no_address_id_number_or_path_is_left(address: object, identity: object, number: int, path: str) -> None:
    normal = normalise(f"cannot reach {address} as {identity} on {path} after {number} tries")
    assert normal == "cannot reach as on after tries"


@given(st.text())
def test_to_normalise_twice_changes_nothing_and_no_text_is_too_much(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert not re.search(r"\d", once)
