"""Pieces of a span: they cover it without gap or overlap, and begin where the zone's hours and days begin."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.insights.domain.steps import MOST, STEPS, TooManySteps, cut
from shared.metrics.span import Span, beginning_of, span_of

ZONES = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kathmandu",  # 45 minutes off
    "Australia/Lord_Howe",  # clocks move by half an hour
    "America/Sao_Paulo",  # had no midnight on some days
    "Africa/Cairo",  # has none on one day a year
    "America/Havana",  # has two
    "Pacific/Apia",  # left out a whole day
    "Africa/Monrovia",  # 44½ minutes off until 1972
]
SPANS = st.builds(
    lambda first, length: Span(first, first + length), st.integers(-300_000, 2_500_000), st.integers(1, 96 * 400)
)


@given(SPANS, st.sampled_from(sorted(STEPS)), st.sampled_from(ZONES))
def test_pieces_cover_the_span_without_gap_or_overlap(span: Span, step: str, zone: str) -> None:
    edges = cut(span, step, ZoneInfo(zone))
    assert (edges[0], edges[-1]) == span
    assert all(earlier < later for earlier, later in pairwise(edges))


@given(SPANS, st.sampled_from(ZONES))
def test_days_begin_when_the_date_changes(span: Span, name: str) -> None:
    zone = ZoneInfo(name)
    for edge in cut(span, "1d", zone)[1:-1]:
        before = beginning_of(edge - 1).astimezone(zone)
        within = (beginning_of(edge + 1) - timedelta(microseconds=1)).astimezone(zone)
        assert before.date() < within.date()


@given(st.integers(700_000, 2_400_000), st.integers(1, 2000), st.sampled_from(ZONES[:4]))
def test_hours_are_hours_of_the_wall_and_of_the_clock(first: int, length: int, name: str) -> None:
    zone = ZoneInfo(name)
    edges = cut(Span(first, first + length), "1h", zone)
    assert {beginning_of(edge).astimezone(zone).minute for edge in edges[1:-1]} <= {0}
    assert {later - earlier for earlier, later in pairwise(edges[1:-1])} <= {4}


@given(SPANS, st.sampled_from(ZONES))
def test_coarser_steps_begin_where_finer_ones_do(span: Span, name: str) -> None:
    zone = ZoneInfo(name)
    days = set(cut(span, "1d", zone))
    assert set(cut(span, "1w", zone)) <= days
    assert set(cut(span, "1mo", zone)) <= days


def lengths(from_at: str, to_at: str, step: str, zone: str) -> list[float]:
    """Hours in each piece."""
    berlin = ZoneInfo(zone)
    span = span_of(
        datetime.fromisoformat(from_at).replace(tzinfo=berlin), datetime.fromisoformat(to_at).replace(tzinfo=berlin)
    )
    edges = cut(span, step, berlin)
    return [(later - earlier) / 4 for earlier, later in pairwise(edges)]


def test_days_have_23_and_25_hours_when_the_clocks_move() -> None:
    assert lengths("2026-03-28", "2026-03-31", "1d", "Europe/Berlin") == [24, 23, 24]
    assert lengths("2026-10-24", "2026-10-27", "1d", "Europe/Berlin") == [24, 25, 24]
    assert lengths("2026-03-28", "2026-03-31", "1d", "UTC") == [24, 24, 24]
    assert lengths("2026-10-03", "2026-10-06", "1d", "Australia/Lord_Howe") == [24, 23.5, 24]


def test_no_hour_is_lost_or_doubled_when_the_clocks_move() -> None:
    assert lengths("2026-03-29", "2026-03-30", "1h", "Europe/Berlin") == [1] * 23
    assert lengths("2026-10-25", "2026-10-26", "1h", "Europe/Berlin") == [1] * 25


def test_weeks_begin_on_monday_and_months_on_the_first() -> None:
    assert lengths("2026-03-25", "2026-04-06", "1w", "Europe/Berlin") == [5 * 24 - 1, 7 * 24]
    assert lengths("2026-01-15", "2026-04-02", "1mo", "Europe/Berlin") == [17 * 24, 28 * 24, 31 * 24 - 1, 24]
    assert lengths("2024-02-01", "2024-03-01", "1mo", "UTC") == [29 * 24]


def test_a_day_that_a_zone_left_out_is_no_piece() -> None:
    edges = cut(
        span_of(datetime(2011, 12, 28, 10, tzinfo=UTC), datetime(2012, 1, 1, 10, tzinfo=UTC)),
        "1d",
        ZoneInfo("Pacific/Apia"),
    )
    days = [beginning_of(edge).astimezone(ZoneInfo("Pacific/Apia")).date().day for edge in edges]
    assert days == [28, 29, 31, 1, 2]


def test_there_is_an_end_to_how_many_steps() -> None:
    hours = Span(0, 4 * MOST)
    assert len(cut(hours, "1h", ZoneInfo("UTC"))) == MOST + 1
    with pytest.raises(TooManySteps, match="at most 10000 steps of 1h"):
        cut(Span(0, 4 * MOST + 1), "1h", ZoneInfo("UTC"))
