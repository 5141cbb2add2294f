"""A capsule says what a peer needs, masked, with a picture of the last half hour."""

import re

from rackside.answers.capsule import Recent, capsule, picture, spark, thinned

AT_S = 1_763_884_800.0
"""08:00 UTC."""


def test_a_capsule_has_masked_values_and_a_picture_of_the_last_half_hour() -> None:
    recent = Recent([(AT_S, 88.0), (AT_S + 900, 90.0), (AT_S + 1_800, 92.0)], "%", "warning at 90 %")
    made = capsule([("Alert", "files-02: /srv 92 % full"), ("Error", "")], names=["files-02"], recent=recent)
    assert made.text == (
        "Alert: <name>: /srv 92 % full\nLast 30 min: ▁▅█ 88 to 92 %, last 92 %, warning at 90 %, 08:00 to 08:30 UTC"
    )
    assert [(made.text[each.start : each.end], each.original) for each in made.hidden] == [("<name>", "files-02")]


def test_what_is_hidden_is_told_where_it_stands_in_the_whole() -> None:
    made = capsule([("Peer", "192.0.2.9"), ("By", "kim.berg+ops@example.com at 2001:db8::1")])
    assert made.text == "Peer: <ipv4>\nBy: <email> at <ipv6>"
    assert all(re.fullmatch("<[a-z0-9]+>", made.text[each.start : each.end]) for each in made.hidden)
    assert [each.original for each in made.hidden] == ["192.0.2.9", "kim.berg+ops@example.com", "2001:db8::1"]


def test_nothing_of_a_long_text_is_lost() -> None:
    assert capsule([("Log", "x " * 9_000)]).text == "Log: " + "x " * 9_000


def test_a_reading_of_one_moment_is_no_picture() -> None:
    assert capsule([("System", "Debian 12")], recent=Recent([(AT_S, 1.0)])).text == "System: Debian 12"


def test_a_long_history_is_thinned_to_what_fits_a_line() -> None:
    values = [float(value) for value in range(180)]
    assert len(thinned(values)) == 30
    assert picture(Recent([(AT_S + 10 * at, value) for at, value in enumerate(values)])).startswith("▁▁▁▂▂▂▂")


def test_a_flat_line_is_drawn_flat() -> None:
    assert spark([5.0, 5.0]) == "▁▁"
