"""Processes whose machines' clocks differ agree on what time it is."""

from datetime import timedelta

import pytest
from pydantic import SecretStr

from shared.clock import now
from shared.postgres.clock import SharedClock
from shared.postgres.engine import DatabaseSettings, connect


@pytest.mark.parametrize("skew", [timedelta(seconds=20), timedelta(hours=-2)])
async def test_a_clock_that_is_wrong_is_set_by_postgresql(database_url: str, skew: timedelta) -> None:
    engine = connect(DatabaseSettings(url=SecretStr(database_url)), application="clock")
    try:
        clock = SharedClock(engine, own=lambda: now() + skew)
        assert abs(clock() - now() - skew) < timedelta(seconds=5)
        await clock.set()
        assert abs(clock() - now()) < timedelta(seconds=5)  # both are of this machine
    finally:
        await engine.dispose()
