"""The Django application of answers."""

from django.apps import AppConfig


class AnswersConfig(AppConfig):
    """Registers the models of answers. The feed imports `actions`, which hears of every thread that changes."""

    name = "rackside_server.answers"
