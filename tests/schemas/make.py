"""Write down the databases of a release, with a few rows in each, as SQL: run it once, with the code of that release.

    RACKSIDE_DATA=$(mktemp -d) python tests/schemas/make.py tests/schemas/VERSION

What is made is committed and never changed again: it is what installations hold. That of 0.1.0 was made with the last
commit before the feed kept digests, when `outbox.settle` did not take the member yet.
"""

import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from rackside_server import wsgi  # isort: skip - it sets Django up for what follows
from rackside.store import Store, local, outbox
from rackside.watch.model import Alert
from rackside_protocol.groups import JoinGroup
from rackside_protocol.ideas import Propose, VoteIdea
from rackside_protocol.ids import new_id
from rackside_protocol.people import EditProfile
from rackside_protocol.sync import Outcome, Position
from rackside_protocol.threads import Accept, Ask, Delete, Reply, VoteHelpful
from rackside_server.accounts import actions as accounts
from rackside_server.commands.migrate import migrate
from rackside_server.configuration import read_configuration
from rackside_server.feed import limits
from rackside_server.feed.handlers import carry_out
from rackside_server.groups import actions as groups
from rackside_server.groups.models import Group
from rackside_server.sponsors import actions as sponsors
from rackside_server.sponsors.models import Campaign, Vendor

NOW_S = 1_780_000_000.0

assert wsgi.application


def main(folder: Path) -> None:
    """Make the databases in the data folder; write them into `folder` as SQL."""
    folder.mkdir(parents=True, exist_ok=True)
    made = read_configuration().data_dir
    _desktop(made)
    _community()
    for name in ("outbox", "local", "community"):
        (folder / f"{name}.sql").write_text(_dumped(made / f"{name}.db"), encoding="utf-8")


def _dumped(file: Path) -> str:
    with closing(sqlite3.connect(file)) as opened:
        version = opened.execute("PRAGMA user_version").fetchone()[0]
        return "\n".join([*opened.iterdump(), f"PRAGMA user_version = {version};", ""])


def _community() -> None:
    """A community of two members with a question, an answer, votes, a feature, a campaign, and something deleted."""

    migrate()
    for slug, private in (("linux-servers", False), ("msp-owners", True)):
        groups.save_group(Group(slug=slug, name=slug.replace("-", " ").title(), private=private))
    alice, bob = accounts.join("alice", "correct horse battery", name="Alice"), accounts.join("bob", name="Bob")
    accounts.open_device(alice, "Alice's console", "linux")
    groups.admit(Group.objects.get(slug="msp-owners"), bob)
    ask = Ask(id=new_id(), group="linux-servers", title="Why is /var full?", body="df says 100 %.", tags=["disk"])
    reply = Reply(id=new_id(), thread=ask.id, body="journald. Vacuum it.")
    wrong = Ask(id=new_id(), group="linux-servers", title="Never mind this", body="It was nothing.")
    idea = Propose(id=new_id(), title="Dark icons", body="For the dark theme.")
    with limits.lifted():
        for member, action in (
            (alice, JoinGroup(id=new_id(), group="linux-servers")),
            (bob, JoinGroup(id=new_id(), group="linux-servers")),
            (alice, ask),
            (bob, reply),
            (alice, Accept(id=new_id(), thread=ask.id, post=reply.id)),
            (alice, VoteHelpful(id=new_id(), item=reply.id, item_kind="post", on=True)),
            (alice, wrong),
            (alice, Delete(id=new_id(), item=wrong.id, item_kind="thread")),
            (bob, Ask(id=new_id(), group="msp-owners", title="How do you price it?", body="Per seat?")),
            (bob, idea),
            (alice, VoteIdea(id=new_id(), idea=idea.id, on=True)),
            (bob, EditProfile(id=new_id(), name="Bob", headline="Storage")),
        ):
            outcome = carry_out(member, action)
            assert outcome.result == "done", outcome
    vendor = Vendor(slug="northvault", name="Northvault")
    sponsors.save_vendor(vendor)
    campaign = Campaign(
        vendor=vendor, title="Cold files", body="Cheaper.", link="https://northvault.example/", terms=["x"]
    )
    sponsors.save_campaign(campaign)
    sponsors.submit(campaign)
    sponsors.approve(campaign)


def _desktop(folder: Path) -> None:
    """A console with actions in every state, a draft, readings, alerts and a panel's story."""
    with Store.open(folder) as store:
        asks = [Ask(id=new_id(), group="linux-servers", title=f"Question {number}", body="Why?") for number in range(4)]
        for ask in asks[:3]:
            outbox.put(store, ask)
        outbox.take(store, 3)
        sent, refused = asks[0].id, asks[1].id
        position = Position(channel="group:linux-servers", version=7, tag=11)
        done = Outcome(id=sent, result="done", at=[position])
        too_many = Outcome(id=refused, result="refused", reason="too_many", message="Wait a day.")
        outbox.settle(store, [done, too_many], new_id())
        outbox.put(store, asks[3])
        outbox.save_draft(store, "ask", '{"title": "Half a thought"}')
        local.add_readings(store, {"cpu.used_share": [(NOW_S + each, 0.25 + each) for each in range(3)]})
        for number, cleared_s in enumerate((0.0, NOW_S)):
            raised = Alert(
                id=f"{number:032x}", kind="disk.used", component="/var", severity="critical",
                summary="/var is 99 % full", signature="disk.used/ext4/", reading="disk.used /var", value=99.0,
                raised_at_s=NOW_S - 60, cleared_at_s=cleared_s,
            )  # fmt: skip
            local.put_alert(store, raised)
        local.add_panel_event(store, new_id(), "viewed", NOW_S)


if __name__ == "__main__":
    main(Path(sys.argv[1]).absolute())
