"""The page of an alert that a check raised: it quotes what the check found, and leads to it."""

import time
from dataclasses import replace

import msgspec
from PySide6.QtWidgets import QApplication

from rackside.alerts.panel import AlertPanel
from rackside.store import checks, local
from rackside.watch.model import Alert, Stand
from tests.threads.desk import Desk, buttons, desk, texts

__all__ = ["desk"]
SAID = "The job failed 5 min ago: <b>disk</b> full"


def test_it_quotes_what_the_check_found_while_it_is_open_and_leads_to_it(desk: Desk) -> None:
    body = msgspec.Raw(b'{"kind":"heartbeat","name":"backup"}')
    checks.watch(desk.store, checks.Watched(label="backup", check=body))
    checks.note(desk.store, [Stand(label="backup", state="down", since_s=time.time(), said=SAID)])
    raised_s = time.time() - 60
    raised = Alert("a1", "heartbeat", "backup", "critical", "late", "heartbeat//", "beat.down backup", 1.0, raised_s)
    local.record(desk.store, raised)
    page = AlertPanel(desk.context, "a1")
    page.show()
    QApplication.processEvents()
    assert SAID in texts(page)
    buttons(page)["Its check, backup"].click()
    assert desk.opened == ["check:backup"]
    local.record(desk.store, replace(raised, cleared_at_s=time.time()))
    page.refresh(frozenset())
    QApplication.processEvents()
    assert SAID not in texts(page)


def test_a_check_that_is_not_watched_any_more_leads_to_the_history(desk: Desk) -> None:
    alert = Alert("a1", "ping.down", "web", "critical", "gone", "ping.down//", "host.down web", 1.0, time.time())
    local.record(desk.store, alert)
    page = AlertPanel(desk.context, "a1")
    page.show()
    QApplication.processEvents()
    assert not [name for name in buttons(page) if name.startswith("Its check")]
    assert [name for name in buttons(page) if name.startswith("History of")]
