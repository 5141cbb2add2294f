"""The window: a strip with the sidebar or the rail, the reading pane beside it, and where all that is on the screen."""

# ruff: noqa: PLC0415 - pane and rail are not seen at the first paint and cost 20 ms: they are made when asked for

from collections.abc import Callable, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QHideEvent, QIcon, QKeySequence, QPaintEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QMenu, QToolButton, QWidget

from rackside import window_placement as placement
from rackside.kit import dock, icons, signals
from rackside.kit.cards import row
from rackside.kit.panel import Panel
from rackside.kit.slices import Context, Slice, View
from rackside.kit.text import tooltip
from rackside.window_placement import LEAST_PX, MOST_PX, PANE_PX, RAIL_PX, Box, Edge, Placement
from rackside.window_sidebar import Grip, Sidebar

if TYPE_CHECKING:
    from rackside.kit.pane import ReadingPane
    from rackside.kit.rail import Rail

LOGO_PX: Final = 26
MOST_TABS: Final = 9


class Routes:
    """Which view shows which links."""

    def __init__(self, views: Sequence[View], context: Context) -> None:
        self._views = {view.scheme: view for view in views}
        self._context = context

    def build(self, link: str) -> Panel | None:
        """Make the panel for `scheme:argument`; a link that nobody shows says so kindly."""
        scheme, _, argument = link.partition(":")
        view = self._views.get(scheme)
        if view is None:
            from rackside.kit.pane import NotHere

            return NotHere("This version of Rackside cannot show that yet.")
        return view.build(self._context, argument)


