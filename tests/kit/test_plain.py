"""Text from elsewhere is made fit to be shown."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as some

from rackside.kit.plain import MAX_LABEL, MAX_MARKS, MAX_RUN, middle, plain


def test_markup_stays_as_it_is_written() -> None:
    assert plain("<img src=/etc/passwd>") == "<img src=/etc/passwd>"


def test_what_reorders_text_is_taken_out() -> None:
    assert plain("invoice\u202egnp.exe") == "invoicegnp.exe"


def test_what_cannot_be_seen_is_taken_out() -> None:
    assert plain("a\x00b\x1bc\u200bd\ufeffe") == "abcde"


def test_a_run_is_clipped_in_its_middle() -> None:
    shown = plain("x" * 10_000)
    assert len(shown) == MAX_RUN
    assert "…" in shown


def test_zalgo_loses_most_of_its_marks() -> None:
    assert plain("a" + "\u0301" * 50) == "a" + "\u0301" * MAX_MARKS


@given(some.text(max_size=400))
def test_whatever_comes_in_is_short_tame_and_stable(text: str) -> None:
    shown = plain(text)
    assert len(shown) <= MAX_LABEL
    assert all(len(run) <= MAX_RUN for run in shown.split())
    assert not any(
        unicodedata.bidirectional(each) in {"LRO", "RLO", "LRE", "RLE", "PDF", "LRI", "RLI"} for each in shown
    )
    assert plain(shown) == shown


@given(some.text(), some.integers(3, 50))
def test_an_elided_text_keeps_both_ends(text: str, length: int) -> None:
    shown = middle(text, length)
    assert len(shown) <= max(length, len(text) if len(text) <= length else 0)
    assert shown[:1] == text[:1]
    assert shown[-1:] == text[-1:]
