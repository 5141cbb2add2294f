"""The colours read."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as some

from rackside.kit.palette import DARK, LIGHT, TEXT_CONTRAST, Palette, Tone, contrast, mix

COLOURS = some.integers(0, 0xFFFFFF).map("#{:06x}".format)
TEXT_TONES = [tone for tone in get_args(Tone) if tone != "faint"]


@pytest.mark.parametrize("palette", [DARK, LIGHT], ids=lambda palette: palette.name)
class TestText:
    @pytest.mark.parametrize("tone", TEXT_TONES)
    def test_every_tone_reads_on_every_ground(self, palette: Palette, tone: Tone) -> None:
        for ground in (palette.background, palette.panel, palette.raised):
            assert contrast(palette.readable(tone), ground) >= TEXT_CONTRAST

    @pytest.mark.parametrize("tone", TEXT_TONES)
    def test_a_badge_reads_on_its_own_wash(self, palette: Palette, tone: Tone) -> None:
        assert contrast(palette.badge_text(tone), palette.wash(tone)) >= TEXT_CONTRAST

    def test_the_label_of_the_primary_button_reads(self, palette: Palette) -> None:
        assert contrast(palette.on_accent, palette.fill) >= TEXT_CONTRAST

    def test_a_selection_reads(self, palette: Palette) -> None:
        assert contrast(palette.ink, palette.wash("accent")) >= TEXT_CONTRAST


def test_black_on_white_is_twenty_one() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@given(COLOURS, COLOURS)
def test_contrast_does_not_mind_the_order(one: str, other: str) -> None:
    assert contrast(one, other) == contrast(other, one) >= 1


@given(COLOURS, COLOURS)
def test_a_mixture_ends_where_it_should(one: str, other: str) -> None:
    assert (mix(one, other, 0), mix(one, other, 1)) == (one, other)
