"""`rackside-server status`: how the server is, whether it runs or not, and what to do about what is wrong."""

import argparse
from typing import Any

import msgspec

from rackside_server.cli import ALL_WELL, WENT_WRONG, OperatorError, say, set_up
from rackside_server.commands.migrate import missing
from rackside_server.configuration import MEASURES_FOLDER, read_configuration

SHOWN = 5


def run(options: argparse.Namespace) -> int:
    """Print facts and problems; fail if there is a problem."""
    set_up()
    from django.db import Error  # noqa: PLC0415 - Django is set up by now

    from rackside_server.operating import facts, rules  # noqa: PLC0415 - as above

    configuration = read_configuration()
    try:
        if missing():
            raise OperatorError("Database: migrations are missing. Run rackside-server migrate.")
        now = facts.read_facts()
    except Error as error:
        raise OperatorError(f"Database: it cannot be reached: {error}. Check DATABASE_URL.") from error
    figures = facts.read_figures(configuration.data_dir / MEASURES_FOLDER)
    found = list(rules.problems(now, figures, backups_elsewhere=configuration.backups_elsewhere))
    said: dict[str, Any] = {
        **msgspec.to_builtins(now),
        "figures": msgspec.to_builtins(figures),
        "problems": [each._asdict() for each in found],
    }
    say(options, said, "\n".join([*_lines(now, figures), "", *(map(str, found) if found else ["All is well."])]))
    return WENT_WRONG if found else ALL_WELL


def _lines(now: Any, figures: Any) -> list[str]:  # noqa: ANN401 - their modules want Django, which is set up later
    """Return the facts as lines for a person."""
    from rackside_server.operating import words  # noqa: PLC0415 - Django is set up by now

    lines = [f"{name:<20} {value}" for name, value in words.described(now, figures)]
    for title, counted in (("Slow statements", figures.slow), ("Errors by logger", figures.errors)):
        lines += ["", f"{title} since the start:"] if counted else []
        lines += [f"{number:>8,}  {name}" for name, number in list(counted.items())[:SHOWN]]
    return lines
