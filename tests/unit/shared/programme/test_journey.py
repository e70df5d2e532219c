"""What a map says by saying nothing."""

from datetime import timedelta

from shared.programme.journey import Measure


def test_a_measure_is_decided_28_times_in_its_window_unless_its_map_says_otherwise() -> None:
    assert Measure(metric="csat", window=28 * 86_400).every == timedelta(days=1)
    assert Measure(metric="csat", window=3600).every == timedelta(hours=1) / 28
    assert Measure(metric="csat", window=28 * 86_400, tick=30).every == timedelta(seconds=30)
