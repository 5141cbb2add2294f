"""The Django application of people."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Registers the models of people."""

    name = "rackside_server.people"
