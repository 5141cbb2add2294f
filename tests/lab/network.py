"""Three network namespaces in a row, console, router and server, with nothing of this machine's network in them."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.lab.slow import TUNNEL

ROOT: Final = Path(__file__).parents[2]
CONSOLE, ROUTER, SERVER = (f"lab{os.getpid()}-{name}" for name in ("console", "router", "server"))
"""Another lab may run beside."""
ROUTER_ADDRESS: Final = "10.77.0.1"
SERVER_ADDRESS: Final = "10.77.1.2"
LINKS: Final = (
    (CONSOLE, "up0", "10.77.0.2/24", ROUTER, "down0", "10.77.0.1/24"),
    (ROUTER, "down1", "10.77.1.1/24", SERVER, "up1", "10.77.1.2/24"),
)
"""Each link: the namespace, interface and address of both of its ends."""


def run(*command: str) -> None:
    """Run a program to its end.

    Raises:
        subprocess.CalledProcessError: it failed; its words are in the note.
    """
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        failed = subprocess.CalledProcessError(done.returncode, command, done.stdout, done.stderr)
        failed.add_note(done.stdout + done.stderr)
        raise failed


def output(*command: str) -> str:
    """Return what a program says, whether it fails or not."""
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def within(namespace: str, *command: str) -> list[str]:
    """Return a command that runs within a namespace."""
    return ["ip", "netns", "exec", namespace, *command]


def cut(namespace: str, interface: str) -> None:
    """Take a link away."""
    run(*within(namespace, "ip", "link", "set", interface, "down"))


def mend(namespace: str, interface: str) -> None:
    """Give it back."""
    run(*within(namespace, "ip", "link", "set", interface, "up"))


def lose(namespace: str, percent: int) -> None:
    """Have a namespace lose what it sends and forwards; 0 for no longer.

    By nftables and not by `tc netem`, which is not in every kernel that this runs on.
    """
    output(*within(namespace, "nft", "delete", "table", "ip", "lossy"))
    if percent:
        for hook in ("output", "forward"):
            run(*within(namespace, "nft", "add", "table", "ip", "lossy"))
            chain = f"{{ type filter hook {hook} priority 0; }}"
            run(*within(namespace, "nft", "add", "chain", "ip", "lossy", hook, chain))
            dice = f"numgen random mod 100 <= {percent - 1} drop"
            run(*within(namespace, "nft", "add", "rule", "ip", "lossy", hook, *dice.split()))


@contextmanager
def slow_link(delay_ms: int) -> Iterator[None]:
    """Delay what the router sends to the server."""
    with TemporaryDirectory() as folder:
        ready = Path(folder, "ready")
        command = within(ROUTER, sys.executable, "-m", "tests.lab.slow", str(delay_ms / 1_000), str(ready))
        slow = subprocess.Popen(command, cwd=ROOT)
        try:
            while not ready.exists():
                time.sleep(0.05)
            for interface in ("all", "default", TUNNEL):
                run(*within(ROUTER, "sysctl", "-q", "-w", f"net.ipv4.conf.{interface}.rp_filter=0"))
            run(*within(ROUTER, "ip", "link", "set", TUNNEL, "up"))
            run(*within(ROUTER, "ip", "route", "add", SERVER_ADDRESS, "dev", TUNNEL, "table", "77"))
            run(*within(ROUTER, "ip", "rule", "add", "iif", "down0", "lookup", "77"))
            yield
        finally:
            output(*within(ROUTER, "ip", "rule", "del", "iif", "down0", "lookup", "77"))
            slow.kill()
            slow.wait()


@contextmanager
def network() -> Iterator[None]:
    """Make the namespaces, and remove them with all that runs in them."""
    _remove()
    try:
        for namespace in (CONSOLE, ROUTER, SERVER):
            run("ip", "netns", "add", namespace)
            run(*within(namespace, "ip", "link", "set", "lo", "up"))
            run(*within(namespace, "sysctl", "-q", "-w", "net.ipv4.ping_group_range=0 2147483647"))
        for left, left_end, left_address, right, right_end, right_address in LINKS:
            run("ip", "link", "add", left_end, "netns", left, "type", "veth", "peer", right_end, "netns", right)
            for namespace, interface, address in ((left, left_end, left_address), (right, right_end, right_address)):
                run(*within(namespace, "ip", "address", "add", address, "dev", interface))
                run(*within(namespace, "ip", "link", "set", interface, "up"))
        run(*within(ROUTER, "sysctl", "-q", "-w", "net.ipv4.ip_forward=1"))
        run(*within(CONSOLE, "ip", "route", "add", "default", "via", ROUTER_ADDRESS))
        run(*within(SERVER, "ip", "route", "add", "default", "via", "10.77.1.1"))
        yield
    finally:
        _remove()


def _remove() -> None:
    for namespace in (CONSOLE, ROUTER, SERVER):
        for pid in output("ip", "netns", "pids", namespace).split():
            output("kill", "-9", pid)
        output("ip", "netns", "del", namespace)
