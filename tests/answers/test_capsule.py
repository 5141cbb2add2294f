"""A capsule says what a peer needs, masked, and never more than the wire takes."""

from rackside.answers.capsule import capsule, spark
from rackside_protocol.threads import MAX_CAPSULE_CHARACTERS


def test_a_capsule_has_masked_values_and_a_picture_of_the_last_half_hour() -> None:
    text = capsule(
        [("Alert", "files-02: /srv 92 % full"), ("Error", "")], names=["files-02"], recent=[88.0, 90.0, 92.0]
    )
    assert text == "Alert: <name>: /srv 92 % full\nLast 30 min: ▁▅█ (88 to 92)"


def test_a_capsule_never_exceeds_what_the_wire_takes() -> None:
    assert len(capsule([("Log", "x " * 9_000)])) == MAX_CAPSULE_CHARACTERS


def test_a_flat_line_is_drawn_flat() -> None:
    assert spark([5.0, 5.0]) == "▁▁"
