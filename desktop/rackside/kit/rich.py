"""The one browser for rich text: it shows `SafeHtml` only, loads nothing, and opens links after asking."""

from typing import Final

from PySide6.QtCore import QByteArray, QMimeData, QSize, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QImage, QResizeEvent, QTextDocument, QTextOption, QWheelEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextBrowser, QWidget

from rackside.kit import background, text, theme
from rackside.kit.markdown import SafeHtml, opens, shown_address, to_safe_html
from rackside.kit.plain import BREAK

EMPTY: Final = SafeHtml("")
_STYLE: Final = """
body, p, li {{ color: {ink}; line-height: 135%; }} p {{ margin-top: 0; margin-bottom: 8px; }}
a {{ color: {accent}; text-decoration: underline; }} blockquote {{ color: {dim}; margin-left: 12px; }}
code, pre {{ font-family: "{mono}"; font-size: 12px; letter-spacing: 0.01px; }}
pre {{ margin: 0; white-space: pre-wrap; line-height: 120%; }} table {{ margin-top: 4px; margin-bottom: 12px; }}
h1, h2, h3, h4, h5, h6 {{ font-size: 14px; font-weight: 600; margin-top: 8px; margin-bottom: 4px; }}
ul, ol {{ margin-top: 0; margin-bottom: 8px; -qt-list-indent: 1; }}
"""


class SafeBrowser(QTextBrowser):
    """Shows posts. Grows with its content when `grows`, so that one browser can hold a whole thread's text.

    Emits `link_activated` for the program's own links (`thread:…`); asks before opening one on the web.
    """

    link_activated = Signal(str)

    def __init__(self, parent: QWidget | None = None, *, grows: bool = True) -> None:
        super().__init__(parent)
        self._grows = grows
        self._source: str | None = None
        self.setProperty("safe", True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.setUndoRedoEnabled(False)
        self.setFont(theme.font("body"))
        self.document().setDocumentMargin(0)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.viewport().setAutoFillBackground(False)
        self.anchorClicked.connect(self._follow)
        if grows:
            self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_html(self, safe: SafeHtml) -> None:
        """Show what `to_safe_html` made."""
        palette = theme.palette()
        self.document().setDefaultStyleSheet(
            _STYLE.format(
                ink=palette.ink, dim=palette.readable("dim"), accent=palette.readable("accent"), mono=theme.MONO
            )
        )
        super().setHtml(safe.html)
        self._fit()

    def show_markdown(self, source: str) -> None:
        """Turn Markdown source into HTML on a worker, then show it; the last source asked for wins."""
        self._source = source
        palette = theme.palette()

        def show(safe: SafeHtml) -> None:
            if self._source is source:
                self.show_html(safe)

        background.run(lambda: to_safe_html(source, palette), _bound(self, show))

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        """Load nothing: an image of one px or no bytes. Returning None would let Qt open the file itself."""
        del name
        if kind == QTextDocument.ResourceType.ImageResource.value:
            return QImage(1, 1, QImage.Format.Format_ARGB32)
        return QByteArray(b" ")

    def setSource(self, *_args: object) -> None:
        """Go nowhere: a browser would display a local file."""

    def createMimeDataFromSelection(self) -> QMimeData:
        """Copy plain text, without the breaks that we put into long words."""
        data = QMimeData()
        data.setText(self.textCursor().selection().toPlainText().replace(BREAK, ""))
        return data

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Grow to the height of the text at this width."""
        super().resizeEvent(event)
        self._fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page around a browser that grows."""
        if self._grows:
            event.ignore()
        else:
            super().wheelEvent(event)

    def sizeHint(self) -> QSize:
        """Ask for the height of the text."""
        hint = super().sizeHint()
        return QSize(hint.width(), int(self.document().size().height()) + 2) if self._grows else hint

    def _fit(self) -> None:
        if self._grows:
            self.document().setTextWidth(self.viewport().width())
            height = int(self.document().size().height()) + 2
            if height != self.height():
                self.setFixedHeight(height)

    def _follow(self, url: QUrl) -> None:
        open_on_the_web(self, url.toString(QUrl.ComponentFormattingOption.FullyEncoded))


def open_on_the_web(parent: QWidget | None, address: str) -> None:
    """Open a web or mail address after the person has seen, in punycode, where it goes."""
    if not opens(address):
        text.tell(parent, "Link not opened", "Rackside opens https, http and mail links only.")
        return
    shown = shown_address(address)
    if text.confirm(parent, "Open link", f"Open this address outside of Rackside?\n\n{shown}", yes="Open"):
        QDesktopServices.openUrl(QUrl(shown, QUrl.ParsingMode.StrictMode))


class _Bound:
    """A callable that says whose it is, so that the background leaves out what is gone."""

    def __init__(self, owner: QWidget, call: object) -> None:
        self.__self__, self._call = owner, call

    def __call__(self, value: SafeHtml) -> None:
        assert callable(self._call)
        self._call(value)


_bound = _Bound
