"""Spans are whole quarter-hours: nothing asked for is missed, at most a quarter is added at either end."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from services.insights.domain.instant import EARLIEST, LATEST
from shared.metrics.span import QUARTER, Span, beginning_of, quarter_of, span_of, window

INSTANTS = st.datetimes(
    EARLIEST.replace(tzinfo=None),
    LATEST.replace(tzinfo=None),
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=45)), timezone(timedelta(hours=-3))]),
)


@given(INSTANTS)
def test_a_quarter_begins_at_or_before_what_falls_in_it(at: datetime) -> None:
    begins = beginning_of(quarter_of(at))
    assert begins <= at < begins + QUARTER
    assert (begins.minute % 15, begins.second, begins.microsecond, begins.tzinfo) == (0, 0, 0, UTC)


def test_quarters_are_counted_from_1970_and_backwards_before() -> None:
    assert quarter_of(datetime(1970, 1, 1, 0, 14, 59, tzinfo=UTC)) == 0
    assert quarter_of(datetime(1969, 12, 31, 23, 59, tzinfo=UTC)) == -1
    assert quarter_of(datetime(1970, 1, 2, 1, tzinfo=timezone(timedelta(hours=1)))) == 96


@given(INSTANTS, st.timedeltas(timedelta(microseconds=1), timedelta(days=400)))
def test_a_span_holds_what_was_asked_and_less_than_a_quarter_more(at: datetime, length: timedelta) -> None:
    span = span_of(at, at + length)
    begins, ends = beginning_of(span.first), beginning_of(span.until)
    assert begins <= at
    assert at + length <= ends
    assert at - begins < QUARTER
    assert ends - (at + length) < QUARTER


def test_a_window_that_ends_at_a_whole_quarter_has_none_beyond_it() -> None:
    as_of = datetime(2026, 5, 1, 12, tzinfo=UTC)
    until = quarter_of(as_of)
    assert window(as_of, 86_400) == Span(until - 96, until)
    assert window(as_of + timedelta(seconds=1), 86_400) == Span(until - 96, until + 1)
