"""A panel: what shows documents, readings and alerts to a person."""

from typing import ClassVar

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from rackside.kit import signals


class Panel(QWidget):
    """A widget that is told when what it shows has changed.

    `refresh` is called once when the panel is first shown, with all of `TOPICS`; after that at most once per turn of
    the event loop with the topics that changed, and never while hidden: those are kept until it is shown again.
    """

    TOPICS: ClassVar[frozenset[str]] = frozenset()
    retitled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.__stale: frozenset[str] = frozenset(self.TOPICS) or frozenset({"first"})
        self.__soon = QTimer(self, singleShot=True, interval=0)
        self.__soon.timeout.connect(self._refresh_stale)
        signals.changed.connect(self._topics_changed)

    def refresh(self, topics: frozenset[str]) -> None:
        """Show what the store holds now; `topics` are those that changed since the last time."""

    def title(self) -> str:
        """Return what stands above the panel in the reading pane; emit `retitled` when it becomes another."""
        return ""

    def take(self, argument: str) -> bool:
        """Show another thing of the same scheme in place, such as a search as it is typed; False to be built anew."""
        del argument
        return False

    def actions_shown(self) -> list[QWidget]:
        """Return the buttons that stand in the reading pane's header while this panel is shown; asked once."""
        return []

    def foot(self) -> QWidget | None:
        """Return what stays below the panel while it scrolls, such as a composer; asked once."""
        return None

    def showEvent(self, event: QShowEvent) -> None:
        """Refresh before the first paint, so that nothing stale is ever seen."""
        super().showEvent(event)
        self._refresh_stale()

    @Slot(object)
    def _topics_changed(self, topics: frozenset[str]) -> None:
        concern = topics & self.TOPICS
        if concern:
            self.__stale |= concern
            if self.isVisible():
                self.__soon.start()

    @Slot()
    def _refresh_stale(self) -> None:
        self.__soon.stop()
        stale, self.__stale = self.__stale, frozenset()
        if stale:
            self.refresh(stale)
