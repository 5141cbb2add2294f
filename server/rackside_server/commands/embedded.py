"""The embedded server: one process for one owner on her own machine, which ends when its standard input closes."""

import asyncio
import http.client
import logging
import os
import signal
import sys
import threading
from http import HTTPStatus
from pathlib import Path
from typing import Final, NoReturn

from granian.constants import Interfaces
from granian.server.embed import Server

from rackside_protocol.accounts import Token
from rackside_protocol.registry import encode
from rackside_server.accounts.actions import own_device
from rackside_server.asgi import application
from rackside_server.configuration import write_private

OWNER_FILE: Final = "owner.json"
ANSWERS_WITHIN_S: Final = 30.0
LOOK_EVERY_S: Final = 0.02
STDIN: Final = 0
READ_BYTES: Final = 4_096


class Owner(Token, frozen=True, kw_only=True):
    """What the console needs in order to be signed in here."""

    url: str


def serve_owner(host: str, port: int, data_dir: Path) -> NoReturn:
    """Serve, and end the process; the owner's file is written once the server really answers, and taken away then.

    The interpreter is not taken down: a thread of granian's that has not ended by then aborts it, or waits for ever.
    """
    device, token = own_device()
    owner = Owner(
        access_token=token,
        member=device.member_id,
        device=device.pk,
        handle=device.member.handle,
        url=f"http://{host}:{port}",
    )
    file = data_dir / OWNER_FILE
    try:
        asyncio.run(_serve(host, port, file, encode(owner).decode()))
    finally:
        file.unlink(missing_ok=True)
    logging.shutdown()
    sys.stdout.flush()
    os._exit(0)


async def _serve(host: str, port: int, file: Path, owner: str) -> None:
    server = Server(application, address=host, port=port, interface=Interfaces.ASGI, log_enabled=False)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, server.stop)

    def stop_with_stdin() -> None:
        # Unbuffered: a daemon thread within sys.stdin's lock would abort the interpreter at its end.
        while os.read(STDIN, READ_BYTES):
            pass
        loop.call_soon_threadsafe(server.stop)

    threading.Thread(target=stop_with_stdin, name="stdin", daemon=True).start()
    serving = asyncio.ensure_future(server.serve())
    answering = asyncio.ensure_future(_answers(host, port))
    await asyncio.wait({serving, answering}, return_when=asyncio.FIRST_COMPLETED)
    if answering.done():
        answering.result()
        write_private(file, owner)
    else:
        answering.cancel()
    await serving


async def _answers(host: str, port: int) -> None:
    """Return as soon as the server answers.

    Raises:
        TimeoutError: it does not.
    """
    async with asyncio.timeout(ANSWERS_WITHIN_S):
        while not await asyncio.to_thread(_answers_now, host, port):  # noqa: ASYNC110 - another thread's listening has no event
            await asyncio.sleep(LOOK_EVERY_S)


def _answers_now(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=ANSWERS_WITHIN_S)
    try:
        connection.request("GET", "/api/about")
        return connection.getresponse().status == HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()
