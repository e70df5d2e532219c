"""What counts prove: of two windows the limit that says more, and nothing by a side that is unbounded."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from math import ceil, floor, inf, sqrt
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scoring.domain.evidence import Counted, evidence
from services.scoring.domain.standing import Standing
from services.scoring.domain.status import Proof, State
from services.scoring.domain.verdict import Terms, decide
from shared.metrics.sketch import duration_key
from shared.programme.journey import Measure
from tests.unit.services.scoring.domain.maps import of

AT = datetime(2026, 11, 25, 10, tzinfo=UTC)
DAY = 86_400
KNOWN = Terms(complete=True, settled=True, waited=False)
SKETCHED = 0.011  # relative error of a duration, and of rounding
QUICK, SLOW = range(1, 101), [200] * 25


def waiting(stat: str, *, at_least: int = 3, short: int = DAY // 4) -> Measure:
    return Measure(
        metric="wait_seconds",
        stat=stat,
        window=DAY,
        short=short,
        red_above=100,
        yellow_above=95,
        at_least=at_least,
    )


def seconds(durations: Sequence[float]) -> dict[str, dict[int, int]]:
    """As they are counted: on a scale without a name, each under the key of its milliseconds."""
    return {"": dict(Counter(duration_key(1000 * one) for one in durations))}


def moves(measure: Measure, status: str, counted: Counted, *, ticks: int) -> str:
    """The status after so many ticks of the same counts."""
    (one,) = of(measure)
    standing = Standing(state=State(status, sufficient_at=AT), since=AT)
    for tick in range(ticks):
        standing = decide(one, standing, counted, AT + timedelta(minutes=tick), KNOWN).standing
    return standing.state.status


@pytest.mark.parametrize(
    ("stat", "long", "short", "value", "lower", "upper"),
    [
        ("p50", QUICK, [], 50, 41, 60),
        ("p90", QUICK, [], 90, 85, 96),
        ("p90", QUICK, [60] * 25, 90, 85, 96),
        ("p90", QUICK, SLOW, 90, 200, 96),
        ("p90", QUICK, [200] * 19, 90, 85, 96),
        ("p90", [7] * 10, [], 7, 7, None),
        ("p50", [7] * 3, [], 7, None, None),
        ("p50", [7] * 3, SLOW, 7, 200, None),
    ],
    ids=[
        "p50: ranks 41 and 60 of 100",
        "p90: ranks 85 and 96 of 100",
        "a short window that says less",
        "a short window that says more; of above the long one's alone",
        "a short window of too few",
        "p90 of ten has no upper limit",
        "p50 of three has no limit",
        "the short one's limit where the long one has none",
    ],
)
def test_the_limits_of_a_percentile(
    stat: str, long: Sequence[int], short: Sequence[int], value: int, lower: int | None, upper: int | None
) -> None:
    found = evidence(of(waiting(stat))[0], Counted(seconds(long), seconds(short)))
    assert found.figure.value == pytest.approx(value, rel=SKETCHED)
    assert (found.lower, found.upper) == (near(lower), near(upper))
    expected = Proof(-value, -inf if upper is None else -upper, inf if lower is None else -lower)
    assert found.proof == pytest.approx(expected, rel=SKETCHED)


def near(number: int | None) -> object:
    return None if number is None else pytest.approx(number, rel=SKETCHED)


def limits(durations: Sequence[int], percent: int, level: float) -> tuple[float, float]:
    """By the formula, among the durations themselves."""
    ordered, n = sorted(durations), len(durations)
    reach = NormalDist().inv_cdf(level) * sqrt(n * percent * (100 - percent)) / 100
    lower, upper = floor(n * percent / 100 - reach), ceil(n * percent / 100 + reach) + 1
    return (ordered[lower - 1] if lower >= 1 else -inf), (ordered[upper - 1] if upper <= n else inf)


@given(
    st.sampled_from([50, 75, 90]),
    st.lists(st.integers(1, 10_000), min_size=3, max_size=200),
    st.lists(st.integers(1, 10_000), max_size=60),
)
def test_it_proves_what_the_formula_says_of_the_durations_themselves(
    percent: int, long: list[int], short: list[int]
) -> None:
    proof = evidence(of(waiting(f"p{percent}"))[0], Counted(seconds(long), seconds(short))).proof
    lower, upper = limits(long, percent, 0.95)
    if len(short) >= 20:
        lower = max(lower, limits(short, percent, 0.975)[0])
    assert proof is not None
    assert (proof.lower, proof.upper) == pytest.approx((-upper, -lower), rel=SKETCHED)


def test_fewer_than_are_wanted_prove_nothing_and_are_shown() -> None:
    found = evidence(of(waiting("p90", at_least=101))[0], Counted(seconds(QUICK), {}))
    assert (found.proof, found.lower, found.upper) == (None, None, None)
    assert (found.figure.n, found.figure.value) == (100, near(90))


def test_the_short_window_sees_a_fall_that_the_long_one_does_not_see_yet() -> None:
    measure = waiting("p90")
    assert moves(measure, "green", Counted(seconds(QUICK), seconds(QUICK)), ticks=9) == "green"
    assert moves(measure, "green", Counted(seconds(QUICK), seconds(SLOW)), ticks=1) == "green"
    assert moves(measure, "green", Counted(seconds(QUICK), seconds(SLOW)), ticks=2) == "red"


def test_what_may_be_any_quick_is_not_proved_to_be_slow() -> None:
    slow = Counted(seconds([10_000] * 3), {})
    assert evidence(of(waiting("p50"))[0], slow).proof == pytest.approx(Proof(-10_000, -inf, inf), rel=SKETCHED)
    assert moves(waiting("p50"), "green", slow, ticks=9) == "green"
    assert moves(waiting("p50"), "unknown", slow, ticks=1) == "yellow"
    assert moves(waiting("p50"), "unknown", Counted(seconds([10_000] * 30), {}), ticks=1) == "red"


def test_what_may_be_any_slow_is_not_clear_enough_to_be_green_again() -> None:
    assert moves(waiting("p90"), "yellow", Counted(seconds([7] * 10), {}), ticks=9) == "yellow"
    assert moves(waiting("p90"), "yellow", Counted(seconds([7] * 60), {}), ticks=3) == "green"


def test_where_high_is_good_the_lesser_of_the_upper_limits_counts() -> None:
    csat = Measure(metric="csat", window=DAY, red_below=60, yellow_below=75, at_least=30)
    fine, bad = {"csat_1_5": {5: 90, 1: 10}}, {"csat_1_5": {5: 5, 1: 20}}
    alone, with_bad, with_fine = (evidence(of(csat)[0], Counted(fine, short)) for short in ({}, bad, fine))
    assert alone.upper is not None
    assert with_bad.upper is not None
    assert with_bad.upper < 60 < alone.upper
    assert with_fine.upper == alone.upper
    assert alone.lower == with_bad.lower
    assert moves(csat, "green", Counted(fine, bad), ticks=2) == "red"
