"""The embedded server: a process of its own on this machine, which signs its owner in by itself and ends with us."""

import subprocess
import sys
import time
from pathlib import Path
from typing import Final

import msgspec

from rackside.sync.errors import Unreachable
from rackside_protocol.accounts import Token

START_TIMEOUT_S: Final = 60
LOOK_EVERY_S: Final = 0.05
STOP_TIMEOUT_S: Final = 10
OWNER_FILE: Final = "owner.json"


class Owner(Token, frozen=True, kw_only=True):
    """What the embedded server writes when it answers: its owner's token and where it listens."""

    url: str


class EmbeddedServer:
    """A server that lives as long as this process: it ends when its standard input closes, even if we are killed."""

    def __init__(self, folder: Path, *, demo: bool = False) -> None:
        """Start it; `folder` holds its data, `demo` fills it with the demo community."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._owner_file = folder / OWNER_FILE
        self._owner_file.unlink(missing_ok=True)
        self._log = (folder / "server.log").open("ab")
        command = [sys.executable, "-m", "rackside_server", "serve", "--embedded", "--data", str(folder), "--port", "0"]
        self._process = subprocess.Popen(  # noqa: S603 - our own module, by argument list
            [*command, *(["--demo"] if demo else [])], stdin=subprocess.PIPE, stdout=self._log, stderr=self._log
        )

    def wait(self) -> Owner:
        """Wait until it answers; return who its owner is.

        Raises:
            Unreachable: it ended or did not answer in a minute; its log says why.
        """
        until = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < until and self._process.poll() is None:
            try:
                return msgspec.json.decode(self._owner_file.read_bytes(), type=Owner)
            except (FileNotFoundError, msgspec.DecodeError):
                time.sleep(LOOK_EVERY_S)
        raise Unreachable(f"The embedded server did not start; {self._log.name} says why.")

    def stop(self) -> None:
        """Close its standard input and wait for its end."""
        if self._process.stdin:
            self._process.stdin.close()
        try:
            self._process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()
