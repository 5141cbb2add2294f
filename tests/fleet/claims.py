"""What the ledger promises, tried on a fleet that has lived: rings, a park of machines, fixes that ride on luck."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from rackside_protocol.answers import alert_kind
from rackside_server.accounts.models import Member
from rackside_server.accounts.organisation import organisation_of
from rackside_server.answers import ledger
from tests.fleet.simulate import CLEAR_DIFFERENCE, Fleet, Order, imagined
from tests.fleet.world import Console, Fix, Trouble, chance, report

RING: Final = 10
TOP: Final = 3
WORTHLESS: Final = -1
"""The number of the fix that a ring praises."""


class Ring(NamedTuple):
    """Who praises a worthless fix, and how many organisations try it besides and tell the truth."""

    newcomers: int = 0
    seasoned: int = 0
    honest: int = 0


def below_top(fleet: Fleet, ring: Ring) -> Order:
    """Count for how many alerts a ring has its fix below the top three, of those that three fixes clearly cure."""
    troubles = [each for each in fleet.world.troubles if _cured(each) >= TOP]
    return Order(sum(_place(fleet, trouble, ring) > TOP for trouble in troubles), len(troubles))


def _cured(trouble: Trouble) -> int:
    return sum(trouble.worth(fix) >= CLEAR_DIFFERENCE for fix in trouble.fixes)


def _place(fleet: Fleet, trouble: Trouble, ring: Ring) -> int:
    """Return the place, from 1, of a worthless fix that a ring praises."""
    with imagined():
        friend, *newcomers = join(fleet, ring.newcomers + 1)
        fix = Fix(WORTHLESS, friend.number, 0.0)
        fleet.answer(trouble, [fix])
        random = chance(f"{fleet.world.seed} {trouble.signature}")
        tried = random.sample(_one_of_each(fleet), ring.honest + ring.seasoned)
        told = [report(each, trouble, fix, random) for each in tried[: ring.honest]]
        praising = [*newcomers, *tried[ring.honest :]]
        told += [report(each, trouble, fix, random)._replace(cleared=True) for each in praising]
        for each in random.sample(told, len(told)):
            fleet.tell(each)
        for console in [*newcomers, *tried]:
            ledger.weigh(organisation_of(fleet.members[console.number]))
        return fleet.ranked([trouble], (trouble, fix)).index(fix) + 1


def join(fleet: Fleet, count: int) -> list[Console]:
    """Let people join, each in an organisation of her own, who have not reported on anything yet."""
    first = len(fleet.members)
    new = [
        Console(number, -number, f"n{number}@new{number}.example", trust_level=0, habit="honest")
        for number in range(first, first + count)
    ]
    fleet.members += Member.objects.bulk_create(map(fleet.member, new))
    return new


def _one_of_each(fleet: Fleet) -> Sequence[Console]:
    return list({each.organisation: each for each in fleet.world.consoles}.values())


def machines_counted(fleet: Fleet) -> tuple[int, int]:
    """Return how many machines of the largest organisation praise a fix, and as how many they are counted."""
    park = [each for each in fleet.world.consoles if each.organisation == 0]
    trouble = fleet.world.troubles[0]
    with imagined():
        (friend,) = join(fleet, 1)
        fix = Fix(WORTHLESS, friend.number, 0.0)
        fleet.answer(trouble, [fix])
        for console in park:
            fleet.tell(report(console, trouble, fix, chance(console.number))._replace(cleared=True))
        record = fleet.record(trouble, fix)
    return len(park), record.all.tried if record else 0


def riding(fleet: Fleet) -> Order:
    """Count the fixes that clearly cure, and stand above one of the same kind that rides on an alert which heals."""
    above = []
    for trouble in fleet.world.troubles:
        for idle in (fix for fix in trouble.fixes if not fix.cure):
            for other in fleet.world.troubles:
                if alert_kind(other.signature) == alert_kind(trouble.signature):
                    ranked = fleet.ranked(list({trouble, other}))
                    cures = [fix for fix in other.fixes if other.worth(fix) >= CLEAR_DIFFERENCE]
                    above += [ranked.index(fix) < ranked.index(idle) for fix in cures]
    return Order(sum(above), len(above))
