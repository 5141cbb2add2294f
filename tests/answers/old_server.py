"""`python -m tests.answers.old_server`: writes an answered thread, and takes the database back to before the pack."""

import os

import django

from rackside_protocol.ids import new_id


def main() -> None:
    """Do both in the data folder of the environment."""
    from django.core.management import call_command  # noqa: PLC0415 - Django is set up by now

    from rackside_protocol.threads import Ask, Reply  # noqa: PLC0415 - beside its use
    from rackside_server.accounts.actions import join  # noqa: PLC0415 - as above
    from rackside_server.feed.handlers import carry_out  # noqa: PLC0415 - as above
    from rackside_server.feed.limits import lifted  # noqa: PLC0415 - as above
    from rackside_server.feed.models import FeedRow  # noqa: PLC0415 - as above
    from rackside_server.groups.actions import save_group  # noqa: PLC0415 - as above
    from rackside_server.groups.models import Group  # noqa: PLC0415 - as above

    save_group(Group(slug="storage", name="Storage"))
    member = join("robinson", name="Robinson")
    question = Ask(id=new_id(), group="storage", title="Full", body="It is full.", signature="disk.used/ext4/")
    with lifted():
        for action in (question, Reply(id=new_id(), thread=question.id, body="Empty it.")):
            carry_out(member, action)
    FeedRow.objects.filter(kind="packed_answer").delete()
    call_command("migrate", "answers", "zero", verbosity=0)


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "rackside_server.settings"
    django.setup()
    main()
