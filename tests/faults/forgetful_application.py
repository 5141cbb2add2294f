"""The server's application with one fault: what came of an action is remembered in a transaction after its effects."""

import time
from typing import Final

from django.db import transaction

from rackside_server.asgi import application
from rackside_server.feed import handlers

GAP_S: Final = 0.05
_remember = handlers._remember


def _later(batch: handlers._Batch) -> None:
    def after() -> None:
        time.sleep(GAP_S)
        _remember(batch)

    transaction.on_commit(after)


handlers._remember = _later

__all__ = ["application"]
