"""What the commands of the command line have in common; each file beside holds the commands of one subject."""

import argparse
from collections.abc import Callable
from typing import Final, NamedTuple, Protocol, TypeAlias

Printed: TypeAlias = tuple[object, str]
"""What a command answers: for `--json`, and as text for a person."""
Run: TypeAlias = Callable[[argparse.Namespace], object]
LARGEST: Final = 1_000_000.0


class Checked(NamedTuple):
    """What a command answers that has an exit code of its own."""

    printed: Printed
    code: int


class Failure(Exception):  # noqa: N818 - it is a sentence for a person, not an error of ours
    """The command cannot do it; the sentence says why and what to do."""


class Add(Protocol):
    """Adds a command, or one below another command; what it does is its help."""

    def __call__(self, name: str, run: Run) -> argparse.ArgumentParser:
        """Return the parser of its words."""
        ...


def add_command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    shared: argparse.ArgumentParser,
    name: str,
    run: Run,
    *own: argparse.ArgumentParser,
) -> argparse.ArgumentParser:
    """Add a command to those of a parser; `shared` holds the options of all, and `own` such as stand elsewhere, too."""
    made = commands.add_parser(name, help=run.__doc__, description=run.__doc__, parents=[shared, *own])
    made.set_defaults(run=run)
    return made


def number(text: str) -> float:
    """Read a number that is typed for an option.

    Raises:
        ValueError: it is none, infinite, or beyond a million.
    """
    found = float(text)
    if not abs(found) <= LARGEST:
        raise ValueError(text)
    return found
