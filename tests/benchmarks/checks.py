"""500 checks a minute: the CPU that they take, of 10 % of a core, and that targets which hang delay no others.

python -m tests.benchmarks.checks [--seconds N]
"""

import argparse
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing import Process, Queue
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import msgspec

from rackside.store.checks import Watched
from rackside.watch.checking import TICK_S, Checker
from rackside.watch.checks.check import Check
from rackside.watch.checks.http import Http
from rackside.watch.checks.tcp import Ssh, Tcp

HOST: Final = "127.0.0.1"
CHECKS: Final = 500
HANGING: Final = 50
EVERY_S: Final = 60.0
LIMIT: Final = 0.10
"""Of one core."""


class Page(BaseHTTPRequestHandler):
    """Answers everything."""

    def do_GET(self) -> None:
        """Say that all is well."""
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"well")

    def log_message(self, *_: object) -> None:
        """Stay silent."""


def main() -> None:
    """Print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=EVERY_S)
    seconds = parser.parse_args().seconds
    ports: Queue[int] = Queue()
    servers = Process(target=_serve, args=(ports,), daemon=True)
    servers.start()
    page, silent = ports.get(), ports.get()
    kinds: list[Check] = [Http(url=f"http://{HOST}:{page}/", keyword="well"), Tcp(host=HOST, port=page)]
    listed = [kinds[number % 2] for number in range(CHECKS - HANGING)] + [Ssh(host=HOST, port=silent)] * HANGING
    with TemporaryDirectory() as home:
        checker = Checker(Path(home))
        now_s = time.monotonic()
        checker.standings.load([_watched(number, check) for number, check in enumerate(listed)], now_s)
        began = time.process_time()
        done = 0
        while time.monotonic() < now_s + seconds:
            checker.begin_due(time.monotonic())
            done += len({reading.component for reading in checker.take()})
            time.sleep(TICK_S)
        share = (time.process_time() - began) / seconds
    servers.terminate()
    print(f"{done} checks done of {(CHECKS - HANGING) * seconds / EVERY_S:.0f} due, beside {HANGING} targets that hang")
    print(f"{100 * share:.1f} % of a core, ratio to {100 * LIMIT:.0f} %: {share / LIMIT:.2f}")


def _watched(number: int, check: Check) -> Watched:
    return Watched(label=f"check {number}", check=msgspec.Raw(msgspec.json.encode(check)), every_s=EVERY_S)


def _serve(ports: "Queue[int]") -> None:
    server = ThreadingHTTPServer((HOST, 0), Page)
    server.request_queue_size = CHECKS
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with socket.create_server((HOST, 0), backlog=CHECKS) as silent:
        ports.put(server.server_port)
        ports.put(silent.getsockname()[1])
        held = []
        while True:
            held.append(silent.accept())


if __name__ == "__main__":
    main()
