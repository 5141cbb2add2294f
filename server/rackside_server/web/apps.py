"""The Django application of the public web pages."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Registers the templates of the public web pages."""

    name = "rackside_server.web"
