"""The bucket: never more than rate and burst allow, and what it says of waiting is true."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.domain.quota import Bucket


def test_a_full_bucket_gives_its_burst_at_once_and_then_its_rate() -> None:
    bucket = Bucket(rate=10, burst=100)
    assert bucket.left(now=5) == 100
    assert bucket.take(100, now=5) == 0
    assert bucket.left(now=5) == 0
    assert bucket.take(1, now=5) == pytest.approx(0.1)
    assert bucket.take(1, now=5.1) == 0
    assert bucket.take(50, now=5.1) == pytest.approx(5)


def test_what_is_refused_takes_nothing() -> None:
    bucket = Bucket(rate=1, burst=10)
    assert bucket.take(8, now=0) == 0
    for _ in range(100):
        assert bucket.take(5, now=0) == pytest.approx(3)
    assert bucket.left(now=0) == 2
    assert bucket.take(2, now=0) == 0


def test_a_pause_fills_it_and_no_more_than_that() -> None:
    bucket = Bucket(rate=10, burst=20)
    bucket.take(20, now=0)
    assert [bucket.left(now=seconds) for seconds in (0, 1, 2, 1000)] == [0, 10, 20, 20]


def test_how_long_until_so_many_are_there() -> None:
    bucket = Bucket(rate=2, burst=10)
    bucket.take(10, now=0)
    assert bucket.until(1, now=0) == pytest.approx(0.5)
    assert bucket.until(10, now=1) == pytest.approx(4)
    assert bucket.until(10, now=7) == 0


_takes = st.lists(st.tuples(st.floats(0, 20), st.integers(1, 50)), max_size=60)


@given(rate=st.floats(0.01, 1000), takes=_takes, begun=st.floats(0, 1e7))
def test_no_span_gets_more_than_burst_and_rate(rate: float, takes: list[tuple[float, int]], begun: float) -> None:
    bucket, now, taken = Bucket(rate=rate, burst=50), begun, 0
    for pause, events in takes:
        now += pause
        wait = bucket.take(events, now)
        taken += 0 if wait else events
        assert 0 <= bucket.left(now) <= 50
        assert taken <= 50 + rate * (now - begun) + 0.01 * (1 + rate)
        if wait:
            assert bucket.take(events, now + wait + 1e-3) == 0, "whoever waits as long as was said is let in"
            now, taken = now + wait + 1e-3, taken + events
