"""`python -m tests.fleet`: the full size; its figures are for docs/ledger.md."""

import argparse
import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import django

Row = tuple[str, str]


def main() -> None:
    """Let fleets live, each on a server of its own, and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.fleet")
    parser.add_argument("--seeds", type=int, nargs="+", default=[2026, 2027, 2028])
    options = parser.parse_args()
    with TemporaryDirectory(prefix="rackside-fleet-") as folder:
        _set_up(Path(folder))
        from tests.fleet.simulate import imagined  # noqa: PLC0415 - Django is set up by now

        columns = []
        for seed in options.seeds:
            with imagined():
                columns.append(list(_figures(seed)))
    print("\n".join(_table(options.seeds, columns)))  # noqa: T201 - a command


def _set_up(folder: Path) -> None:
    os.environ["RACKSIDE_DATA"] = str(folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rackside_server.settings")
    django.setup()
    from rackside_server.commands.migrate import migrate  # noqa: PLC0415 - Django is set up by now

    migrate()


def _figures(seed: int) -> Iterator[Row]:
    from tests.fleet import claims  # noqa: PLC0415 - Django is set up by now
    from tests.fleet.simulate import Fleet, Order  # noqa: PLC0415 - as above
    from tests.fleet.world import World  # noqa: PLC0415 - as above

    def told(order: Order) -> str:
        return f"{order.right} of {order.of} ({order.share:.1%})"

    fleet = Fleet(World(seed=seed))
    began = time.monotonic()
    reports = fleet.live()
    each_ms = (time.monotonic() - began) / reports * 1_000
    yield "reports", f"{reports:,}, {each_ms:.0f} ms each"
    yield "pairs that differ by 15 points, in order", told(fleet.order())
    yield "fixes that cure, above one that rides on an alert which heals itself", told(claims.riding(fleet))
    machines, counted = claims.machines_counted(fleet)
    yield "machines of one organisation, counted as", f"{machines}, {counted}"
    for name, ring in (
        ("a worthless fix below the top three: nobody praises it, 20 try it", claims.Ring(honest=20)),
        ("the same: ten newcomers praise it", claims.Ring(newcomers=10)),
        ("the same: ten newcomers praise it, 20 try it", claims.Ring(newcomers=10, honest=20)),
        ("the same: ten members of the fleet praise it", claims.Ring(seasoned=10)),
        ("the same: ten members of the fleet praise it, 20 try it", claims.Ring(seasoned=10, honest=20)),
    ):
        yield name, told(claims.below_top(fleet, ring))


def _table(seeds: Sequence[int], columns: Sequence[Sequence[Row]]) -> Iterator[str]:
    yield f"| | {' | '.join(f'seed {seed}' for seed in seeds)} |"
    yield "|---" * (len(seeds) + 1) + "|"
    for rows in zip(*columns, strict=True):
        yield f"| {rows[0][0]} | {' | '.join(figure for _, figure in rows)} |"


if __name__ == "__main__":
    main()
