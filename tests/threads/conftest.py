"""The community of the server's tests is at hand here, and a person at a desktop."""

from tests.people.community import community, newcomer
from tests.threads.desk import desk

__all__ = ["community", "desk", "newcomer"]
