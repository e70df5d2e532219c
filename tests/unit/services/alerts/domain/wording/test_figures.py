"""Values for people: rounded sensibly, and never so that they contradict their threshold."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from services.alerts.domain.wording.figures import digits, figure, measure_name, thresholds, value
from services.alerts.domain.wording.instants import instant, span, window
from shared.events.told.moment import Figure
from tests.letters import ANSWER, CSAT, NPS, PROMISE


@pytest.mark.parametrize(
    ("metric", "number", "beside", "says"),
    [
        ("csat", 78.39805825, 60.0, "78.4 %"),
        ("csat", 85.0, 85.0, "85 %"),
        ("csat", 84.96, 85.0, "84.96 %"),
        ("csat", 84.9999, 85.0, "84.9999 %"),
        ("csat", 0.0, None, "0 %"),
        ("csat", 100.0, None, "100 %"),
        ("nps", -12.4, 0.0, "−12.4 points"),
        ("nps", -0.04, 0.0, "−0.04 points"),
        ("nps", -0.04, None, "0 points"),
        ("trust", 3.25, None, "3.2"),
        ("wait_seconds", 7500.0, 7200.0, "2 h 5 min"),
        ("wait_seconds", 7200.4, 7200.0, "7200.400 s"),
        ("wait_seconds", 7211.0, 7200.0, "2 h 11 s"),
        ("wait_seconds", 4.21, None, "4.2 s"),
    ],
)
def test_a_value_has_its_unit_and_differs_from_its_threshold(
    metric: str, number: float, beside: float | None, says: str
) -> None:
    assert value(metric, number, beside=beside) == says


@given(st.floats(0, 100), st.floats(0, 100))
def test_what_is_below_a_threshold_never_reads_as_if_it_were_not(number: float, threshold: float) -> None:
    shown, limit = float(digits(number, beside=threshold)), float(digits(threshold))
    if abs(number - threshold) > 1e-3 and round(threshold, 1) == threshold:
        assert (shown < limit) == (number < threshold)


@pytest.mark.parametrize(
    ("seconds", "says"),
    [
        (0, "0 s"),
        (0.04, "0 s"),
        (9.94, "9.9 s"),
        (59.6, "1 min"),
        (61, "1 min 1 s"),
        (3599.9, "1 h"),
        (7199.9, "2 h"),
        (7500, "2 h 5 min"),
        (86_399, "1 d"),
        (86_400 + 300, "1 d"),
        (3 * 86_400 + 7 * 3_600, "3 d 7 h"),
        (-90, "−1 min 30 s"),
    ],
)
def test_a_span_has_its_two_largest_units(seconds: float, says: str) -> None:
    assert span(seconds) == says
    assert span(timedelta(seconds=seconds)) == says


def test_windows_are_called_as_people_call_them() -> None:
    assert [window(s) for s in (900, 3_600, 21_600, 86_400, 604_800, 90_000)] == [
        "15 min",
        "hour",
        "6 h",
        "24 h",
        "7 days",
        "25 h",
    ]


def test_an_instant_names_its_zone_and_knows_its_summer() -> None:
    winter, summer = datetime(2026, 1, 1, 12, tzinfo=UTC), datetime(2026, 7, 1, 12, tzinfo=UTC)
    assert instant(winter, "Europe/Berlin") == "Thu 1 Jan 2026, 13:00 (Europe/Berlin)"
    assert instant(summer, "Europe/Berlin") == "Wed 1 Jul 2026, 14:00 (Europe/Berlin)"
    assert instant(winter, "Asia/Kolkata") == "Thu 1 Jan 2026, 17:30 (Asia/Kolkata)"


def test_a_figure_comes_with_its_interval_and_n() -> None:
    assert figure("promise_kept", PROMISE.figure) == "78.4 % (95 % interval 74.2–82.1 %), n = 412"
    assert figure("nps", NPS.figure) == "−12.4 points (95 % interval −21 to −3.5 points), n = 88"
    assert figure("wait_seconds", ANSWER.figure).startswith("2 h 5 min (95 % interval 1 h 55 min – 2 h 15 min), n = ")
    assert figure("csat", Figure(n=0)) == "no value, n = 0"
    assert figure("csat", replace(CSAT.figure, low=None, n=12_000)) == "68 %, n = 12,000"


def test_measures_have_names_and_thresholds() -> None:
    assert measure_name(ANSWER) == "Time to our answer (90th percentile)"
    assert measure_name(replace(ANSWER, stat=None)) == "Time to our answer (median)"
    assert measure_name(replace(CSAT, metric="how_it_felt")) == "how it felt"
    assert thresholds(ANSWER) == "red above 2 h, yellow above 30 min"
    assert thresholds(replace(CSAT, yellow_below=None)) == "red below 60 %"
