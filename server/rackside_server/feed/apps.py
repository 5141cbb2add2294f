"""The Django application of the feed."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class FeedConfig(AppConfig):
    """Registers the models of the feed, and every feature's actions."""

    name = "rackside_server.feed"

    def ready(self) -> None:
        """Import each feature's `actions`, whose decorators register them."""
        autodiscover_modules("actions")
