"""A strip at a screen's edge that other windows leave free: EWMH struts on X11; nowhere else is there a way.

Extended Window Manager Hints 1.5, `_NET_WM_STRUT_PARTIAL`: twelve cardinals in device px of the whole X screen.
"""

import ctypes
from functools import cache
from typing import Final, Literal, TypeAlias

from PySide6.QtGui import QGuiApplication, QNativeInterface
from PySide6.QtWidgets import QWidget

Edge: TypeAlias = Literal["left", "right"]
_REPLACE: Final = 0
_CARDINAL: Final = 6
_CARDINAL_BITS: Final = 32
_PARTIAL: Final = b"_NET_WM_STRUT_PARTIAL"
_STRUT: Final = b"_NET_WM_STRUT"


def can_dock() -> bool:
    """Say whether this desktop lets a window reserve a screen's edge."""
    return QGuiApplication.platformName() == "xcb" and _xcb() is not None


def reserve(window: QWidget, edge: Edge, width_px: int) -> None:
    """Reserve the strip that a shown window covers at an edge; 0 px gives it back."""
    xcb = _xcb()
    native = QGuiApplication.instance()
    assert isinstance(native, QGuiApplication)
    x11 = native.nativeInterface()
    if xcb is None or not isinstance(x11, QNativeInterface.QX11Application):
        return
    screen = window.screen()
    scale = screen.devicePixelRatio()
    whole = screen.virtualGeometry()
    own = screen.geometry()
    gap = own.left() - whole.left() if edge == "left" else whole.right() - own.right()
    depth = round((width_px + gap) * scale) if width_px else 0
    top, bottom = round(own.top() * scale), round((own.top() + own.height()) * scale) - 1
    values = [0] * 12
    side = 0 if edge == "left" else 1
    values[side] = depth
    values[4 + 2 * side], values[5 + 2 * side] = (top, bottom) if depth else (0, 0)
    connection = ctypes.c_void_p(x11.connection())
    _set_cardinals(xcb, connection, int(window.winId()), _PARTIAL, values)
    _set_cardinals(xcb, connection, int(window.winId()), _STRUT, values[:4])
    xcb.xcb_flush(connection)


class _AtomReply(ctypes.Structure):
    _fields_ = (
        ("response_type", ctypes.c_uint8),
        ("pad0", ctypes.c_uint8),
        ("sequence", ctypes.c_uint16),
        ("length", ctypes.c_uint32),
        ("atom", ctypes.c_uint32),
    )


@cache
def _xcb() -> ctypes.CDLL | None:
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return None
    xcb.xcb_intern_atom.restype = ctypes.c_uint32
    xcb.xcb_intern_atom.argtypes = [ctypes.c_void_p, ctypes.c_uint8, ctypes.c_uint16, ctypes.c_char_p]
    xcb.xcb_intern_atom_reply.restype = ctypes.POINTER(_AtomReply)
    xcb.xcb_intern_atom_reply.argtypes = [ctypes.c_void_p, ctypes.c_uint32, ctypes.c_void_p]
    xcb.xcb_change_property.argtypes = [
        ctypes.c_void_p,
        ctypes.c_uint8,
        ctypes.c_uint32,
        ctypes.c_uint32,
        ctypes.c_uint32,
        ctypes.c_uint8,
        ctypes.c_uint32,
        ctypes.c_void_p,
    ]
    xcb.xcb_flush.argtypes = [ctypes.c_void_p]
    return xcb


def _set_cardinals(xcb: ctypes.CDLL, connection: ctypes.c_void_p, window: int, name: bytes, values: list[int]) -> None:
    reply = xcb.xcb_intern_atom_reply(connection, xcb.xcb_intern_atom(connection, 0, len(name), name), None)
    if not reply:
        return
    atom = reply.contents.atom
    ctypes.CDLL(None).free(ctypes.cast(reply, ctypes.c_void_p))
    data = (ctypes.c_uint32 * len(values))(*values)
    xcb.xcb_change_property(connection, _REPLACE, window, atom, _CARDINAL, _CARDINAL_BITS, len(values), data)
