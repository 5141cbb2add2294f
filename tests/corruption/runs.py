"""Many trials, over all ways of damage, on a console as it is closed and while it is open."""

from pathlib import Path
from random import Random
from typing import Final

from tests.corruption import trial
from tests.corruption.console import make
from tests.corruption.damage import ANYWHERE, CACHE, OF_CACHE, WAL, Damage, Others
from tests.corruption.trial import Figures
from tests.power.replay import scratch

OF_WAL: Final = 1 / 5
"""The share of trials that damage the WAL of a console that was killed."""
KILLED: Final = 1 / 4
"""The share of the others whose console was killed: what it did last is in the WAL."""


def damage(count: int, seed: int) -> dict[str, Figures]:
    """Damage so many mirrors; return what became of them by the way they were damaged."""
    random = Random(seed)  # noqa: S311 - repeatable on purpose
    found: dict[str, Figures] = {}
    with scratch() as folder:
        closed, running, once, bob = make(Path(folder) / "made", seed)
        others, home = Others.of(once, bob), Path(folder) / "home"
        home.mkdir()
        expected = {console.server: trial.Expected.of(console, home) for console in (closed, running)}
        for _ in range(count):
            file = WAL if random.random() < OF_WAL else CACHE
            console = running if file == WAL or random.random() < KILLED else closed
            name, change = _draw(random, ANYWHERE if file == WAL else OF_CACHE)
            damaged = change(console.files[file], random, others)
            figures = found.setdefault(f"`{file}`: {name}", Figures())
            trial.run(console, (file, damaged), expected[console.server], home, figures)
    return dict(sorted(found.items()))


def _draw(random: Random, ways: dict[str, tuple[Damage, int]]) -> tuple[str, Damage]:
    (name,) = random.choices(list(ways), [often for _, often in ways.values()])
    return name, ways[name][0]
