"""PostgreSQL clusters of our own: made, killed, copied and promoted, on the loopback and in a folder that goes away."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Final, Self

HOST: Final = "127.0.0.1"
USER: Final = "rackside"
DATABASE: Final = "postgres"
LONG_S: Final = 60
ACCOUNT: Final = "postgres"
"""Who runs it where we are root, which PostgreSQL refuses to be."""


def binaries() -> Path | None:
    """Return the folder of PostgreSQL's programs, the newest of those that are installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


class Cluster:
    """One PostgreSQL server with its data."""

    def __init__(self, *settings: str, port: int = 0) -> None:
        """Make its folder; the data are made by `create` or `follow`."""
        bin_folder = binaries()
        assert bin_folder is not None, "PostgreSQL is not installed"
        self._bin = bin_folder
        self.port = port or free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="rackside-postgres."))
        self.data = self.folder / "data"
        self._settings = ("listen_addresses=127.0.0.1", f"unix_socket_directories={self.folder}", *settings)
        self._account = ACCOUNT if os.geteuid() == 0 else None
        if self._account:
            os.chown(self.folder, pwd.getpwnam(ACCOUNT).pw_uid, -1)

    @property
    def url(self) -> str:
        """Where it is, for DATABASE_URL."""
        return f"postgresql://{USER}@{HOST}:{self.port}/{DATABASE}"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop it, and take it off the disk."""
        if (self.data / "postmaster.pid").exists():
            self.kill()
        shutil.rmtree(self.folder)

    def create(self) -> Self:
        """Make an empty one and start it."""
        self._run("initdb", "-D", str(self.data), "-A", "trust", "-U", USER, "--no-sync")
        return self.start()

    def follow(self, primary: "Cluster", name: str) -> Self:
        """Copy another one, and follow it as a streaming standby of this name."""
        copied = ("pg_basebackup", "-D", str(self.data), "-h", HOST, "-p", str(primary.port), "-U", USER)
        self._run(*copied, "--checkpoint=fast", "--no-sync", "-X", "stream")
        (self.data / "standby.signal").touch()
        source = f"host={HOST} port={primary.port} user={USER} application_name={name}"
        with (self.data / "postgresql.auto.conf").open("a") as conf:
            conf.write(f"primary_conninfo = '{source}'\n")
        return self.start()

    def start(self) -> Self:
        """Start it, and wait until it answers."""
        options = " ".join(f"-c {each}" for each in (f"port={self.port}", *self._settings))
        self._run("pg_ctl", "-D", str(self.data), "-w", "-l", str(self.folder / "log"), "-o", options, "start")
        return self

    def promote(self) -> None:
        """Make a standby the primary, and wait until it is."""
        self._run("pg_ctl", "-D", str(self.data), "-w", "promote")

    def kill(self) -> None:
        """End it with everything that it runs, at once, by SIGKILL."""
        postmaster = int((self.data / "postmaster.pid").read_text().split()[0])
        family = [postmaster, *_children(postmaster)]
        for process in family:
            _kill(process)
        until_s = time.monotonic() + LONG_S
        while any(_lives(process) for process in family):
            assert time.monotonic() < until_s
            time.sleep(0.01)
        for lock in (self.data / "postmaster.pid", *self.folder.glob(".s.PGSQL.*")):
            lock.unlink(missing_ok=True)  # it would be believed for as long as nobody reaps the dead

    def cpu_s(self) -> float:
        """Return the CPU seconds of its processes that have ended, such as the backends of closed connections."""
        postmaster = (self.data / "postmaster.pid").read_text().split()[0]
        fields = Path(f"/proc/{postmaster}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")  # cutime, cstime: proc(5)

    def sql(self, statement: str) -> list[str]:
        """Run a statement; return the lines of its answer."""
        words = ("psql", "-h", HOST, "-p", str(self.port), "-U", USER, "-d", DATABASE, "-Atqc", statement)
        return self._run(*words).splitlines()

    def _run(self, program: str, *arguments: str) -> str:
        done = subprocess.run(
            [str(self._bin / program), *arguments],
            user=self._account, cwd=self.folder, env={"HOME": str(self.folder), "PATH": os.environ["PATH"]},
            stdout=subprocess.PIPE if program == "psql" else subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            timeout=LONG_S, check=True, text=True,
        )  # fmt: skip
        return done.stdout or ""


def _kill(process: int) -> None:
    """End a process by SIGKILL; one that has gone is well."""
    try:
        os.kill(process, signal.SIGKILL)
    except ProcessLookupError:
        return


def _children(parent: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]


def _lives(process: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{process}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
