"""`python -m tests.fleet`: the full size; its figures are for docs/ledger.md."""

import argparse
import os
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import django


def main() -> None:
    """Let a fleet live on a server of its own, and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.fleet")
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--signatures", type=int, default=40)
    parser.add_argument("--consoles", type=int, default=2_000)
    options = parser.parse_args()
    with TemporaryDirectory(prefix="rackside-fleet-") as folder:
        _set_up(Path(folder))
        from tests.fleet.simulate import Fleet  # noqa: PLC0415 - Django is set up by now
        from tests.fleet.world import Size, World  # noqa: PLC0415 - as above

        began = time.monotonic()
        fleet = Fleet(World(Size(options.consoles, options.signatures), options.seed))
        made = time.monotonic()
        reports = fleet.live()
        lived = time.monotonic()
        print(reports, made - began, lived - made, fleet.order(), fleet.order().share)


def _set_up(folder: Path) -> None:
    os.environ["RACKSIDE_DATA"] = str(folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rackside_server.settings")
    django.setup()
    from rackside_server.commands.migrate import migrate  # noqa: PLC0415 - Django is set up by now

    migrate()


if __name__ == "__main__":
    main()
