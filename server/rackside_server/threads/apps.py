"""The Django application of threads."""

from django.apps import AppConfig


class ThreadsConfig(AppConfig):
    """Registers the models of threads."""

    name = "rackside_server.threads"
