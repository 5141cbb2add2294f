"""`python -m tests.sync.keeper`: what a group's staff do, in a process beside the running server.

`invite TOKEN WORD` lets the member in whose token it is, and somebody writes the word in the group; `dismiss TOKEN`
shows her out.
"""

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import django

from rackside_protocol.ids import new_id

ROOT: Final = Path(__file__).parents[2]
GROUP: Final = "owners"


def keep(folder: Path, *words: str) -> None:
    """Do something to the data of a server that is running."""
    environment = {**os.environ, "RACKSIDE_DATA": str(folder)}
    subprocess.run([sys.executable, "-m", "tests.sync.keeper", *words], cwd=ROOT, env=environment, check=True)


def invite(token: str, word: str) -> None:
    from rackside_protocol.threads import Ask, Reply  # noqa: PLC0415 - beside its use
    from rackside_server.accounts.actions import join  # noqa: PLC0415 - Django is set up by now
    from rackside_server.accounts.tokens import device_of  # noqa: PLC0415 - as above
    from rackside_server.feed.handlers import carry_out  # noqa: PLC0415 - as above
    from rackside_server.feed.limits import lifted  # noqa: PLC0415 - as above
    from rackside_server.groups import actions  # noqa: PLC0415 - as above
    from rackside_server.groups.models import Group  # noqa: PLC0415 - as above

    group = Group.objects.filter(slug=GROUP).first() or Group(slug=GROUP, name="Owners", private=True)
    actions.save_group(group)
    writer = join(f"writer-{new_id()[-8:]}", name="Somebody")
    device = device_of(f"Bearer {token}")
    assert device is not None
    for member in (writer, device.member):
        actions.admit(group, member)
    question = Ask(id=new_id(), group=GROUP, title=f"About {word}", body=f"{word} " * 20, signature="disk.used//")
    with lifted():
        carry_out(writer, question)
        for number in range(50):
            carry_out(writer, Reply(id=new_id(), thread=question.id, body=f"{word} {number} " * 40))


def dismiss(token: str) -> None:
    from rackside_server.accounts.tokens import device_of  # noqa: PLC0415 - as above
    from rackside_server.groups import actions  # noqa: PLC0415 - as above

    device = device_of(f"Bearer {token}")
    assert device is not None
    actions.dismiss(device.member.group_memberships.get(group__slug=GROUP))


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "rackside_server.settings"
    django.setup()
    if sys.argv[1] == "invite":
        invite(*sys.argv[2:])
    else:
        dismiss(*sys.argv[2:])
