"""A desktop process, started, left to write and sync for a while, and killed."""

import math
import os
import select
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from tests.faults.child import READY, SYNCED, Mode
from tests.faults.server import ROOT

LONGEST_WAIT_S: Final = 60.0


class Desktop:
    """A console that writes and syncs without pause from its first moment on, until it is killed."""

    def __init__(self, home: Path, url: str, token: str, seed: int, mode: Mode = "as it is") -> None:
        """Start it; `ready_s` is then the seconds until its store was open, NaN if that never was."""
        command: Final = [sys.executable, "-m", "tests.faults.child", str(home), url, token, str(seed), mode]
        self._began = time.monotonic()
        self._process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
        self.ready_s = self._seconds_until(READY)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()

    @property
    def lives(self) -> bool:
        """Whether it has not ended by itself, which it never should."""
        return self._process.poll() is None

    def synced_s(self) -> float:
        """Wait until it has applied an answer; return the seconds from its start to then, NaN if that never was."""
        return self._seconds_until(SYNCED)

    def kill(self) -> None:
        """End it by SIGKILL."""
        self._process.kill()
        self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()

    def _seconds_until(self, line: bytes) -> float:
        assert self._process.stdout is not None
        if not select.select([self._process.stdout], [], [], LONGEST_WAIT_S)[0]:
            return math.nan
        return time.monotonic() - self._began if os.read(self._process.stdout.fileno(), len(line)) == line else math.nan
