"""systemd, asked over the system bus. What it says of units is bounded, and their names are text to distrust."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from rackside.watch import proc

if TYPE_CHECKING:
    from jeepney.io.blocking import DBusConnection  # type: ignore[import-untyped]

RUNNING: Final = Path("/run/systemd/system")
"""There when systemd is the first process (sd_booted(3))."""
NAME: Final = "org.freedesktop.systemd1"
PATH: Final = "/org/freedesktop/systemd1"
ANSWER_S: Final = 2.0
NOT_HERE: Final = "Services are told by systemd, which does not run on this machine."


class BusError(OSError):
    """The bus or systemd does not answer, or refuses."""


class RefusedError(BusError):
    """systemd answered, and refuses: there is no such unit or property."""


class Manager:
    """systemd's manager, for the length of a `with`. It connects when it is first asked.

    Nothing is held from look to look: to connect takes a millisecond, and a bus that was restarted makes no difference.
    """

    def __init__(self) -> None:
        self._bus: DBusConnection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bus is not None:
            self._bus.close()

    def call(self, member: str, signature: str, body: tuple[object, ...]) -> tuple[Any, ...]:
        """Call a method of the manager; return what it answers.

        Raises:
            BusError: there is no answer within two seconds.
        """
        from jeepney import DBusAddress, new_method_call  # type: ignore[import-untyped]

        return self._ask(new_method_call(DBusAddress(PATH, NAME, f"{NAME}.Manager"), member, signature, body))

    def value(self, path: str, interface: str, name: str) -> int | str:
        """Return a property of a unit, or of the manager itself.

        Raises:
            BusError: there is no answer within two seconds.
            RefusedError: there is no such property.
        """
        from jeepney import DBusAddress, Properties

        [(_, found)] = self._ask(Properties(DBusAddress(path, NAME, f"{NAME}.{interface}")).get(name))
        if not isinstance(found, int | str):
            raise BusError(f"{name} is neither a number nor a text")
        return found

    def _ask(self, message: Any) -> tuple[Any, ...]:  # noqa: ANN401 - jeepney has no types
        from jeepney import MessageType
        from jeepney.wrappers import DBusErrorResponse  # type: ignore[import-untyped]

        try:
            if self._bus is None:
                self._bus = _connected()
            answer = self._bus.send_and_get_reply(message, timeout=ANSWER_S)
        except (OSError, EOFError, ValueError, KeyError, DBusErrorResponse) as error:
            raise BusError(f"the system bus does not answer: {error}") from error
        if answer.header.message_type is MessageType.error:
            raise RefusedError(proc.printable(str(answer.body)))
        return tuple(answer.body)


def is_running() -> bool:
    """Say whether systemd runs this machine."""
    return proc.LINUX and RUNNING.is_dir()


def _connected() -> "DBusConnection":
    """Connect to the system bus; unlike jeepney's own way, the first greeting is bounded in time, too."""
    from jeepney.bus import get_bus  # type: ignore[import-untyped]
    from jeepney.io.blocking import DBusConnection, prep_socket

    class Bounded(DBusConnection):  # type: ignore[misc]
        def send_and_get_reply(self, message: Any, *, timeout: float | None = None) -> Any:  # noqa: ANN401 - as above
            return super().send_and_get_reply(message, timeout=ANSWER_S if timeout is None else timeout)

    bus = prep_socket(get_bus("SYSTEM"), timeout=ANSWER_S)
    bus.settimeout(ANSWER_S)
    try:
        return Bounded(bus)
    except BaseException:
        bus.close()
        raise
