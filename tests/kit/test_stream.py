"""A list of any length costs what is seen of it."""

from time import process_time

import pytest
from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QListView, QScrollArea

from rackside.kit.stream import KEPT_PAGES, MAX_ROWS, PAGE_ROWS, ROW_PX, ListSource, Row, Stream, title_lines

MANY = 100_000


class Counted:
    """Rows made when asked for; counts how many were."""

    def __init__(self, count: int) -> None:
        self._count, self.read = count, 0

    def count(self) -> int:
        return self._count

    def rows(self, offset: int, limit: int) -> list[Row]:
        self.read += limit
        return [Row(f"thread:{i}", f"Thread {i}", "meta", str(i), "votes") for i in range(offset, offset + limit)]


def in_a_window(stream: Stream) -> QScrollArea:
    area = QScrollArea(widgetResizable=True)
    area.setWidget(stream)
    area.resize(380, 700)
    area.show()
    QApplication.processEvents()
    return area


@pytest.mark.usefixtures("qt_app")
class TestReading:
    def test_only_what_is_seen_is_read(self) -> None:
        source = Counted(MANY)
        stream = Stream("Questions")
        stream.show_source(source)
        area = in_a_window(stream)
        assert stream.count() == MANY
        assert source.read <= 2 * PAGE_ROWS
        area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())
        area.grab()
        assert source.read <= 4 * PAGE_ROWS

    def test_only_some_pages_are_kept(self) -> None:
        stream = Stream("Questions")
        stream.show_source(Counted(MANY))
        for page in range(40):
            stream.go(page * PAGE_ROWS)
        assert len(stream._pages) <= KEPT_PAGES

    def test_more_rows_than_a_widget_can_be_tall_are_cut(self) -> None:
        stream = Stream("Questions")
        stream.show_source(Counted(10_000_000))
        assert stream.count() == MAX_ROWS
        assert stream.height() == MAX_ROWS * ROW_PX

    def test_a_page_that_came_back_short_is_no_error(self) -> None:
        stream = Stream("Questions")
        stream.show_source(ListSource([Row("thread:1", "One")]))
        stream._count = 5
        stream.setFixedHeight(5 * ROW_PX)
        in_a_window(stream).grab()

    def test_the_current_row_is_kept_when_a_new_one_comes_before_it(self) -> None:
        rows = [Row(f"thread:{i}", f"Thread {i}") for i in range(20)]
        stream = Stream("Questions")
        stream.show_source(ListSource(rows))
        stream.go(7)
        stream.show_source(ListSource([Row("thread:new", "New"), *rows]))
        current = stream.current()
        assert current is not None
        assert current.link == "thread:7"


@pytest.mark.usefixtures("qt_app")
class TestSpeed:
    def test_its_first_view_costs_a_quarter_of_a_list_view(self) -> None:
        def ours() -> float:
            start_s = process_time()
            stream = Stream("Questions")
            stream.show_source(Counted(MANY))
            in_a_window(stream).grab()
            return process_time() - start_s

        def theirs() -> float:
            start_s = process_time()
            view = QListView(uniformItemSizes=True)
            view.setModel(Model(view))
            view.resize(380, 700)
            view.show()
            QApplication.processEvents()
            view.grab()
            return process_time() - start_s

        ours(), theirs()
        assert min(ours() for _ in range(3)) <= 0.25 * min(theirs() for _ in range(3))


class Model(QAbstractListModel):
    def rowCount(self, _parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008, N802
        return MANY

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = 0) -> object:
        return f"Thread {index.row()}" if role == Qt.ItemDataRole.DisplayRole else None


@pytest.mark.usefixtures("qt_app")
class TestKeys:
    @pytest.fixture
    def stream(self) -> Stream:
        stream = Stream("Questions")
        stream.show_source(Counted(500))
        self.area = in_a_window(stream)
        stream.setFocus()
        return stream

    @pytest.mark.parametrize(
        ("keys", "link"),
        [
            ([Qt.Key.Key_J, Qt.Key.Key_J], "thread:2"),
            ([Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_K], "thread:0"),
            ([Qt.Key.Key_End], "thread:499"),
            ([Qt.Key.Key_End, Qt.Key.Key_J], "thread:499"),
            ([Qt.Key.Key_End, Qt.Key.Key_Home], "thread:0"),
        ],
    )
    def test_keys_move_and_enter_opens(self, stream: Stream, keys: list[Qt.Key], link: str) -> None:
        opened: list[str] = []
        stream.opened.connect(opened.append)
        stream.go(0)
        for key in [*keys, Qt.Key.Key_Return]:
            QTest.keyClick(stream, key)
        assert opened == [link]

    def test_the_current_row_is_in_view(self, stream: Stream) -> None:
        QTest.keyClick(stream, Qt.Key.Key_End)
        top = stream.mapTo(self.area.viewport(), QPoint(0, 499 * ROW_PX)).y()
        assert 0 <= top <= self.area.viewport().height() - ROW_PX

    def test_a_click_opens_the_row_under_it(self, stream: Stream) -> None:
        opened: list[str] = []
        stream.opened.connect(opened.append)
        QTest.mouseClick(stream, Qt.MouseButton.LeftButton, pos=QPoint(50, 3 * ROW_PX + 10))
        assert opened == ["thread:3"]

    def test_a_screen_reader_hears_the_row(self, stream: Stream) -> None:
        stream.go(4)
        assert "Thread 4" in stream.accessibleName()
        assert "row 5 of 500" in stream.accessibleName()


@pytest.mark.usefixtures("qt_app")
class TestTitles:
    def test_a_title_has_at_most_two_lines_and_keeps_its_end(self) -> None:
        lines = title_lines("Windows Server 2025 Kerberos breaks after KDC hardening " * 5 + "end", 250)
        assert len(lines) == 2
        assert lines[1].endswith("end")

    def test_a_long_word_is_elided(self) -> None:
        lines = title_lines("x" * 300 + " y", 250)
        assert "…" in lines[0]

    def test_nothing_is_nothing(self) -> None:
        assert title_lines("", 250) == ()

    def test_a_line_that_fits_is_whole(self) -> None:
        for width in range(120, 400):
            lines = title_lines("Keep one list of hosts on my desktop and my laptop", width)
            assert "…" not in lines[0]
