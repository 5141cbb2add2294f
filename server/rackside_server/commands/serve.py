"""`rackside-server serve`: answer requests, as a server of its own or within somebody's console."""

import argparse
import os
import shutil
import socket
from copy import deepcopy

from rackside_server.cli import ALL_WELL, OperatorError, prepare, set_up
from rackside_server.commands.migrate import migrate, missing
from rackside_server.configuration import (
    MEASURES_FOLDER,
    PRIVATE_FOLDER_MODE,
    read_configuration,
)

APPLICATION = "rackside_server.asgi:application"
BACKLOG = 4_096
"""Connections not yet accepted: consoles that all come back at once."""
MOST_CONNECTIONS = 50_000
"""At once in a process; granian's own 1,024 would let waiting consoles shut everybody else out."""


def run(options: argparse.Namespace) -> int:
    """Serve until told to stop."""
    if options.embedded:
        os.environ.setdefault("RACKSIDE_LOG_LEVEL", "WARNING")
    else:
        _measure_together()
    set_up()
    options.port = options.port or _free_port(options.host)
    if options.embedded:
        migrate()
        _seed(options)
        from rackside_server.commands.embedded import serve_owner  # noqa: PLC0415 - Django is set up by now

        serve_owner(options.host, options.port, read_configuration().data_dir)
    lacking = missing()
    if lacking:
        raise OperatorError(f"{len(lacking)} migrations are missing. Run rackside-server migrate first.")
    _seed(options)
    _serve_many(options)
    return ALL_WELL


def _measure_together() -> None:
    """Let the processes of this server keep their figures in one folder, empty at each start; before all imports."""
    folder = prepare() / MEASURES_FOLDER
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=PRIVATE_FOLDER_MODE)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)


def _seed(options: argparse.Namespace) -> None:
    if options.demo:
        from rackside_server.demo import seed  # noqa: PLC0415 - only where it is asked for

        seed()


def _serve_many(options: argparse.Namespace) -> None:
    from django.conf import settings  # noqa: PLC0415 - Django is set up by now
    from django.db import connections  # noqa: PLC0415 - Django is set up by now
    from granian import Granian  # noqa: PLC0415 - only where it serves
    from granian.constants import Interfaces  # noqa: PLC0415 - as above

    _allow_connections()
    connections.close_all()  # the processes are forked, and each makes its own
    Granian(
        APPLICATION,
        address=options.host,
        port=options.port,
        interface=Interfaces.ASGI,
        workers=options.workers,
        backlog=BACKLOG,
        backpressure=MOST_CONNECTIONS,
        respawn_failed_workers=True,
        log_dictconfig=deepcopy(settings.LOGGING),  # it writes its own into it
    ).serve()


def _allow_connections() -> None:
    """Raise the limit of open files to what the system grants: each console that waits is one."""
    try:
        import resource  # noqa: PLC0415 - Windows has none, and no such limit
    except ImportError:
        return
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _free_port(host: str) -> int:
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])
