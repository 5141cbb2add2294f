"""A person at a desktop."""

from tests.threads.desk import desk

__all__ = ["desk"]
