"""A network of our own: a bridge in a network namespace, and namespaces on it that act as devices."""

import json
import os
import subprocess
import sys
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from shutil import which
from types import TracebackType
from typing import Any, Self

import msgspec

from rackside.watch.discovery.device import Scan

HERE = Path(__file__).parent
IP = which("ip") or ""
IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
WHY_NOT = "" if IP and IS_ROOT and which("setpriv") else "network namespaces need root, iproute2 and util-linux"
NUMBERS = count()


class Looked(msgspec.Struct):
    """What a scan within the network found, how it told of its progress, and how late after its cancelling it ended."""

    scan: Scan
    told: list[tuple[int, int, str]]
    late_s: float

    def at(self, address: str) -> Any:
        return {each.address: each for each in self.scan.devices}.get(address)


class Network:
    """Addresses are 10.77.0.0/16's; .1 is the machine that scans."""

    def __init__(self, heard: Path, prefix: int = 24, *, echo: bool = True) -> None:
        self.heard, self.prefix, self.echo = heard, prefix, echo
        self.here = self._name()
        self._stack = ExitStack()
        self._names: list[str] = []
        self._devices: dict[str, tuple[str, subprocess.Popen[str]]] = {}

    def __enter__(self) -> Self:
        self._make(self.here)
        self.run(self.here, "ip", "link", "add", "br0", "type", "bridge")
        self.run(self.here, "ip", "address", "add", f"10.77.0.1/{self.prefix}", "dev", "br0")
        self.run(self.here, "ip", "link", "set", "br0", "up")
        if self.echo:
            self.run(self.here, "sysctl", "-qw", "net.ipv4.ping_group_range=0 2147483647")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()
        for name in self._names:
            subprocess.run([IP, "netns", "del", name], check=True)

    def add(self, address: str, mac: str = "", *setup: str, **acts: object) -> str:
        """Put a device on the network that acts as told; return the name of its namespace."""
        name, link = self._name(), f"v{next(NUMBERS)}"
        self._make(name)
        self.run(self.here, "ip", "link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", name)
        self.run(self.here, "ip", "link", "set", link, "master", "br0", "up")
        if mac:
            self.run(name, "ip", "link", "set", "eth0", "address", mac)
        self.run(name, "ip", "address", "add", f"{address}/{self.prefix}", "dev", "eth0")
        self.run(name, "ip", "link", "set", "eth0", "up")
        for line in setup:
            self.run(name, *line.split())
        heard = self.heard / address
        heard.mkdir()
        told = json.dumps({"address": address, "heard": str(heard), **acts})
        acting = self.start(name, sys.executable, str(HERE / "acting.py"), told)
        assert acting.stdout is not None
        assert acting.stdout.readline() == "ready\n"
        self._devices[address] = (name, acting)
        return name

    def remove(self, address: str) -> None:
        """Take a device off the network."""
        name, acting = self._devices.pop(address)
        acting.kill()
        acting.wait()
        subprocess.run([IP, "netns", "del", name], check=True)
        self._names.remove(name)

    def scan(self, subnet: str = "10.77.0.0/24", cancel_after_s: float = 0.0, hosts: str = "") -> Looked:
        """Scan as a program that has no privilege at all, on a machine that has `hosts` in its /etc/hosts."""
        known = self.heard / "hosts"
        known.write_text(f"127.0.0.1 localhost\n{hosts}\n", encoding="utf-8")
        # What `ip netns exec` runs has mounts of its own.
        there = ("sh", "-c", f'mount --bind {known} /etc/hosts && exec "$@"', "sh")
        unprivileged = ("setpriv", "--bounding-set=-all", "--inh-caps=-all")
        command = (*there, *unprivileged, sys.executable, str(HERE / "scanning.py"), subnet, str(cancel_after_s))
        return msgspec.json.decode(self.run(self.here, *command), type=Looked)

    def run(self, name: str, *command: str) -> str:
        return subprocess.run(
            [IP, "netns", "exec", name, *command], check=True, stdout=subprocess.PIPE, text=True, timeout=120
        ).stdout

    def start(self, name: str, *command: str) -> subprocess.Popen[str]:
        """Start a program that is ended with the network."""
        started = subprocess.Popen(
            [IP, "netns", "exec", name, *command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._stack.callback(started.communicate)
        self._stack.callback(started.kill)
        return started

    def _make(self, name: str) -> None:
        subprocess.run([IP, "netns", "add", name], check=True)
        self._names.append(name)
        self.run(name, "ip", "link", "set", "lo", "up")

    def _name(self) -> str:
        return f"rackside-{os.getpid()}-{next(NUMBERS)}"
