"""The demo community: read from the texts that come with Rackside, and told to the server as actions."""

from rackside_server.demo.seed import seed

__all__ = ["seed"]
