"""The app of the importers, which remembers how far each import is."""

from django.apps import AppConfig


class ImportsConfig(AppConfig):
    """Importers."""

    name = "rackside_server.imports"
    label = "imports"
