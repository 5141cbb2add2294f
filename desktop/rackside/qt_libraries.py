"""The system libraries that Qt opens on Linux, and the exact line that installs those that are missing.

Standard library only: it is asked before anything is installed and before Qt is imported, since Qt blames xcb-cursor
whichever of them is missing.
"""

import ctypes
import shutil
import sys

DEBIAN_PACKAGES = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libfontconfig.so.1": "libfontconfig1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
}
"""Each library and the Debian or Ubuntu package that brings it."""

OTHER_DISTRIBUTIONS = {
    "dnf": "sudo dnf install glib2 libglvnd-egl libglvnd-glx fontconfig libxkbcommon dbus-libs krb5-libs"
    " xcb-util-cursor libxkbcommon-x11 xcb-util-wm xcb-util-keysyms libxcb",
    "pacman": "sudo pacman -S glib2 libglvnd fontconfig libxkbcommon dbus krb5 xcb-util-cursor libxkbcommon-x11"
    " xcb-util-wm xcb-util-keysyms libxcb",
    "zypper": "sudo zypper install libglib-2_0-0 libglvnd fontconfig libxkbcommon0 libdbus-1-3 krb5"
    " libxcb-cursor0 libxkbcommon-x11-0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0",
}
"""The line for each other package manager; not tried on those distributions."""


def missing() -> dict[str, str]:
    """Return the libraries that cannot be opened here, with the Debian package of each; empty on other systems."""
    if not sys.platform.startswith("linux"):
        return {}
    absent = {}
    for library, package in DEBIAN_PACKAGES.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            absent[library] = package
    return absent


def remedy(absent: dict[str, str]) -> str:
    """Return the line that installs what is missing, for this machine's package manager."""
    if not shutil.which("apt-get"):
        for tool, line in OTHER_DISTRIBUTIONS.items():
            if shutil.which(tool):
                return line
    return f"sudo apt-get install {' '.join(absent.values())}"
