"""Give each row and each channel of an older feed its digest."""

from functools import reduce
from operator import xor

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from rackside_protocol.sync import row_digest


def digest(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Compute what `publish` keeps from now on."""
    rows = apps.get_model("feed", "FeedRow").objects.exclude(payload=None)
    for channel in apps.get_model("feed", "Channel").objects.all():
        held = rows.filter(channel=channel).values_list("version", "object_id", "payload")
        digests = [(row_digest(key, bytes(payload)), version) for version, key, payload in held.iterator()]
        with editor.connection.cursor() as cursor:
            cursor.executemany(
                "UPDATE feed_feedrow SET digest = %s WHERE channel_id = %s AND version = %s",
                [(value, channel.pk, version) for value, version in digests],
            )
        channel.digest = reduce(xor, (value for value, _ in digests), 0)
        channel.save()


class Migration(migrations.Migration):
    dependencies = [("feed", "0001_initial")]

    operations = [
        migrations.AddField("channel", "digest", models.BigIntegerField(default=0)),
        migrations.AddField("feedrow", "digest", models.BigIntegerField(default=0)),
        migrations.RunPython(digest, migrations.RunPython.noop),
    ]
