"""The lab: the real watch in one namespace, real services in another, and what is seen while they are disturbed."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import msgspec

from rackside.store import Store, checks, hosts
from rackside.store.checks import Watched
from rackside.store.hosts import Host
from rackside.watch.checks.check import Check
from rackside.watch.checks.http import Http
from rackside.watch.checks.ping import Ping
from rackside.watch.checks.prometheus import Prometheus
from rackside.watch.checks.snmp import Snmp
from rackside.watch.checks.tcp import Ssh, Tcp
from rackside.watch.checks.tls import Tls
from rackside.watch.limits import CHECK_WINDOW_S
from rackside.watch.probing import TRIES
from rackside.watch.standing import RETRY_AFTER_S
from tests.lab.network import CONSOLE, ROUTER_ADDRESS, SERVER_ADDRESS, network, within
from tests.lab.services import Services, certificate

ROOT: Final = Path(__file__).parents[2]
SLACK_S: Final = 8.0
"""What the machine that runs the lab may add: two cores run all of it."""
TIMEOUT_S: Final = 3.0
PING_S: Final = 6.0
"""Five echoes that are lost: a second each, and the pauses between."""
SERVED: Final[dict[str, tuple[str, Check]]] = {
    "page": ("nginx", Http(url=f"https://{SERVER_ADDRESS}/", keyword="Basket", timeout_s=TIMEOUT_S)),
    "database": ("postgresql", Tcp(host=SERVER_ADDRESS, port=5432, timeout_s=TIMEOUT_S)),
    "shell": ("sshd", Ssh(host=SERVER_ADDRESS, timeout_s=TIMEOUT_S)),
    "numbers": (
        "exporter",
        Prometheus(url=f"http://{SERVER_ADDRESS}:9100/metrics", metric="node_load1", timeout_s=TIMEOUT_S),
    ),
    "agent": ("snmpd", Snmp(host=SERVER_ADDRESS, timeout_s=TIMEOUT_S)),
}
"""Each check of a service by its label, with the service that it is of."""
WATCHED: Final[dict[str, tuple[str, Check]]] = {
    "router": ("router", Ping(host=ROUTER_ADDRESS)),
    "server": ("server", Ping(host=SERVER_ADDRESS)),
    "certificate": ("server", Tls(host=SERVER_ADDRESS, timeout_s=TIMEOUT_S)),
} | {label: ("server", check) for label, (_, check) in SERVED.items()}
"""Each check by its label, with the machine that it is of."""
Key = tuple[str, str]


@dataclass
class Seen:
    """What the console saw at one moment."""

    at_s: float = 0.0
    stands: dict[str, tuple[str, str]] = field(default_factory=dict)
    alerts: frozenset[tuple[str, str, str]] = frozenset()
    ms: dict[str, float] = field(default_factory=dict)

    def states(self) -> dict[str, str]:
        """Return the state of each check."""
        return {label: state for label, (state, _) in self.stands.items()}

    def raised(self) -> frozenset[Key]:
        """Return the kinds and components of the open alerts."""
        return frozenset((kind, component) for kind, component, _ in self.alerts)


class LateError(AssertionError):
    """Something was not seen within the time that was promised."""


class Lab:
    """Services that run, and a console that watches them every so many seconds."""

    def __init__(self, folder: Path, every_s: float, quiet_s: float | None) -> None:
        self.home, self.every_s = folder / "home", every_s
        self.quiet_s = self.alert_s if quiet_s is None else quiet_s
        """How long it is watched that nothing else becomes an alert."""
        self.services = Services(folder)
        self.history: list[Seen] = []
        self._trusted = certificate(folder)
        self._process: subprocess.Popen[str] | None = None
        self._reader = threading.Thread(target=self._read, daemon=True)

    @property
    def down_s(self) -> float:
        """Within how many seconds something that fails is down: its turn, and three tries."""
        return self.every_s + TRIES * max(PING_S, min(RETRY_AFTER_S, self.every_s)) + SLACK_S

    @property
    def alert_s(self) -> float:
        """Within how many seconds it is an alert: 10 % of the checks of five minutes, and two checks."""
        return self.down_s + 0.1 * CHECK_WINDOW_S + 2 * self.every_s

    @property
    def up_s(self) -> float:
        """Within how many seconds something that answers again is up."""
        return self.every_s + SLACK_S

    @property
    def seen(self) -> Seen:
        """What was seen last."""
        return self.history[-1] if self.history else Seen()

    def start(self) -> None:
        """Start all services and the console."""
        for name in self.services.names():
            self.services.start(name)
        with Store.open(self.home) as store:
            hosts.keep_host(store, Host(name="server", parent="router", group="lab"))
            for label, (host, check) in WATCHED.items():
                body = msgspec.Raw(msgspec.json.encode(check))
                checks.watch(store, Watched(label=label, check=body, host=host, every_s=self.every_s))
        environment = {**os.environ, "SSL_CERT_FILE": str(self._trusted), "PYTHONPATH": str(ROOT)}
        command = within(CONSOLE, sys.executable, "-m", "tests.lab.console", str(self.home))
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment)
        self._reader.start()

    def stop(self) -> None:
        """Stop them."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._reader.join()
        self.services.stop_all()

    def changes(self) -> Iterator[str]:
        """Yield every change of a state or of the alerts, with its second since the beginning."""
        before = Seen()
        for seen in self.history:
            at_s = seen.at_s - self.history[0].at_s
            for label, stand in seen.stands.items():
                if before.stands.get(label) != stand:
                    yield f"{at_s:6.0f} {label}: {': '.join(stand)}"
            for key in seen.raised() ^ before.raised():
                yield f"{at_s:6.0f} {'raised' if key in seen.raised() else 'cleared'} {key}"
            before = seen

    def until(self, what: str, holds: Callable[[Seen], bool], within_s: float) -> float:
        """Wait for something to be seen; return after how many seconds it was.

        Raises:
            LateError: it was not.
        """
        began = time.monotonic()
        while not holds(self.seen):
            if time.monotonic() - began > within_s:
                raise LateError(f"not within {within_s:.0f} s: {what}. Seen: {self.seen}")
            time.sleep(0.2)
        return time.monotonic() - began

    def _read(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                told = json.loads(line)
                stands = {label: (state, said) for label, (state, said) in told["stands"].items()}
                alerts = frozenset((kind, component, severity) for kind, component, severity in told["alerts"])
                self.history.append(Seen(told["at_s"], stands, alerts, told["ms"]))


@contextmanager
def lab(every_s: float, quiet_s: float | None = None) -> Iterator[Lab]:
    """Make a lab, with everything up."""
    with TemporaryDirectory(prefix="rackside-lab.") as folder, network():
        Path(folder).chmod(0o755)  # PostgreSQL runs as somebody else
        made = Lab(Path(folder), every_s, quiet_s)
        try:
            made.start()
            made.until("everything is up", lambda seen: set(seen.states().values()) == {"up"}, 60 + 2 * every_s)
            yield made
        finally:
            made.stop()
