"""`python -m tests.postgres.people 4 20`: make 4 groups and 20 members who follow all of them, signed in on a device.

They are of the staff, whom no limits bind; their ids and tokens are printed.
"""

import json
import os
import sys
from typing import Final

import django

SLUG: Final = "rack-{}"


def main() -> None:
    """Make them."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "rackside_server.settings"
    django.setup()
    print(json.dumps(people(int(sys.argv[1]), int(sys.argv[2]))))  # noqa: T201 - a command


def people(groups: int, members: int) -> list[dict[str, str]]:
    from rackside_server.accounts.actions import join, open_device  # noqa: PLC0415 - Django is set up by now
    from rackside_server.groups.actions import save_group  # noqa: PLC0415 - as above
    from rackside_server.groups.models import Group  # noqa: PLC0415 - as above

    for number in range(groups):
        save_group(Group(slug=SLUG.format(number), name=f"Rack {number}"))
    made = []
    for number in range(members):
        member = join(f"member-{number}", is_staff=True)
        made.append({"id": member.pk, "token": open_device(member, "a laptop", "linux")[1]})
    return made


if __name__ == "__main__":
    main()
