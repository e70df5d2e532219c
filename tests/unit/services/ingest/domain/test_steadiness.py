"""A bridge that fails at once after each beginning has failed since the first of them."""

from datetime import UTC, datetime, timedelta

from services.ingest.domain.steadiness import STEADY, Steadiness

NOW = datetime(2026, 11, 25, 13, 40, tzinfo=UTC)
MOMENT = timedelta(seconds=1)


def test_short_runs_between_failures_do_not_count() -> None:
    steadiness = Steadiness(NOW)
    for turn in range(1, 10):
        steadiness.reads(NOW + turn * STEADY)
        steadiness.fails(NOW + (turn + 1) * STEADY - MOMENT)
    assert steadiness.fails_since(NOW + 20 * STEADY) == NOW


def test_it_reads_steadily_after_a_while_and_fails_anew_from_then_on() -> None:
    steadiness = Steadiness(NOW)
    steadiness.reads(NOW)
    assert steadiness.fails_since(NOW + STEADY - MOMENT) == NOW
    assert steadiness.fails_since(NOW + STEADY) is None
    steadiness.fails(NOW + 2 * STEADY)
    assert steadiness.fails_since(NOW + 9 * STEADY) == NOW + 2 * STEADY
