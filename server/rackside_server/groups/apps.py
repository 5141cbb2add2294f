"""The Django application of groups."""

from django.apps import AppConfig


class GroupsConfig(AppConfig):
    """Registers the models of groups."""

    name = "rackside_server.groups"
