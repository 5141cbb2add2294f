"""Clocks that jump: the wall clock of this process stands another year every few moments; the monotonic one goes on."""

import random
import threading
import time
from typing import Final

from rackside_protocol import ids

YEAR_S: Final = 365 * 24 * 60 * 60
HOUR_S: Final = 60 * 60
OFFSETS_S: Final = (0, HOUR_S, -HOUR_S, YEAR_S, -YEAR_S)
LONGEST_CALM_S: Final = 0.4
MOMENT_DIGITS: Final = 12

_wall_s, _wall_ns = time.time, time.time_ns
_make_id = ids.new_id


class _Clock:
    offset_s = 0


def let_jump(seed: int) -> None:
    """From now on `time.time` and `time.time_ns` jump, by hours and by years, both ways."""
    time.time = lambda: _wall_s() + _Clock.offset_s
    time.time_ns = lambda: _wall_ns() + _Clock.offset_s * 10**9
    threading.Thread(target=_jump, args=(seed,), daemon=True).start()


def new_id() -> str:
    """Make an id of the moment that this process's clock shows."""
    return f"{time.time_ns() // 10**6:0{MOMENT_DIGITS}x}{_make_id()[MOMENT_DIGITS:]}"


def _jump(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - repeatable on purpose
    while True:
        time.sleep(chance.uniform(0, LONGEST_CALM_S))
        _Clock.offset_s = chance.choice(OFFSETS_S)
