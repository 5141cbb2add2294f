"""What the answer pack costs whoever writes a reply, on SQLite: CPU time, beside a reply that no alert is concerned by.

python -m tests.benchmarks.answer_pack            200 replies of each sort
python -m tests.benchmarks.answer_pack --full     2,000
"""

import argparse
import os
import time
from statistics import median
from tempfile import TemporaryDirectory

from tests.benchmarks.processes import verdict

REPLIES, FULL_REPLIES = 200, 2_000
CANDIDATES = 500
TARGET = 1.10
BODY = "It was the same here, and `journalctl --vacuum-size=1G` gave back 18 GB. " * 6
GROUP = "storage"


def measure(replies: int) -> dict[str, float]:
    """Return the median CPU milliseconds of a reply to each sort of thread, written turn by turn."""
    from rackside_protocol.ids import new_id  # noqa: PLC0415 - Django is set up by now
    from rackside_protocol.threads import Reply  # noqa: PLC0415 - as above
    from rackside_server.accounts.actions import join  # noqa: PLC0415 - as above
    from rackside_server.answers.models import Candidate  # noqa: PLC0415 - as above
    from rackside_server.commands.migrate import migrate  # noqa: PLC0415 - as above
    from rackside_server.feed.handlers import carry_out  # noqa: PLC0415 - as above
    from rackside_server.groups.actions import admit, save_group  # noqa: PLC0415 - as above
    from rackside_server.groups.models import Group  # noqa: PLC0415 - as above
    from rackside_server.threads import bulk  # noqa: PLC0415 - as above
    from rackside_server.threads.models import Post, Thread  # noqa: PLC0415 - as above

    migrate()
    group = Group(slug=GROUP, name="Storage")
    save_group(group)
    member = join("robinson", name="Robinson", is_staff=True)
    admit(group, member)
    of = {"author": member, "body": BODY, "created_ms": 1}
    asked = {"group": group, "title": "Full", "active_ms": 1, **of}
    plain = Thread(id=new_id(), **asked)
    candidates = [Thread(id=new_id(), signature="disk.used/ext4/", **asked) for _ in range(CANDIDATES)]
    bulk.add_threads([plain, *candidates])
    bulk.add_posts(Post(id=new_id(), thread=thread, **of) for thread in (plain, *candidates))
    for are_posts in (False, True):
        bulk.announce("", 2 * CANDIDATES, group=GROUP, posts=are_posts)
    packed = Candidate.objects.filter(packed=True).values_list("pk", flat=True)
    waiting = Candidate.objects.filter(packed=False).values_list("pk", flat=True)
    targets = {"no alert's": plain.pk, "waiting": waiting[0], "packed": packed[0]}
    taken: dict[str, list[float]] = {name: [] for name in targets}
    for _ in range(replies):
        for name, thread in targets.items():
            action = Reply(id=new_id(), thread=thread, body=BODY)
            began = time.process_time()
            carry_out(member, action)
            taken[name].append(time.process_time() - began)
    return {name: 1_000 * median(each) for name, each in taken.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--full", action="store_true")
    replies = FULL_REPLIES if parser.parse_args().full else REPLIES
    with TemporaryDirectory() as folder:
        os.environ |= {"RACKSIDE_DATA": folder, "DJANGO_SETTINGS_MODULE": "rackside_server.settings"}
        import django  # noqa: PLC0415 - reads the environment

        django.setup()
        cost = measure(replies)
    print(", ".join(f"{name} {each:.2f} ms" for name, each in cost.items()))
    for name in ("waiting", "packed"):
        print(
            verdict(
                f"a reply to a thread that is {name} / one that is no alert's", cost[name] / cost["no alert's"], TARGET
            )
        )


if __name__ == "__main__":
    main()
