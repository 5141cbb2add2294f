"""The Django application of answers."""

from django.apps import AppConfig


class AnswersConfig(AppConfig):
    """Registers the models of answers. The feed imports `actions`, which hears of every thread that changes."""

    name = "rackside_server.answers"

    def ready(self) -> None:
        """Register what members do with the ledger and with what they are asked to look at."""
        from rackside_server.answers import invitations, ledger  # noqa: F401, PLC0415 - models are there from now on
