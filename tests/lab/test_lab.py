"""A small size of the lab: the server is cut off and a service stopped. `python -m tests.lab` does all of it."""

import os

import pytest

from tests.lab.lab import lab
from tests.lab.scenes import EXPIRING, server_cut_off, service_stopped
from tests.lab.services import missing

EVERY_S = 2.0
QUIET_S = 15.0


@pytest.mark.skipif(os.geteuid() != 0, reason="Network namespaces are made by root.")
@pytest.mark.skipif(bool(missing()), reason=f"Not installed here: {', '.join(missing())}.")
@pytest.mark.usefixtures("socket_enabled")
def test_one_alert_tells_of_a_server_that_is_cut_off_and_one_of_a_service_that_stops() -> None:
    with lab(EVERY_S, QUIET_S) as made:
        figures = [*server_cut_off(made), *service_stopped(made, "database")]
        assert all(each.took_s <= each.promised_s for each in figures)
        assert EXPIRING in made.seen.raised()
