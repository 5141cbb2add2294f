"""The doorbell: rung after a commit, heard by the consoles that wait in this process."""

from collections.abc import Callable, Mapping

Listener = Callable[[Mapping[str, int]], None]
_listeners: list[Listener] = []


def ring(heads: Mapping[str, int]) -> None:
    """Say that channels have new heads. Called from whichever thread committed."""
    for listener in _listeners:
        listener(heads)


def listen(listener: Listener) -> None:
    """Have a function called whenever the bell rings in this process."""
    _listeners.append(listener)
