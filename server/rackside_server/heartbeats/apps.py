"""The Django application of heartbeats."""

from django.apps import AppConfig


class HeartbeatsConfig(AppConfig):
    """Registers the models of heartbeats."""

    name = "rackside_server.heartbeats"
