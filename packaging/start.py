#!/usr/bin/env python3
"""Set up everything on a fresh machine, then start Rackside or its tests.

    python3 packaging/start.py              the sidebar, with its embedded server and the demo community
    python3 packaging/start.py test [ARGS]  every check and test, as CI runs them
    python3 packaging/start.py ANYTHING …   the `rackside` command line, for example `status` or `doctor`

Needs Python 3.11 or later and nothing else. What it downloads goes into `.venv` beside this checkout and into a private
folder of the user's cache. RACKSIDE_SETUP overrides that folder; RACKSIDE_NO_APT=1 keeps it from installing system
libraries. Linux is what it was tried on; on Windows and macOS it takes the same steps by design, and was not tried.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "desktop"))
from rackside import qt_libraries  # noqa: E402 - found only after the line above; it needs the standard library alone

UV = "uv>=0.9,<1"
OLDEST = (3, 11)
NEWEST = (3, 13)


def say(sentence: str) -> None:
    """Tell the person on the terminal; standard output belongs to the program that is started."""
    print(f"start: {sentence}", file=sys.stderr, flush=True)


def stop(sentence: str) -> NoReturn:
    """End with a sentence the person can act on."""
    say(sentence)
    raise SystemExit(1)


def setup_folder() -> Path:
    """Return the private folder that holds our own uv and the marks of finished steps."""
    if chosen := os.environ.get("RACKSIDE_SETUP"):
        return Path(chosen)
    cache = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    return (Path(cache) if cache else Path.home() / ".cache") / "rackside" / "setup"


def run(*command: str | Path, quiet: bool = False) -> int:
    """Run a program to its end and return its exit code; its output goes to our standard error."""
    out = subprocess.DEVNULL if quiet else sys.stderr
    return subprocess.run([str(part) for part in command], cwd=ROOT, stdout=out, check=False).returncode


def find_or_install_uv() -> Path:
    """Return uv: the one on the PATH, the private one, or a private one installed now."""
    if on_path := shutil.which("uv"):
        return Path(on_path)
    home = setup_folder() / "uv"
    scripts = home / ("Scripts" if os.name == "nt" else "bin")
    uv = scripts / ("uv.exe" if os.name == "nt" else "uv")
    without_venv = home / "lib" / "bin" / uv.name
    for earlier in (uv, without_venv):
        if earlier.exists():
            return earlier
    say(f"installing uv into {home}")
    python = scripts / ("python.exe" if os.name == "nt" else "python")
    try:
        venv.create(home, with_pip=True, clear=True)
    except (subprocess.CalledProcessError, OSError):
        # Debian ships Python without ensurepip until python3-venv is installed; pip can make up for it where it is.
        shutil.rmtree(home, ignore_errors=True)
        if run(sys.executable, "-m", "pip", "install", "--quiet", "--target", home / "lib", UV) != 0:
            stop("uv could not be installed. Install it (https://docs.astral.sh/uv/) or python3-venv, then try again.")
        return without_venv
    if run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", UV) != 0:
        stop("uv could not be downloaded: check the network or the proxy, then start again; nothing else was changed.")
    return uv


def lock_mark() -> str:
    """Name the state that a finished sync stands for: lock, project file, interpreter and place."""
    digest = hashlib.sha256()
    for part in ((ROOT / "uv.lock").read_bytes(), (ROOT / "pyproject.toml").read_bytes()):
        digest.update(part)
    digest.update(f"{sys.version_info[:2]} {ROOT}".encode())
    return digest.hexdigest()


def sync(*, development: bool) -> Path:
    """Bring `.venv` to what the lock says, and return its Python. Skipped when that was done for this very lock."""
    environment = ROOT / ".venv"
    python = environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    mark = environment / (".rackside-development" if development else ".rackside-product")
    done = [environment / ".rackside-development", mark]
    if python.exists() and any(each.exists() and each.read_text() == lock_mark() for each in done):
        return python
    say("installing what the lock file names into .venv (about 150 MB the first time)")
    uv = find_or_install_uv()
    wanted = sys.version_info[:2]
    version = f"{wanted[0]}.{wanted[1]}" if OLDEST <= wanted <= NEWEST else ">=3.11,<3.14"
    groups = ["--group", "dev", "--group", "benchmarks"] if development else ["--no-dev"]
    if run(uv, "sync", "--frozen", "--inexact", "--quiet", "--all-extras", "--python", version, *groups) != 0:
        stop("uv could not install what the lock names; its own words stand above. Start again when that is mended.")
    mark.write_text(lock_mark())
    return python


def install_system_libraries() -> None:
    """Install the libraries that Qt opens, when we may; else print the exact line that does."""
    absent = qt_libraries.missing()
    if not absent:
        return
    line = qt_libraries.remedy(absent)
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0 or os.environ.get("RACKSIDE_NO_APT"):
        stop(f"Qt needs libraries that are missing. Install them, then start again:\n    {line}")
    say(f"installing the libraries that Qt needs: {' '.join(absent.values())}")
    install = [apt, "install", "-y", "-qq", "--no-install-recommends", *absent.values()]
    if run(*install, quiet=True) != 0 and (run(apt, "update", "-qq", quiet=True), run(*install, quiet=True))[1] != 0:
        stop(f"that failed. See why with:\n    {line}")


def has_display() -> bool:
    """Return whether a window can be shown here."""
    if not sys.platform.startswith("linux"):
        return True
    chosen = os.environ.get("QT_QPA_PLATFORM", "")
    return chosen in {"offscreen", "minimal", "vnc"} or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )


def start(python: Path, arguments: list[str]) -> NoReturn:
    """Replace this process by the program where the system can; else run it to its end."""
    command = [str(python), *arguments]
    if os.name == "nt":
        raise SystemExit(subprocess.run(command, check=False).returncode)
    os.execv(command[0], command)  # noqa: S606 - our own interpreter, by argument list


def main(arguments: list[str]) -> NoReturn:
    """Set up, then start what the arguments ask for."""
    if sys.version_info < OLDEST:
        stop("Python 3.11 or later is needed.")
    wants = arguments[0] if arguments else "demo"
    install_system_libraries()
    if wants == "test":
        os.chdir(ROOT)
        start(sync(development=True), ["packaging/checks.py", *arguments[1:]])
    python = sync(development=False)
    if wants == "demo" and not has_display():
        stop(
            "there is no display here (DISPLAY and WAYLAND_DISPLAY are not set), so no window can open. Try:\n"
            "    python3 packaging/start.py status\n"
            "    python3 packaging/start.py screenshot sidebar.png --demo --view sidebar --theme dark"
        )
    start(python, ["-m", "rackside", *(arguments or ["demo"])])


if __name__ == "__main__":
    main(sys.argv[1:])
