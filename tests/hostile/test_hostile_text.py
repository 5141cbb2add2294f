"""Every string from the server and from this machine is markup that names a canary: nothing opens it, on any view."""

import base64
import re
import socket
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from msgspec import inspect
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLabel, QTextBrowser, QTextEdit, QToolTip, QWidget
from shiboken6 import isValid

from rackside.app import Desktop
from rackside.kit import slices, text
from rackside.kit.rich import SafeBrowser
from rackside.store import Store, local, mirror
from rackside.watch.loop import Watch
from rackside.watch.model import Alert, Process, Reading, Snapshot
from rackside_protocol.answers import packed_answer_id
from rackside_protocol.documents import Document
from rackside_protocol.ids import derived_id
from rackside_protocol.registry import DOCUMENTS, encode, read_document
from rackside_protocol.sync import ChannelPage, Row
from tests.kernel.canary import Canary

Until = Callable[[Callable[[], object]], None]
ME = derived_id("me")
PACKED = derived_id("hostile", "packed thread")
"""A thread of which the answer pack alone is here."""
IDS = {kind: derived_id("hostile", kind) for kind in DOCUMENTS} | {"packed_answer": packed_answer_id(PACKED)}
ANY_ID = IDS["thread"]
REFERENCES = {
    "thread": IDS["thread"],
    "idea": IDS["idea"],
    "item": IDS["thread"],
    "author": IDS["member"],
    "accepted": IDS["post"],
    "duplicate_of": IDS["thread"],
}
FORMS = (
    '<img src="{bird}">',
    '<table background="{bird}"><tr><td style="background-image:url({bird})">x</table>',
    '<link rel="stylesheet" href="{bird}"><style>@import "{bird}"; li {{ list-style-image: url({bird}) }}</style>',
    '<object data="{bird}"></object><iframe src="file://{bird}"></iframe>',
    "![x]({bird}) ![y](file://{bird}) [z](file://{bird}) <file://{bird}> [j](javascript:alert(1))",
    '//127.0.0.1/share/x <img src="//127.0.0.1/share/x.png"> \\\\127.0.0.1\\share',
    "a\u0301\u0302\u0303\u0304\u0305\u0306 \u202egnp.x\u202c \0 " + "W" * 4_000,
)
QTS_OWN = {"qtooltip_label", "qt_msgboxex_icon_label"}
"""Labels that Qt makes: a tooltip's, whose text was converted from plain text, and a message box's picture."""
EVENTS = ("open", "socket.connect", "subprocess.Popen", "os.exec", "os.posix_spawn", "os.system")
_heard: list[tuple[str, str]] = []
_listening: list[bool] = []


def _hook(event: str, arguments: tuple[object, ...]) -> None:
    if _listening and event in EVENTS:
        _heard.append((event, repr(arguments)[:300]))


sys.addaudithook(_hook)


def a_document(kind: str, hostile: str) -> Document:
    """Return a document of a kind whose every free text is hostile."""
    fields = _fields(inspect.type_info(DOCUMENTS[kind]), hostile)  # type: ignore[arg-type]
    fields["id"] = ME if kind == "standing" else IDS[kind]
    if kind == "packed_answer":
        fields["thread"] |= {"id": PACKED}  # type: ignore[operator]
    return read_document(encode(fields))


def _fields(kind: inspect.StructType, hostile: str) -> dict[str, object]:
    fields: dict[str, object] = {"kind": kind.tag}
    for field in kind.fields:
        value = _value(field.type, hostile)
        fields[field.encode_name] = REFERENCES.get(field.name, value) if value is None or value == ANY_ID else value
    fields.pop("source", None)
    return fields


def _value(kind: inspect.Type, hostile: str) -> object:  # noqa: C901, PLR0911 - one line a type
    match kind:
        case inspect.StrType(pattern=str(pattern)):
            known = ("linux-servers", "2026-11-23", "public", ANY_ID)
            return next(each for each in known if re.search(pattern, each))
        case inspect.StrType():
            return hostile[: kind.max_length]
        case inspect.IntType():
            return int(time.time() * 1000)
        case inspect.FloatType():
            return 1.0
        case inspect.BytesType():
            return base64.b64encode(hostile.encode()).decode()
        case inspect.BoolType():
            return False
        case inspect.ListType(item_type=item):
            return [_value(item, hostile)]
        case inspect.StructType():
            return _fields(kind, hostile)
        case inspect.LiteralType(values=values):
            return values[0]
        case inspect.UnionType(types=types):
            return _value(types[0], hostile)
        case _:
            return None


@pytest.fixture(params=range(len(FORMS)), ids=("img", "table", "style", "object", "markdown", "unc", "unicode"))
def hostile(request: pytest.FixtureRequest, canary: Canary) -> str:
    return FORMS[request.param].replace("{bird}", str(canary.path)).replace("{{", "{").replace("}}", "}")


