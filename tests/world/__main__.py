"""`python -m tests.world --lives 300`: the full size; its figures are written to docs/world.md."""

import argparse
import logging
import os
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import django
import pytest

ROOT: Final = Path(__file__).parents[2]
DOCUMENT: Final = ROOT / "docs" / "world.md"
TEXT: Final = """# Lives of five consoles and a server

`python -m tests.world --lives {lives}` lets five consoles of four members, two of them one member's, and one
server live through 30 random steps each time: every kind of action, syncs to the end and for one round, lost and
repeated answers, SIGKILL at any line of either side, backups and restores with and without a new time-line, moderation,
joining and leaving, deletions forgotten, caches trimmed. Store, engine, HTTP client and Django are the real ones, in
one process.

After every step nothing acknowledged may be lost or doubled, nothing of a lost channel left, what somebody made is in
view, fresh state equals old state plus changes, and who has synced equals the server byte for byte and by digest. At
the end all sync, and every outbox drains. `pytest tests/world` does the same at a small size as a state machine of
Hypothesis, with wrong clocks besides.

{lives} lives: {broken}. {minutes:.0f} min.

| planted bug | found in life |
|---|---|
{found}
"""


def main() -> None:
    """Live, plant the bugs one by one, write the figures down, and fail if a life broke or a bug was not found."""
    parser = argparse.ArgumentParser(prog="python -m tests.world")
    parser.add_argument("--lives", type=int, default=300)
    lives = parser.parse_args().lives
    began = time.monotonic()
    with TemporaryDirectory(prefix="rackside-world-") as folder:
        _set_up(Path(folder))
        broken, found = _live(Path(folder), lives)
    text = TEXT.format(
        lives=lives,
        broken=broken or "none broke",
        minutes=(time.monotonic() - began) / 60,
        found="\n".join(f"| {bug} | {life} |" for bug, life in found.items()),
    )
    DOCUMENT.write_text(text)
    print(text)  # noqa: T201 - a command
    raise SystemExit(1 if broken or "not found" in found.values() else 0)


def _set_up(folder: Path) -> None:
    os.environ["RACKSIDE_DATA"] = str(folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rackside_server.settings")
    django.setup()
    # No level: one planted bug is seen by nothing but a warning of the mirror, which a life listens to.
    logging.getLogger().addHandler(logging.NullHandler())


def _live(folder: Path, lives: int) -> tuple[str, dict[str, str]]:
    """Return what broke without a bug, if anything did, and in which life each bug was found."""
    from tests.world.bugs import BUGS  # noqa: PLC0415 - Django is set up by now
    from tests.world.lives import Community, broken_after, make_pages_small  # noqa: PLC0415 - as above

    community = Community(folder)
    found = {}
    with pytest.MonkeyPatch.context() as patch:
        make_pages_small(patch)
        life, what = broken_after(community, lives)
        for bug, plant in BUGS.items():
            with pytest.MonkeyPatch.context() as planted:
                plant(planted)
                found[bug] = str(broken_after(community, lives)[0] or "not found")
    return (f"life {life} broke: {what}" if life else ""), found


if __name__ == "__main__":
    main()
