"""The server's application, on a machine whose clock jumps."""

from rackside_server.asgi import application
from tests.faults.clocks import let_jump

let_jump(seed=1)

__all__ = ["application"]