@pytest.fixture
def desktop(qt_app: QApplication, tmp_path: Path, hostile: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desktop]:
    """The whole window over a store and a machine that say nothing but hostile text."""
    documents = [a_document(kind, hostile) for kind in DOCUMENTS]
    alert = Alert(
        id=IDS["thread"],
        kind="disk.used",
        component=hostile,
        severity="warning",
        summary=hostile,
        signature=hostile,
        reading=f"disk.used {hostile}",
        value=1.0,
        raised_at_s=time.time(),
    )
    with Store.open(tmp_path) as store:
        rows = [
            Row(version=n, id=each.id, kind=each.kind, document=msgspec.Raw(encode(each)))
            for n, each in enumerate(documents, 1)
        ]
        mirror.apply_pages(
            store, [ChannelPage(channel="public", state="rows", epoch="e", rows=rows, next=99, tag=1)], []
        )
        local.put_alert(store, alert)
    monkeypatch.setattr(socket, "gethostname", lambda: hostile)
    slices._this_machine.cache_clear()
    made = Desktop(tmp_path, qt_app, live=False)
    made.settings.member, made.settings.handle, made.settings.server_url = ME, hostile, hostile
    readings = [Reading(metric, 95.0, "%", hostile, hostile) for metric in ("disk.used", "nic.down", "temperature")]
    made.watch = Watch(tmp_path, lambda: None, lambda _topics: None)
    made.watch._snapshot = Snapshot(
        time.time(), {each.key: each for each in readings}, {}, (Process(1, hostile, 9.0, 9),), (alert,)
    )
    made.window.show()
    made.window.sidebar.build_late()
    yield made
    made.watch = None
    made.close()
    slices._this_machine.cache_clear()


def links(hostile: str) -> list[str]:
    shown = [f"{kind}:{IDS[kind]}" for kind in ("thread", "idea", "member")]
    shown += [
        f"thread:{PACKED}",
        f"alert:{IDS['thread']}",
        f"answers:{IDS['thread']}",
        f"ask:alert:{IDS['thread']}",
        f"edit:{IDS['thread']}",
    ]
    shown += [
        f"reading:disk.used {hostile}",
        f"search:{hostile}",
        f"first:{hostile}",
        f"found:{hostile}",
        f"sponsor:{IDS['campaign']}",
    ]
    return [
        *shown,
        "welcome:",
        "settings:",
        "outbox:",
        "alerts:",
        "propose:",
        "profile:edit",
        "keys:",
        "outcomes:",
        "first:raid",
    ]


def assert_silent(root: QWidget, canary: Canary) -> None:
    for label in root.findChildren(QLabel):
        assert label.objectName() in QTS_OWN or label.textFormat() == Qt.TextFormat.PlainText, label.text()[:80]
    for browser in [*root.findChildren(QTextBrowser), *root.findChildren(QTextEdit)]:
        assert isinstance(browser, SafeBrowser)
    for widget in root.findChildren(QWidget):
        if tip := widget.toolTip():
            assert not re.search(r"<(img|object|iframe|link|style|table)\b", tip), tip[:120]
    assert not canary.sang()
    touched = [each for each in _heard if str(canary.path) in each[1] or each[0] != "open"]
    assert not touched


def test_no_view_opens_connects_or_starts_anything(
    desktop: Desktop, qt_app: QApplication, until: Until, canary: Canary, hostile: str
) -> None:
    from rackside.kit import background  # noqa: PLC0415 - beside its use

    canary.sang()
    _heard.clear()
    _listening.append(True)
    try:
        for index in range(desktop.window.sidebar.tabs.count()):
            desktop.window.sidebar.tabs.choose(index)
            until(background.idle)
            desktop.window.grab()
            assert_silent(desktop.window, canary)
        for link in links(hostile):
            desktop.window.open_link(link)
            until(background.idle)
            qt_app.processEvents()
            desktop.window.grab()
            assert_silent(desktop.window, canary)
            for widget in desktop.window.findChildren(QWidget)[:400]:
                if isValid(widget) and widget.toolTip():  # a tip that is shown lets a panel be drawn anew
                    QToolTip.showText(QPoint(5, 5), widget.toolTip(), widget)
                    qt_app.processEvents()
            QToolTip.hideText()
        box = text._box(desktop.window, hostile, hostile)
        box.show()
        qt_app.processEvents()
        box.grab()
        assert_silent(box, canary)
        box.close()
    finally:
        _listening.clear()


def test_the_detector_hears_a_stock_label(qt_app: QApplication, canary: Canary) -> None:
    label = QLabel(f'<img src="{canary.path}">')
    label.show()
    qt_app.processEvents()
    label.grab()
    assert canary.sang()
    label.close()


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_every_kind_of_document_is_made_hostile(kind: str) -> None:
    made = a_document(kind, "<img>")
    assert "<img>" in encode(made).decode() or kind in {"learned_words", "membership", "my_vote", "serving_key"}
