"""Scans from within a namespace and prints what was found as JSON: `scanning.py SUBNET [cancel after seconds]`."""

import sys
import threading
import time

import msgspec

from rackside.watch.discovery.scan import scan


def main() -> None:
    cancelled, told = threading.Event(), list[tuple[int, int, str]]()
    asked_s = float(sys.argv[2]) if len(sys.argv) > 2 else 0.0
    if asked_s:
        threading.Timer(asked_s, cancelled.set).start()
    began_s = time.monotonic()
    found = scan(sys.argv[1], cancelled=cancelled, on_progress=lambda *step: told.append(step))
    took_s = time.monotonic() - began_s
    sys.stdout.buffer.write(msgspec.json.encode({"scan": found, "told": told, "late_s": took_s - asked_s}))


if __name__ == "__main__":
    main()
