"""What the features above threads hear of them."""

from django.dispatch import Signal

thread_changed = Signal()
"""Sent with `thread`, within the transaction in which its row or one of its posts was written and announced."""
