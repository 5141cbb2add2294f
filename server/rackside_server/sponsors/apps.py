"""The Django application of sponsors."""

from django.apps import AppConfig


class SponsorsConfig(AppConfig):
    """Registers the models of sponsors."""

    name = "rackside_server.sponsors"
