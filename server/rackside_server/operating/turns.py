"""One process at a time: who may do the work that is done once for all processes and machines of this server."""

from rackside_server.feed.clock import now_ms
from rackside_server.operating.models import Turn


def take(work: str, every_ms: int) -> bool:
    """Take the turn if nobody took it for so long; of several processes that try at once, one is told yes.

    A single UPDATE decides, so that it holds on any database and leaves nothing locked if the process dies. A turn that
    lies further ahead than the time between two was taken by a clock that was wrong, and binds nobody.
    """
    now = now_ms()
    taken = {"began_ms__gt": now - every_ms, "began_ms__lt": now + every_ms}
    if Turn.objects.filter(pk=work, **taken).exists():
        return False
    Turn.objects.bulk_create([Turn(pk=work)], ignore_conflicts=True)
    return bool(Turn.objects.filter(pk=work).exclude(**taken).update(began_ms=now))


def done(work: str, did: dict[str, int]) -> None:
    """Note that the work of this turn is done, and what it did."""
    Turn.objects.filter(pk=work).update(ended_ms=now_ms(), did=did)
