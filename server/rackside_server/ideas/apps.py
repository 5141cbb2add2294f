"""The Django application of ideas."""

from django.apps import AppConfig


class IdeasConfig(AppConfig):
    """Registers the models of ideas."""

    name = "rackside_server.ideas"
