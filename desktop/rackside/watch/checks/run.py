"""Every kind of check there is, and doing one, bounded in time whatever the other side does."""

import threading
from typing import Final, TypeAlias, get_args

from rackside.watch.checks.check import CannotCheckError, Check, Deadline, Result
from rackside.watch.checks.dns import Dns
from rackside.watch.checks.heartbeat import Heartbeat
from rackside.watch.checks.http import Http
from rackside.watch.checks.ping import Ping
from rackside.watch.checks.prometheus import Prometheus
from rackside.watch.checks.snmp import Snmp
from rackside.watch.checks.tcp import Imap, Smtp, Ssh, Tcp
from rackside.watch.checks.tls import Tls
from rackside.watch.proc import printable

AnyCheck: TypeAlias = Ping | Tcp | Http | Tls | Dns | Smtp | Imap | Ssh | Prometheus | Snmp | Heartbeat
KINDS: Final[dict[str, type[Check]]] = {str(kind.__struct_config__.tag): kind for kind in get_args(AnyCheck)}
GRACE_S: Final = 1.0
"""What does not end by itself is left to itself after so much more time."""


def run(check: Check) -> Result:
    """Do a check; one that is not done in time has failed, and the thread that it hangs in is left behind."""
    found: list[Result] = []
    until = Deadline(check.timeout_s)
    worker = threading.Thread(target=lambda: found.append(_look(check, until)), name="check", daemon=True)
    worker.start()
    worker.join(check.timeout_s + GRACE_S)
    return found[0] if found else Result(level="critical", sentence="no answer in time")


def _look(check: Check, until: Deadline) -> Result:
    try:
        return check.look(until)
    except CannotCheckError as error:
        return Result(level="unknown", sentence=str(error))
    except TimeoutError:
        return Result(level="critical", sentence="no answer in time")
    except OSError as error:
        return Result(level="critical", sentence=printable(error.strerror or str(error)))
    except ValueError as error:
        return Result(level="unknown", sentence=f"This cannot be checked: {printable(str(error))}")
