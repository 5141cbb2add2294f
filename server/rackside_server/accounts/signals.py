"""What the features above accounts hear of it."""

from django.dispatch import Signal

member_joined = Signal()
"""Sent with `member`, within the transaction in which she joins."""
