"""systemd, asked over the system bus. What it says of units is bounded, and their names are text to distrust."""

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

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
    """The bus or systemd does not answer, or refuses; the next call connects anew."""


class RefusedError(BusError):
    """systemd answered, and refuses: there is no such unit or property."""


class Manager:
    """systemd's manager. It connects when it is first asked, and again after the bus went away."""

    def __init__(self) -> None:
        self._bus: DBusConnection | None = None

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

    def close(self) -> None:
        """Leave the bus."""
        bus, self._bus = self._bus, None
        if bus is not None:
            with suppress(OSError):
                bus.close()

    def _ask(self, message: Any) -> tuple[Any, ...]:  # noqa: ANN401 - jeepney has no types
        from jeepney import MessageType
        from jeepney.io.blocking import open_dbus_connection
        from jeepney.wrappers import DBusErrorResponse  # type: ignore[import-untyped]

        try:
            if self._bus is None:
                self._bus = open_dbus_connection("SYSTEM")
            answer = self._bus.send_and_get_reply(message, timeout=ANSWER_S)
        except (OSError, EOFError, ValueError, KeyError, DBusErrorResponse) as error:
            self.close()
            raise BusError(f"the system bus does not answer: {error}") from error
        if answer.header.message_type is MessageType.error:
            raise RefusedError(proc.printable(str(answer.body)))
        return tuple(answer.body)


def is_running() -> bool:
    """Say whether systemd runs this machine."""
    return proc.LINUX and RUNNING.is_dir()
