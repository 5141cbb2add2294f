"""What an operator does to the feed: a new time-line after a restore, and forgetting old deletions."""

from django.db import connection, transaction

from rackside_server.feed.models import Channel, new_epoch

_FORGET = "DELETE FROM feed_feedrow WHERE channel_id = %s AND version <= %s AND payload IS NULL"


def begin_anew() -> int:
    """Draw a new epoch for every channel, so that each console starts it over; return how many there are."""
    with transaction.atomic():
        channels = list(Channel.objects.select_for_update(no_key=True).order_by("pk"))
        for channel in channels:
            channel.epoch = new_epoch()
        Channel.objects.bulk_update(channels, ["epoch"], batch_size=1_000)
    return len(channels)


def forget_deletions(name: str, up_to: int) -> int:
    """Drop the rows of what is gone up to a version below the head, and raise the floor; return how many."""
    with transaction.atomic():
        channel = Channel.objects.select_for_update(no_key=True).get(name=name)
        floor = min(up_to, channel.head - 1)
        if floor <= channel.floor:
            return 0
        Channel.objects.filter(pk=channel.pk).update(floor=floor)
        with connection.cursor() as cursor:
            cursor.execute(_FORGET, [channel.pk, floor])
            return int(cursor.rowcount)
