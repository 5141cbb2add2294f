"""Our settings without middleware, and one address."""

from rackside_server.settings import *  # noqa: F403 - all of them

MIDDLEWARE: list[str] = []
ROOT_URLCONF = "tests.benchmarks.django_doorbell"
