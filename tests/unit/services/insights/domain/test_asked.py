"""Parameters of an address become what is asked for, or the sentence that names the one that is wrong."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from services.insights.domain import asked
from services.insights.domain.asked import Unreadable
from shared.metrics.span import beginning_of, span_of

NOW = datetime(2026, 5, 10, 12, 7, tzinfo=UTC)


def test_without_a_word_a_window_is_28_days_up_to_now() -> None:
    window = asked.window(None, None, "UTC", now=NOW)
    assert (window.as_of, window.seconds) == (NOW, 28 * 86_400)
    assert window.span == span_of(NOW - timedelta(days=28), NOW)


def test_a_window_ends_where_it_is_asked_to() -> None:
    window = asked.window("24h", "2026-05-02", "Europe/Berlin", now=NOW)
    assert window.as_of == datetime(2026, 5, 1, 22, tzinfo=UTC)
    assert window.span.until - window.span.first == 96


def test_a_series_has_days_up_to_now() -> None:
    steps = asked.steps("2026-05-08", None, None, "UTC", now=NOW)
    assert [beginning_of(edge).isoformat()[:16] for edge in steps.edges] == [
        "2026-05-08T00:00",
        "2026-05-09T00:00",
        "2026-05-10T00:00",
        "2026-05-10T12:15",
    ]
    assert steps.last_at == NOW - timedelta(microseconds=1)


def test_the_end_of_a_series_is_not_in_it() -> None:
    steps = asked.steps("2026-01-01", "2026-03-01", "1mo", "Europe/Berlin", now=NOW)
    assert [(later - earlier) / 96 for earlier, later in pairwise(steps.edges)] == [31, 28]


@pytest.mark.parametrize(
    ("metric", "given", "expected"),
    [
        ("wait_seconds", None, "p50"),
        ("wait_seconds", "p99", "p99"),
        ("csat", None, None),
        ("promise_kept", None, None),
        ("mood", None, None),
    ],
)
def test_only_durations_have_a_stat(metric: str, given: str | None, expected: str | None) -> None:
    assert asked.stat(metric, given) == expected


@pytest.mark.parametrize(
    ("metric", "ends", "expected"),
    [
        ("csat", None, None),
        ("csat", "1,7", "csat_1_7"),
        ("csat", "[1, 5]", "csat_1_5"),
        ("enjoyment", "-3,3", "affect_m3_p3"),
        ("mood", "0,10", "custom_0_10"),
        ("mood", "0.5,10.0", "custom_0.5_10"),
    ],
)
def test_a_scale_is_named_by_its_ends(metric: str, ends: str | None, expected: str | None) -> None:
    assert asked.scale_id(metric, ends) == expected


def window(length: str | None = None, as_of: str | None = None, tz: str = "UTC") -> object:
    return asked.window(length, as_of, tz, now=NOW)


def steps(from_: str | None = "2026-05-01", to: str | None = None, step: str | None = None, tz: str = "UTC") -> object:
    return asked.steps(from_, to, step, tz, now=NOW)


@pytest.mark.parametrize(
    ("parameter", "expected", "asking"),
    [
        ("window", "a duration such as 15m, 24h or 7d", lambda: window("7 days")),
        ("window", "at least 15m", lambda: window("14m")),
        ("as_of", "a date", lambda: window(as_of="yesterday")),
        ("tz", "IANA", lambda: window(as_of="2026-05-01", tz="Mars")),
        ("tz", "IANA", lambda: window(tz="Mars")),
        ("from", "where the series begins", lambda: steps(None, "2026-05-01")),
        ("from", "a date", lambda: steps("2026-05-01T10:00")),
        ("to", "a date", lambda: steps(to="tomorrow")),
        ("to", "begins before it ends", lambda: steps(to="2026-05-01")),
        ("from", "begins before it ends", lambda: steps("2026-06-01")),
        ("step", "one of 1h, 1d, 1w, 1mo", lambda: steps(step="2d")),
        ("step", "at most 10000 steps of 1h", lambda: steps("1950-01-01", step="1h")),
        ("tz", "IANA", lambda: steps(tz="Mars")),
        ("stat", "csat has one figure", lambda: asked.stat("csat", "p50")),
        ("stat", "a percentile from p1 to p99", lambda: asked.stat("wait_seconds", "max")),
        ("scale", r"\[1, 5\] \(usual\)", lambda: asked.scale_id("csat", "0,10")),
        ("scale", "such as 1,5", lambda: asked.scale_id("csat", "csat_1_5")),
        ("scale", "expected none", lambda: asked.scale_id("promise_kept", "0,1")),
        ("scale", "within", lambda: asked.scale_id("mood", "5,1")),
    ],
)
def test_what_is_wrong_is_named(parameter: str, expected: str, asking: object) -> None:
    with pytest.raises(Unreadable, match=expected) as refused:
        asking()  # type: ignore[operator]
    assert refused.value.parameter == parameter
