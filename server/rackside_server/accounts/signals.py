"""What the features above accounts hear of it."""

from django.dispatch import Signal

member_joined = Signal()
"""Sent with `member`, within the transaction in which she joins."""

member_seen = Signal()
"""Sent with `member` when a console of hers is here, at most once an hour and device, within a transaction."""

member_changed = Signal()
"""Sent with `member`, within the transaction in which her row was changed."""
