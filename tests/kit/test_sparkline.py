"""A sparkline that scrolls ends in the same picture as one drawn at once; charts say where the machine was off."""

import math

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage, QPainter

from rackside.kit import theme
from rackside.kit.chart import HistoryChart, Point, nice_top
from rackside.kit.sparkline import PEN_PX, Trace

BOX = QRect(0, 0, 120, 24)


def picture(trace: Trace, scale: float = 1.0) -> QImage:
    image = QImage(BOX.size() * scale, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(scale)
    image.fill(Qt.GlobalColor.black)
    painter = QPainter(image)
    trace.draw(painter, BOX, scale)
    painter.end()
    return image


def line_of(image: QImage) -> list[int]:
    """Return the brightest row of each column."""
    return [max(range(image.height()), key=lambda y: image.pixelColor(x, y).lightness()) for x in range(image.width())]


@pytest.mark.usefixtures("qt_app")
class TestTrace:
    @pytest.mark.parametrize("scale", [1.0, 2.0])
    def test_scrolling_draws_what_drawing_whole_draws(self, scale: float) -> None:
        values = [50 + 40 * math.sin(i / 7) for i in range(150)]
        scrolled, whole = Trace(top=100), Trace(top=100)
        for value in values:
            scrolled.extend([value])
            picture(scrolled, scale)
        whole.set(values)
        pairs = zip(line_of(picture(scrolled, scale)), line_of(picture(whole, scale)), strict=True)
        assert max(abs(one - other) for one, other in pairs) <= scale

    def test_a_value_that_is_no_number_is_drawn_as_nothing(self) -> None:
        trace = Trace()
        trace.extend([1.0, math.nan, math.inf, -1.0])
        picture(trace)

    def test_one_value_is_no_line_yet(self) -> None:
        trace = Trace()
        trace.extend([5.0])
        assert picture(trace) == picture(Trace())

    def test_it_is_drawn_anew_in_another_theme(self) -> None:
        trace = Trace(top=10)
        trace.extend([5.0] * 100)
        dark = picture(trace)
        theme.apply("light")
        assert picture(trace) != dark

    def test_its_line_stays_on_the_fast_path(self) -> None:
        assert PEN_PX <= 1.0


@pytest.mark.parametrize(("value", "top"), [(0, 1), (0.3, 0.4), (1, 1), (1.1, 2), (37, 40), (92, 100), (math.nan, 1)])
def test_a_scale_ends_in_a_round_number(value: float, top: float) -> None:
    assert nice_top(value) == pytest.approx(top)


@pytest.mark.usefixtures("qt_app")
class TestChart:
    def test_a_gap_is_no_line(self) -> None:
        chart = HistoryChart()
        points = [Point(at, 1, 2, 3) for at in [*range(0, 600, 60), *range(1_800, 3_600, 60)]]
        chart.show_points(points, "hour", 3_600)
        assert [len(run) for run in chart._runs()] == [10, 30]
        chart.grab()

    def test_no_points_are_drawn_as_an_empty_axis(self) -> None:
        chart = HistoryChart()
        chart.show_points([], "year", 0)
        chart.grab()

    def test_a_screen_reader_hears_the_range(self) -> None:
        chart = HistoryChart("{:.0f} %".format)
        chart.show_points([Point(0, 10, 20, 30), Point(60, 5, 6, 7)], "day", 60)
        assert chart.accessibleName() == "Last day: between 5 % and 30 %"
