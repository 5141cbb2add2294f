"""Whether a machine answers: echo requests, and where this machine may send none, a connection that is answered."""

import socket
from typing import ClassVar, Final

from rackside.watch.checks.check import Check, Deadline, Host, Level, Result, Stopwatch
from rackside.watch.probes import ping

LOSS_WARNING_PERCENT: Final = 5.0
ALL_PERCENT: Final = 100.0
ECHOES: Final = 5
PORTS: Final = (22, 80, 443, 445, 3389)
"""Tried in place of echoes. One that refuses is an answer, too."""


def _level(loss_percent: float) -> Level:
    """Return how bad a loss of one check is. Critical counts as down, so that is only what does not answer at all.

    Of five echoes one is 20 %, which says little of the machine: a rule judges the loss of ten minutes.
    """
    if loss_percent >= ALL_PERCENT:
        return "critical"
    return "warning" if loss_percent > LOSS_WARNING_PERCENT else "ok"


class Ping(Check, frozen=True, kw_only=True, tag="ping"):
    """A machine answers echo requests."""

    TARGET: ClassVar[str] = "host"
    SHOWN: ClassVar[str] = "a machine answers"
    host: Host

    def look(self, until: Deadline) -> Result:
        """Send some; where none may be sent, see whether any common port answers."""
        address = socket.gethostbyname(self.host)
        try:
            trips = ping.round_trips_ms(address, ECHOES)
        except ping.CannotPingError:
            return self._by_port(address, until)
        from statistics import median

        came = [trip for trip in trips if trip is not None]
        loss = 100.0 * (len(trips) - len(came)) / len(trips)
        if not came:
            return Result(level="critical", sentence=f"{self.host} does not answer", values={"loss": (loss, "%")})
        sentence = f"{self.host} answers in {median(came):.1f} ms" + (f", {loss:.0f} % lost" if loss else "")
        values = {"time": (median(came), "ms"), "loss": (loss, "%")}
        return Result(level=_level(loss), sentence=sentence, values=values, answers=True)

    def _by_port(self, address: str, until: Deadline) -> Result:
        for port in PORTS:
            watch = Stopwatch()
            try:
                socket.create_connection((address, port), min(ping.TIMEOUT_S, until.left_s())).close()
            except ConnectionRefusedError:
                pass
            except OSError:
                continue
            return self._answered(port, watch)
        return Result(level="critical", sentence=f"{self.host} answers on none of its common ports")

    def _answered(self, port: int, watch: Stopwatch) -> Result:
        sentence = f"{self.host} answers on port {port}; this machine may send no echo requests"
        return Result(level="ok", sentence=sentence, values={"time": (watch.ms(), "ms")})
