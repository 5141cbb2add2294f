"""The promise of the rules, on days of two machines: what goes wrong is found in time, and little else is said."""

import math

import pytest

from tests.month.score import alerts, false_alerts, found, play

DAYS = 5
MONTHLY = 18
"""Three incidents each in five days."""


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_incident_is_found_in_time_and_hardly_an_alert_is_false(seed: int) -> None:
    played = [play(index, seed, DAYS, MONTHLY) for index in range(2)]
    told = [each for machine in played for each in found(machine)]
    assert len(told) >= 5
    assert [each for each in told if math.isinf(each.after_s)] == [], "missed"
    assert [each for each in told if each.late] == []
    false = [alert for machine in played for alert in false_alerts(machine)]
    assert len(false) <= 0.05 * sum(len(alerts(machine)) for machine in played), false
