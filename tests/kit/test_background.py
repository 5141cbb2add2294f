"""Work in the background: found on a worker, shown on the GUI thread, and never to a widget that is gone."""

import logging
import threading
from collections.abc import Callable

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QWidget

from rackside.kit import background, signals

Until = Callable[[Callable[[], object]], None]


class Shower(QWidget):
    shown: list[object]

    def __init__(self) -> None:
        super().__init__()
        self.shown = []

    def show_value(self, value: object) -> None:
        self.shown.append(value)


def test_the_task_runs_elsewhere_and_what_follows_here(until: Until) -> None:
    here = threading.get_ident()
    seen: list[tuple[int, int]] = []
    background.run(threading.get_ident, lambda there: seen.append((there, threading.get_ident())))
    until(lambda: seen)
    assert seen[0][0] != here
    assert seen[0][1] == here


def test_a_failure_is_handed_over(until: Until) -> None:
    errors: list[Exception] = []
    background.run(lambda: 1 // 0, lambda _: None, errors.append)
    until(lambda: errors)
    assert isinstance(errors[0], ZeroDivisionError)


def test_a_failure_that_nobody_takes_is_logged(until: Until, caplog: pytest.LogCaptureFixture) -> None:
    background.run(lambda: 1 // 0, lambda _: None)
    until(lambda: caplog.records)
    assert caplog.records[0].levelno == logging.ERROR
    caplog.clear()


def test_a_widget_that_is_gone_is_left_alone(until: Until) -> None:
    hold = threading.Event()
    shower, after = Shower(), []
    background.run(hold.wait, shower.show_value)
    shower.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    hold.set()
    background.wait()
    background.run(lambda: 1, after.append)
    until(lambda: after)
    assert shower.shown == []


def test_a_topic_announced_by_any_thread_arrives_here(until: Until) -> None:
    seen: list[tuple[frozenset[str], int]] = []

    def note(topics: frozenset[str]) -> None:
        seen.append((topics, threading.get_ident()))

    signals.changed.connect(note)
    thread = threading.Thread(target=signals.announce, args=(frozenset({"readings"}),))
    thread.start()
    thread.join()
    until(lambda: seen)
    signals.changed.disconnect(note)
    assert seen == [(frozenset({"readings"}), threading.get_ident())]
