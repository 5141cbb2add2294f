"""A slow link: what the router sends to the server goes by way of this program, which keeps each packet for a while.

`tc netem` does that better, and is not in every kernel that this runs on.
"""

import fcntl
import os
import struct
import sys
import time
from collections import deque
from pathlib import Path
from select import select
from typing import Final

TUNNEL: Final = "slow0"
TUNSETIFF: Final = 0x400454CA
IFF_TUN: Final = 0x0001
IFF_NO_PI: Final = 0x1000
MOST_BYTES: Final = 65_535
IDLE_S: Final = 0.5


def main(delay_s: float) -> None:
    """Delay packets until it is killed."""
    tunnel = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(tunnel, TUNSETIFF, struct.pack("16sH", TUNNEL.encode(), IFF_TUN | IFF_NO_PI))
    waiting: deque[tuple[float, bytes]] = deque()
    Path(sys.argv[2]).touch()
    while True:
        wait_s = max(0.0, waiting[0][0] - time.monotonic()) if waiting else IDLE_S
        if select([tunnel], [], [], wait_s)[0]:
            waiting.append((time.monotonic() + delay_s, os.read(tunnel, MOST_BYTES)))
        while waiting and waiting[0][0] <= time.monotonic():
            os.write(tunnel, waiting.popleft()[1])


if __name__ == "__main__":
    main(float(sys.argv[1]))
