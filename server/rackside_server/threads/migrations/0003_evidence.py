"""Give each "I have this too" whom it counts for and, if she likes, the context of her machine."""

from django.db import migrations, models


def count_for_themselves(apps, _editor):  # noqa: ANN001, ANN201 - Django's
    """Let the votes of before count for their members alone."""
    apps.get_model("threads", "MeTooVote").objects.update(organisation=models.F("member_id"))


class Migration(migrations.Migration):
    dependencies = [("threads", "0002_freshness")]

    operations = [
        migrations.AddField(
            model_name="metoovote",
            name="capsule",
            field=models.TextField(blank=True, default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="metoovote",
            name="organisation",
            field=models.CharField(default="", max_length=255),
            preserve_default=False,
        ),
        migrations.RunPython(count_for_themselves, migrations.RunPython.noop),
    ]
