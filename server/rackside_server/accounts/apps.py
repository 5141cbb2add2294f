"""The Django application of accounts."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Registers the models of accounts."""

    name = "rackside_server.accounts"