class Window(QWidget):
    """The whole. `watched` says whether anybody can see live figures; `sync_asked` that the person wants news now.

    `first_painted` comes once, when there is something to see. A window that `can_hide` closes into the tray.
    """

    watched = Signal(bool)
    sync_asked = Signal()
    quit_asked = Signal()
    first_painted = Signal()
    moved_to = Signal(bool, str)

    def __init__(self, slices: Sequence[Slice], context: Context, remembered: Placement) -> None:
        super().__init__()
        self.setWindowTitle("Rackside")
        self.setObjectName("window")
        self._context, self._placed = context, remembered
        self.can_hide = False
        self._reserved = 0
        self._frame: Box | None = None
        self._leaving = self._painted = False
        self._views = [view for each in slices for view in each.views]
        self.sidebar = Sidebar(slices, context, self._logo())
        self._strip = QWidget()
        self._strip.setLayout(row(self.sidebar, gap=0))
        self._grip = Grip()
        self._grip.moved.connect(self._dragged)
        self._row = row(self._grip, self._strip, gap=0)
        self.setLayout(self._row)
        self._bind_keys()
        self.sidebar.tabs.choose(min(remembered.tab, max(0, self.sidebar.tabs.count() - 1)))
        self.sidebar.tabs.chosen.connect(self._tab_chosen)
        signals.changed.connect(self._changed)
        self.place()

    # --- what is shown

    @cached_property
    def pane(self) -> "ReadingPane":
        """The reading pane, made when it is first asked for."""
        from rackside.kit.pane import ReadingPane
        from rackside.window_keys import KeySheet

        pane = ReadingPane(Routes([View("keys", KeySheet), *self._views], self._context), self)
        pane.hide()
        pane.closed.connect(self._pane_closed)
        self._row.insertWidget(0, pane, 1)
        return pane

    @cached_property
    def rail(self) -> "Rail":
        """The rail, made when it is first asked for."""
        from rackside.kit.rail import Rail

        rail = Rail(self._strip)
        rail.hide()
        rail.expand.connect(lambda: self.collapse(on=False))
        rail.add("alert", "No open alerts", lambda: self.collapse(on=False))
        rail.add("search", "Search, or ask (Ctrl K)", self.ask)
        rail.add("settings", "Settings", lambda: self.open_link("settings:"))
        layout = self._strip.layout()
        assert layout is not None
        layout.addWidget(rail)
        return rail

    def _reading(self) -> bool:
        """Say whether the reading pane is open, without making it."""
        return "pane" in vars(self) and not self.pane.isHidden()

    def open_link(self, link: str) -> None:
        """Show a link in the reading pane."""
        if self.pane.open(link) and self.pane.isHidden():
            self.pane.show()
            self.place()

    def collapse(self, *, on: bool) -> None:
        """Collapse the sidebar to the rail, or open it again."""
        self._placed.collapsed = on
        if on and self._reading():
            self.pane.close_pane()
        self.place()
        self._tell_watched()

    def raise_up(self) -> None:
        """Come to the front, from the tray or behind."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def ask(self) -> None:
        """Put the keyboard into the box to ask or search."""
        if self._placed.collapsed:
            self.collapse(on=False)
        self.sidebar.ask.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.sidebar.ask.edit.selectAll()

    def leave(self) -> None:
        """End the program."""
        self._leaving = True
        self.close()
        self.quit_asked.emit()

    # --- where it is

    def docked(self) -> bool:
        """Say whether the window reserves a screen's edge."""
        return self._placed.docked and dock.can_dock()

    def put(self, *, docked: bool, edge: Edge) -> None:
        """Dock at an edge, or become a plain window."""
        if (docked, edge) == (self._placed.docked, self._placed.edge):
            return
        self._placed.docked, self._placed.edge = docked, edge
        shown = self.isVisible()
        self.hide()
        self.place()
        self.setVisible(shown)
        self.moved_to.emit(docked, edge)

    def put_plain(self, height: int) -> None:
        """Become a plain window of a height, for a picture; nothing of it is remembered."""
        self._placed = Placement(docked=False, width=self._placed.width, height=height, x=0, y=0)
        self._frame = Box(0, 0, PANE_PX + 2 * MOST_PX, height)
        self.place()

    def place(self) -> None:
        """Lay pane, grip and strip out, and move the window to where they belong."""
        collapsed = self._placed.collapsed
        strip = RAIL_PX if collapsed else self._placed.width
        if collapsed or "rail" in vars(self):
            self.rail.setVisible(collapsed)
        self.sidebar.setVisible(not collapsed)
        self._grip.setVisible(not collapsed)
        grip = 0 if collapsed else self._grip.width()
        self._strip.setFixedWidth(strip)
        width = strip + grip + (PANE_PX if self._reading() else 0)
        if self.docked():
            self._place_docked(width, strip + grip)
        else:
            self._place_plain(width, strip + grip)

    def _place_docked(self, width: int, strip: int) -> None:
        self.setAttribute(Qt.WidgetAttribute.WA_X11NetWmWindowTypeDock)
        self.setWindowFlag(Qt.WindowType.FramelessWindowHint)
        screen, usable = _box(self.screen().geometry()), _box(self.screen().availableGeometry())
        self._face(self._placed.edge)
        box = placement.docked_box(screen, usable, self._placed.edge, min(width, screen.width))
        self._fix(box)
        self._reserve(strip)

    def _place_plain(self, width: int, strip: int) -> None:
        self.setAttribute(Qt.WidgetAttribute.WA_X11NetWmWindowTypeDock, on=False)
        if self.windowFlags() & Qt.WindowType.FramelessWindowHint:
            self.setWindowFlag(Qt.WindowType.FramelessWindowHint, on=False)
        self._reserve(0)
        usable = self._frame or _box(self.screen().availableGeometry())
        side = placement.side_of(
            usable, self._placed.x if self._placed.x is not None and not self._frame else usable.width, strip
        )
        self._face(side)
        box = placement.window_box(usable, self._placed, side, strip, width)
        self._fix(box)
        self.setMinimumHeight(360)
        self.setMaximumHeight(16_777_215)

    def _fix(self, box: Box) -> None:
        self.setMinimumSize(box.width, box.height)
        self.setMaximumSize(box.width, box.height)
        self.setGeometry(*box)

    def _face(self, side: Edge) -> None:
        towards = QBoxLayout.Direction.LeftToRight if side == "right" else QBoxLayout.Direction.RightToLeft
        self._row.setDirection(towards)

    def _reserve(self, strip: int) -> None:
        if self.isVisible() and strip != self._reserved:
            self._reserved = strip
            dock.reserve(self, self._placed.edge, strip)

    def _dragged(self, by: int) -> None:
        inner = self._row.direction() == QBoxLayout.Direction.LeftToRight
        wanted = self._placed.width + (-by if inner else by)
        self._placed.width = max(LEAST_PX, min(wanted, MOST_PX))
        self.place()

    def _remember(self) -> None:
        if not self.docked():
            at = self.geometry()
            strip = self._strip.width() + self._grip.width()
            inner = self._row.direction() == QBoxLayout.Direction.LeftToRight
            self._placed.x = at.right() + 1 - strip if inner else at.x()
            self._placed.y, self._placed.height = at.y(), max(200, at.height())
        placement.save(self._context.home, self._placed)

    # --- events

    def showEvent(self, event: QShowEvent) -> None:
        """Reserve the edge once there is a window to reserve it for."""
        super().showEvent(event)
        QTimer.singleShot(0, self, self.place)
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._tell_watched()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tell once that there is something to see."""
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self, self._after_first_paint)

    def _after_first_paint(self) -> None:
        self.first_painted.emit()
        self.setWindowIcon(icons.app_icon())

    def hideEvent(self, event: QHideEvent) -> None:
        """Tell that nobody sees live figures."""
        super().hideEvent(event)
        self._reserved = 0
        self._tell_watched()

    def changeEvent(self, event: QEvent) -> None:
        """Tell whether it is minimised."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange:
            self._tell_watched()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Hide into the tray where there is one; otherwise end."""
        self._remember()
        if self.can_hide and not self._leaving:
            event.ignore()
            self.hide()
        else:
            event.accept()
            if not self._leaving:
                self.quit_asked.emit()

    def _tell_watched(self) -> None:
        self.watched.emit(self.isVisible() and not self.isMinimized() and not self._placed.collapsed)

    def _pane_closed(self) -> None:
        self.pane.hide()
        self.place()

    def _tab_chosen(self, index: int) -> None:
        self._placed.tab = index

    def _changed(self, topics: frozenset[str]) -> None:
        if "theme" in topics and "rail" in vars(self):
            self.rail.redraw()

    # --- controls

    def _logo(self) -> QToolButton:
        logo = QToolButton()
        logo.setProperty("kind", "quiet")
        logo.setIcon(QIcon(icons.pixmap("rackside", "#000000", LOGO_PX)))
        logo.setIconSize(QSize(LOGO_PX, LOGO_PX))
        logo.setFixedSize(36, 36)
        logo.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        logo.setAccessibleName("Rackside menu")
        tooltip(logo, "Menu")
        menu = QMenu(logo)
        menu.aboutToShow.connect(lambda: self._fill_menu(menu))
        logo.setMenu(menu)
        return logo

    def _fill_menu(self, menu: QMenu) -> None:
        menu.clear()
        menu.addAction("Settings", lambda: self.open_link("settings:"))
        menu.addAction("Keyboard", lambda: self.open_link("keys:"))
        menu.addAction("Sync now", self.sync_asked.emit)
        menu.addSeparator()
        menu.addAction("Collapse to the rail", lambda: self.collapse(on=True))
        if dock.can_dock():
            menu.addAction("Dock at the right edge", lambda: self.put(docked=True, edge="right"))
            menu.addAction("Dock at the left edge", lambda: self.put(docked=True, edge="left"))
            menu.addAction("Plain window", lambda: self.put(docked=False, edge=self._placed.edge))
        menu.addSeparator()
        menu.addAction("Quit", self.leave)

    def _bind_keys(self) -> None:
        keys: dict[str, Callable[[], object]] = {
            "Ctrl+K": self.ask,
            "Ctrl+N": lambda: self.open_link("ask:"),
            "Ctrl+B": lambda: self.collapse(on=not self._placed.collapsed),
            "Ctrl+,": lambda: self.open_link("settings:"),
            "Ctrl+R": self.sync_asked.emit,
            "Ctrl+Q": self.leave,
            "Escape": self._escape,
            "?": self._help,
        }
        for number in range(min(MOST_TABS, self.sidebar.tabs.count())):
            keys[f"Ctrl+{number + 1}"] = partial(self.sidebar.tabs.choose, number)
        for key, act in keys.items():
            QShortcut(QKeySequence(key), self, act)

    def _escape(self) -> None:
        if self._reading():
            self.pane.close_pane()

    def _help(self) -> None:
        self.open_link("keys:")


def _box(rectangle: QRect) -> Box:
    return Box(rectangle.x(), rectangle.y(), rectangle.width(), rectangle.height())
