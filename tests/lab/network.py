"""Three network namespaces in a row, console, router and server, with nothing of this machine's network in them."""

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

CONSOLE, ROUTER, SERVER = "lab-console", "lab-router", "lab-server"
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


def mend(namespace: str, interface: str, routes: Sequence[str] = ()) -> None:
    """Give it back, with the routes that went with it."""
    run(*within(namespace, "ip", "link", "set", interface, "up"))
    for route in routes:
        run(*within(namespace, "ip", "route", "replace", *route.split()))


def disturb(namespace: str, interface: str, *how: str) -> None:
    """Delay or lose what an interface sends (tc-netem(8)); without a word, no longer."""
    run(
        *within(
            namespace,
            "tc",
            "qdisc",
            "replace" if how else "del",
            "dev",
            interface,
            "root",
            *(("netem", *how) if how else ()),
        )
    )


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
