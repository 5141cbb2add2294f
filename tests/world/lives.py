"""The lives of five consoles and a server, as a state machine, and as random walks that are the same each time."""

import shutil
from collections.abc import Callable
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, Final

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from rackside.sync import engine
from rackside_server.feed import pull
from tests.kernel.cast import DAY_MS
from tests.world.deeds import KINDS
from tests.world.server import FILE, INSIDERS, found, using
from tests.world.world import Broken, World, clock_ahead

CONSOLES: Final = 5
MEMORY: Final = Path("/dev/shm")  # noqa: S108 - a life's folder has a name of its own
"""Where there is one: kills leave what was written, so no disk is needed."""
FAULTS: Final = ("lost request", "lost answer", "repeated")
STEPS: Final = 30
PAGE_ROWS: Final = 9
MOST_ROUNDS: Final = 200
who = st.integers(0, CONSOLES - 1)
pick = st.integers(0, 30)
line = st.integers(1, 1_500)


def make_pages_small(patch: pytest.MonkeyPatch) -> None:
    """Let a pass take several pages, and one without end be found out soon."""
    patch.setattr(pull, "MAX_ROWS", PAGE_ROWS)
    patch.setattr(engine, "MOST_ROUNDS", MOST_ROUNDS)


class Community:
    """A community's file to begin every life with."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / FILE
        self.tokens = found(self.file)


def machine(community: Community) -> Any:  # noqa: C901 - a class that is made here, with a rule for each step
    """Make the state machine whose every life begins with a community."""

    class Life(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            with ExitStack() as opened:
                memory = MEMORY if MEMORY.is_dir() else None
                folder = Path(opened.enter_context(TemporaryDirectory(prefix="rackside-world-", dir=memory)))
                (folder / "server").mkdir()
                shutil.copyfile(community.file, folder / "server" / FILE)
                opened.enter_context(using(folder / "server" / FILE))
                self.world = opened.enter_context(closing(World(folder, community.tokens)))
                self.open = opened.pop_all()

        @rule(who=who, kind=st.sampled_from(sorted(KINDS)), pick=pick)
        def act(self, who: int, kind: str, pick: int) -> None:
            self.world.act(who, kind, pick)

        @rule(who=who, kind=st.sampled_from(["threads.ask", "threads.reply"]), pick=pick)
        def write(self, who: int, kind: str, pick: int) -> None:
            self.world.act(who, kind, pick)

        @rule(who=who, pick=pick, line=st.integers(1, 25))
        def act_and_be_killed(self, who: int, pick: int, line: int) -> None:
            self.world.act(who, "threads.ask", pick, line)

        @rule(who=who)
        def sync(self, who: int) -> None:
            self.world.sync(who)

        @rule()
        def all_sync(self) -> None:
            for each in range(CONSOLES):
                self.world.sync(each)

        @rule(who=who)
        def one_round(self, who: int) -> None:
            self.world.sync(who, once=True)

        @rule(who=who, fault=st.sampled_from(FAULTS))
        def sync_over_a_bad_line(self, who: int, fault: str) -> None:
            self.world.server.fault = fault
            self.world.sync(who)
            self.world.server.fault = ""

        @rule(who=who, line=line)
        def kill_the_console(self, who: int, line: int) -> None:
            self.world.sync(who, kill_line=line)

        @rule(who=who, line=line)
        def kill_the_server(self, who: int, line: int) -> None:
            self.world.server.kill_line = line
            self.world.sync(who)
            self.world.server.kill_line = 0

        @rule(who=who, days=st.sampled_from([-400, -1, 1, 400]))
        def sync_with_a_wrong_clock(self, who: int, days: int) -> None:
            with clock_ahead(days * DAY_MS):
                self.world.sync(who)

        @rule(days=st.sampled_from([-2, 0, 2]))
        def set_the_servers_clock(self, days: int) -> None:
            self.world.server.ahead_ms = days * DAY_MS

        @rule(who=who, pick=pick)
        def dismiss_or_retry(self, who: int, pick: int) -> None:
            self.world.dismiss_or_retry(who, pick)

        @rule(pick=pick)
        def moderate(self, pick: int) -> None:
            self.world.moderate(pick)

        @rule(who=who)
        def trim(self, who: int) -> None:
            self.world.trim(who)

        @rule(handle=st.sampled_from([*INSIDERS, "charlie"]), inside=st.booleans())
        def join_or_leave(self, handle: str, *, inside: bool) -> None:
            self.world.server.set_inside(handle, inside=inside)

        @rule()
        def forget_deletions(self) -> None:
            self.world.server.forget_deletions()

        @rule()
        def back_up(self) -> None:
            self.world.server.back_up()

        @rule(by_the_book=st.booleans())
        def restore(self, *, by_the_book: bool) -> None:
            self.world.server.restore(by_the_book=by_the_book)

        @rule(who=who, pick=pick)
        def forget_what_was_deleted_while_others_were_away(self, who: int, pick: int) -> None:
            self.world.act(who, "threads.ask", 0)
            self.world.sync(who)
            self.all_sync()
            self.world.moderate(pick)
            self.world.act(who, "threads.ask", 0)
            self.world.sync(who)
            self.world.server.forget_deletions()

        @rule(who=who, line=st.integers(300, 900))
        def restore_what_was_acknowledged_before_a_kill(self, who: int, line: int) -> None:
            self.world.sync(who)
            self.world.server.back_up()
            self.world.act(who, "threads.ask", 0)
            self.world.sync(who, kill_line=line)
            self.world.server.restore(by_the_book=False)

        def teardown(self) -> None:
            try:
                self.world.settle()
            finally:
                self.shut()

        def shut(self) -> None:
            self.open.close()

    return Life


def wander(life: Any, random: Random) -> None:
    """Take random steps, more often those after which something can be wrong."""
    for _ in range(STEPS):
        who, pick, often = random.randrange(CONSOLES), random.randrange(30), random.random() < 0.5
        steps: list[Callable[[], object]] = [
            *3 * [partial(life.write, who, random.choice(["threads.ask", "threads.reply"]), pick)],
            *3 * [partial(life.act, who, random.choice(sorted(KINDS)), pick)],
            *4 * [partial(life.sync, who)],
            life.all_sync,
            partial(life.one_round, who),
            partial(life.sync_over_a_bad_line, who, random.choice(FAULTS)),
            partial(life.kill_the_console, who, random.randrange(1, 1_500)),
            partial(life.kill_the_server, who, random.randrange(1, 1_500)),
            partial(life.moderate, pick),
            *3 * [partial(life.trim, who)],
            partial(life.join_or_leave, random.choice(INSIDERS), inside=often),
            life.forget_deletions,
            life.back_up,
            partial(life.restore, by_the_book=often),
            partial(life.restore_what_was_acknowledged_before_a_kill, who, random.randrange(300, 900)),
            partial(life.forget_what_was_deleted_while_others_were_away, who, pick),
        ]
        random.choice(steps)()


def broken_after(community: Community, lives: int) -> tuple[int, str]:
    """Wander through lives, the same each time, until something is broken; return in which life, from 1, and what."""
    for seed in range(lives):
        life = machine(community)()
        try:
            wander(life, Random(seed))  # noqa: S311 - repeatable on purpose
            life.teardown()
        except Broken as broken:
            return seed + 1, str(broken)
        finally:
            life.shut()
    return 0, ""
