"""The Django application of operating."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created


class OperatingConfig(AppConfig):
    """Registers the models of operating, and times every statement."""

    name = "rackside_server.operating"

    def ready(self) -> None:
        """Wrap the statements of each connection as it is made."""
        from rackside_server.operating.statements import time_statements  # noqa: PLC0415 - settings are read by now

        connection_created.connect(time_statements)
