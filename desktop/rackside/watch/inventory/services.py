"""The services that start with the machine, and whether they run."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from rackside.watch import proc, systemd
from rackside.watch.inventory.section import CannotTellError, bounded

NAME = "services"
SHOWN: Final = frozenset({"enabled", "enabled-runtime", "masked", "masked-runtime", "disabled"})
"""What a person chose; static and generated units start because of others."""
UNIT, SUB = 0, 4
"""Columns of a unit in ListUnitsByPatterns (org.freedesktop.systemd1(5))."""


def stamp() -> str:
    """Return nothing: whether they run is known by asking only."""
    return ""


def read() -> dict[str, str]:
    """Return the services with their state: `enabled, running`.

    Raises:
        CannotTellError: neither systemd nor Windows runs here.
        OSError: systemd does not answer.
    """
    if systemd.is_running():
        with systemd.Manager() as manager:
            [files] = manager.call("ListUnitFilesByPatterns", "asas", ([], ["*.service"]))
            [units] = manager.call("ListUnitsByPatterns", "asas", ([], ["*.service"]))
        return bounded(states(files, units))
    import psutil

    if proc.LINUX or not hasattr(psutil, "win_service_iter"):
        raise CannotTellError(systemd.NOT_HERE)
    return bounded((each.name(), f"{each.start_type()}, {each.status()}") for each in psutil.win_service_iter())


def states(files: Iterable[tuple[Any, ...]], units: Iterable[tuple[Any, ...]]) -> Iterator[tuple[str, str]]:
    """Yield each service that was enabled, disabled or masked, and if it is enabled, whether it runs.

    What is started once and ends, such as a mount helper, does not run and is not called stopped.
    """
    subs = {str(unit[UNIT]): str(unit[SUB]) for unit in units}
    for path, state in files:
        name = str(path).rpartition("/")[2]
        if state in SHOWN:
            runs = {"running": ", running", "failed": ", failed"}.get(subs.get(name, ""), "")
            yield name, f"{state}{runs}"
