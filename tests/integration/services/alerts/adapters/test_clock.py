"""Processes whose machines' clocks differ agree on what time it is."""

from datetime import timedelta

import pytest

from services.alerts.adapters.clock import SharedClock
from shared.clock import now
from tests.integration.services.alerts.desk import Desk


@pytest.mark.parametrize("skew", [timedelta(seconds=20), timedelta(hours=-2)])
async def test_a_clock_that_is_wrong_is_set_by_postgresql(at_desk: Desk, skew: timedelta) -> None:
    clock = SharedClock(at_desk.engine, own=lambda: now() + skew)
    assert abs(clock() - now() - skew) < timedelta(seconds=5)
    await clock.set()
    assert abs(clock() - now()) < timedelta(seconds=5)  # both are of this machine
