"""The community of the server's tests is at hand here."""

from tests.people.community import community, newcomer

__all__ = ["community", "newcomer"]
