"""Segments are the window, each quarter-hour of it once."""

from hypothesis import given
from hypothesis import strategies as st

from shared.metrics.segments import QUARTERS, Segment, segments
from shared.metrics.span import Span


def quarters(segment: Segment) -> range:
    times = QUARTERS if segment.by_day else 1
    return range(segment.first * times, segment.until * times)


@given(st.integers(-500, 500), st.integers(1, 900), st.integers(-6, 12), st.integers(0, 12))
def test_each_quarter_is_in_one_segment_and_days_are_summed_ones(first: int, length: int, day: int, days: int) -> None:
    found = segments(Span(first, first + length), Span(day, day + days))
    assert [quarter for segment in found for quarter in quarters(segment)] == list(range(first, first + length))
    for segment in found:
        assert not segment.by_day or (day <= segment.first and segment.until <= day + days)


def test_a_long_window_is_days_with_quarters_at_its_ends() -> None:
    assert segments(Span(100, 96 * 28 + 30), Span(0, 28)) == [
        Segment(100, 192, by_day=False),
        Segment(2, 28, by_day=True),
        Segment(96 * 28, 96 * 28 + 30, by_day=False),
    ]


def test_what_is_not_summed_is_read_by_quarters() -> None:
    assert segments(Span(0, 960), Span(0, 0)) == [Segment(0, 960, by_day=False)]
