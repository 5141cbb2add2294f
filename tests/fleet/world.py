"""The machines, their alerts and fixes, and what their people report. Planted and seeded; knows nothing of a server."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Final, Literal, NamedTuple, TypeAlias

from rackside_protocol.answers import ALERT_KINDS

Habit: TypeAlias = Literal["honest", "opposite", "praise"]
LIARS: Final = 0.05
ORGANISATIONS: Final = 0.6
"""For each console: 1,200 of 2,000."""
LARGEST: Final = 0.15
"""Of all consoles, in one organisation: 300 of 2,000."""
ALONE: Final = 0.5
"""Of the organisations, single people with an address of a public provider."""
TRUST: Final = (0.50, 0.30, 0.15, 0.04, 0.01)
"""Share of members by trust level. An assumption: half have only just come."""
SELF_HEALING: Final = 0.25
"""Of the signatures."""
HEALS: Final = (0.2, 0.7)
RARELY_HEALS: Final = (0.0, 0.1)
CURES: Final = (0.1, 0.95)
UNTREATED: Final = 0.25
"""Of the consoles with an alert, that try nothing and say what became of it."""
LASTING: Final = 0.5
"""Of the alerts that cleared, that were seen to stay so for 30 days."""
SYSTEMS: Final = ("Debian 12", "Ubuntu 24", "RHEL 9", "Windows 2022")
AUTHORS: Final = 60
AUTHORS_TRUST: Final = 2


class Size(NamedTuple):
    """How large a fleet is; `outcomes` are organisations that report on each fix."""

    consoles: int = 2_000
    signatures: int = 40
    fixes: int = 5
    outcomes: int = 20


@dataclass(frozen=True)
class Console:
    """A machine with the member who sits at it, by number; `organisation` is whom she speaks for."""

    number: int
    organisation: int
    email: str
    trust_level: int
    habit: Habit


@dataclass(frozen=True)
class Fix:
    """An answer to an alert with the planted rate at which it cures; `author` is a console's number."""

    number: int
    author: int
    cure: float


@dataclass(frozen=True)
class Trouble:
    """An alert with the planted rate at which it clears by itself, and the fixes for it."""

    signature: str
    heals: float
    fixes: tuple[Fix, ...]

    def clears(self, fix: Fix | None) -> float:
        """Return the rate at which it clears where a fix was tried: nothing makes it clear less often."""
        return max(self.heals, fix.cure) if fix else self.heals

    def worth(self, fix: Fix) -> float:
        """Return a fix's planted rate of cures above the untreated rate."""
        return self.clears(fix) - self.heals


class Report(NamedTuple):
    """What a console's member tells the ledger."""

    console: int
    signature: str
    fix: int | None
    cleared: bool
    lasting: bool
    system: str


@dataclass(frozen=True)
class World:
    """A fleet of one size and seed."""

    size: Size = field(default_factory=Size)
    seed: int = 2026

    def __post_init__(self) -> None:
        """Plant everything, with one source of chance."""
        random = chance(self.seed)
        object.__setattr__(self, "random", random)
        object.__setattr__(self, "consoles", tuple(_consoles(self.size.consoles, random)))
        object.__setattr__(self, "troubles", tuple(_troubles(self, random)))

    random: Random = field(init=False)
    consoles: tuple[Console, ...] = field(init=False)
    troubles: tuple[Trouble, ...] = field(init=False)

    def reports(self) -> list[Report]:
        """Return what everybody reports until each fix has its outcomes, in an order of chance."""
        told = [report for trouble in self.troubles for report in self._about(trouble)]
        self.random.shuffle(told)
        return told

    def _about(self, trouble: Trouble) -> Iterator[Report]:
        tried: dict[Fix, set[int]] = {fix: set() for fix in trouble.fixes}
        for console in self.random.sample(self.consoles, len(self.consoles)):
            open_fixes = [
                fix
                for fix, by in tried.items()
                if len(by) < self.size.outcomes and self.consoles[fix.author].organisation != console.organisation
            ]
            if not open_fixes:
                continue
            fix = None if self.random.random() < UNTREATED else self.random.choice(open_fixes)
            if fix is not None:
                tried[fix].add(console.organisation)
            yield report(console, trouble, fix, self.random)
        if any(len(by) < self.size.outcomes for by in tried.values()):
            raise ValueError("the fleet is too small for so many outcomes")


def chance(seed: int | str) -> Random:
    """Return a source of chance that is the same each time."""
    return Random(seed)  # noqa: S311 - a simulation


def report(console: Console, trouble: Trouble, fix: Fix | None, random: Random) -> Report:
    """Let a console have an alert, try a fix or nothing, and tell what became of it, or not the truth."""
    cleared = random.random() < trouble.clears(fix)
    said = {"honest": cleared, "opposite": not cleared, "praise": True}[console.habit]
    return Report(
        console=console.number,
        signature=trouble.signature,
        fix=fix.number if fix else None,
        cleared=said,
        lasting=random.random() < LASTING,
        system=random.choice(SYSTEMS),
    )


def _consoles(count: int, random: Random) -> Iterator[Console]:
    """Yield the consoles: those of the largest organisation, one of each other one, and the rest as it comes."""
    organisations, largest = round(count * ORGANISATIONS), round(count * LARGEST)
    others = range(1, organisations)
    chosen = [0] * largest + [*others] + random.choices(others, k=count - largest - len(others))
    alone = {each for each in others if chosen.count(each) == 1 and random.random() < ALONE}
    for number, organisation in enumerate(chosen):
        yield Console(
            number=number,
            organisation=organisation,
            email=f"c{number}@gmail.com" if organisation in alone else f"c{number}@firm{organisation}.example",
            trust_level=random.choices(range(len(TRUST)), TRUST)[0],
            habit=random.choice(("opposite", "praise")) if random.random() < LIARS else "honest",
        )


def _troubles(world: World, random: Random) -> Iterator[Trouble]:
    """Yield the alerts, two of each kind; where one heals by itself, its first fix does nothing."""
    trusted = [each.number for each in world.consoles if each.trust_level >= AUTHORS_TRUST and each.habit == "honest"]
    authors = random.sample(trusted, min(AUTHORS, len(trusted)))
    kinds = sorted(ALERT_KINDS)
    for number in range(world.size.signatures):
        healing = number % round(1 / SELF_HEALING) == 0
        cures = [random.uniform(*CURES) for _ in range(world.size.fixes)]
        if healing:
            cures[0] = 0.0
        first = number * world.size.fixes
        yield Trouble(
            signature=f"{kinds[number // 2 % len(kinds)]}/class{number}/error",
            heals=random.uniform(*(HEALS if healing else RARELY_HEALS)),
            fixes=tuple(Fix(first + place, random.choice(authors), cure) for place, cure in enumerate(cures)),
        )
