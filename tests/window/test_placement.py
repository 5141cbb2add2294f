"""Where the window is."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from rackside.window_placement import FILE, Box, Placement, docked_box, load, save, side_of, window_box

SCREEN = Box(0, 0, 1920, 1080)
USABLE = Box(0, 32, 1920, 1048)
SECOND = Box(1920, 0, 1280, 1024)


def test_what_is_saved_is_remembered(tmp_path: Path) -> None:
    save(tmp_path, Placement(edge="left", width=420, collapsed=True, x=10))
    assert load(tmp_path) == Placement(edge="left", width=420, collapsed=True, x=10)


@pytest.mark.parametrize("content", [b"", b"{", b'{"width": 9999}', b'{"edge": "top"}', b"[]"])
def test_what_cannot_be_read_is_the_usual_place(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    assert load(tmp_path) == Placement()


def test_docked_it_stands_at_the_edge_between_the_other_panels() -> None:
    assert docked_box(SCREEN, USABLE, "right", 380) == Box(1540, 32, 380, 1048)
    assert docked_box(SECOND, SECOND, "left", 380) == Box(1920, 0, 380, 1024)


def test_a_pane_opens_towards_the_middle() -> None:
    at_the_right = Placement(x=1500, y=100, height=900)
    assert window_box(USABLE, at_the_right, "right", 380, 1040) == Box(840, 100, 1040, 900)
    at_the_left = Placement(x=20, y=100, height=900)
    assert window_box(USABLE, at_the_left, "left", 380, 1040) == Box(20, 100, 1040, 900)


def test_the_side_is_the_half_it_stands_in() -> None:
    assert side_of(USABLE, 1500, 380) == "right"
    assert side_of(USABLE, 20, 380) == "left"


@given(
    some.builds(Placement, x=some.none() | some.integers(-9999, 9999), y=some.none() | some.integers(-9999, 9999)),
    some.sampled_from(["left", "right"]),
    some.integers(44, 520),
    some.integers(0, 660),
)
def test_it_is_always_on_the_screen(placed: Placement, side: str, strip: int, pane: int) -> None:
    box = window_box(USABLE, placed, side, strip, strip + pane)  # type: ignore[arg-type]
    assert USABLE.x <= box.x
    assert box.x + box.width <= USABLE.x + USABLE.width
    assert USABLE.y <= box.y
    assert box.y + box.height <= USABLE.y + USABLE.height
