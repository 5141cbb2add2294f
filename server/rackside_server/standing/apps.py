"""The Django application of standing."""

from django.apps import AppConfig


class StandingConfig(AppConfig):
    """Registers the models of standing, and what happens when a member joins."""

    name = "rackside_server.standing"

    def ready(self) -> None:
        """Connect the ledger, which publishes a new member's standing."""
        from rackside_server.standing import ledger  # noqa: F401, PLC0415 - models exist from now on
