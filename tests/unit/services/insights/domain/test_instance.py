"""Runs through a journey expire by silence, at the moment when it had lasted too long."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.insights.domain.instance import expiry, instance
from services.insights.domain.record import Run

NOW = datetime(2026, 5, 1, tzinfo=UTC)
DAY = 86_400


def run(status: str = "open", *, silent: timedelta, ended_at: datetime | None = None) -> Run:
    last_at = NOW - silent
    return Run("order-to-door", "7", status, last_at - timedelta(hours=1), last_at, ended_at, 3)


def test_an_open_run_expires_at_the_end_of_the_silence_that_is_allowed() -> None:
    shown = instance(run(silent=timedelta(days=3)), DAY, NOW)
    assert (shown.status, shown.ended_at, shown.steps) == ("expired", NOW - timedelta(days=2), 3)
    assert instance(run(silent=timedelta(days=1)), DAY, NOW).ended_at == NOW


@pytest.mark.parametrize("silent", [timedelta(), timedelta(days=1) - timedelta(microseconds=1), timedelta(days=-1)])
def test_one_that_was_heard_of_since_is_open(silent: timedelta) -> None:
    shown = instance(run(silent=silent), DAY, NOW)
    assert (shown.status, shown.ended_at) == ("open", None)


def test_without_a_rule_silence_ends_nothing() -> None:
    assert instance(run(silent=timedelta(days=4000)), None, NOW).status == "open"


@pytest.mark.parametrize("status", ["completed", "abandoned"])
def test_what_has_ended_does_not_expire(status: str) -> None:
    ended_at = NOW - timedelta(days=9)
    shown = instance(run(status, silent=timedelta(days=9), ended_at=ended_at), DAY, NOW)
    assert (shown.status, shown.ended_at) == (status, ended_at)


@given(st.datetimes(timezones=st.just(UTC)), st.integers(0, 3660 * DAY))
def test_an_expiry_is_never_of_the_future(last_at: datetime, idle_after: int) -> None:
    ended = expiry(Run("j", "1", "open", last_at, last_at, None, 0), idle_after, NOW)
    assert ended is None or last_at <= ended <= NOW
