"""The figure of each metric, its unit, and what it is when little or nothing was counted."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.metrics.confidence import ONE_SIDED_95
from shared.metrics.counts import merge
from shared.metrics.headline import STATS, Estimate, UnknownStat, headline
from shared.metrics.known import METRICS
from shared.metrics.scales import SCALES, Scale, UnknownScale
from shared.metrics.sketch import duration_key

DURATIONS = ["response_seconds", "wait_seconds", "duration_seconds"]
SERIES = [(scale.metric, scale.scale_id, range(int(scale.low), int(scale.high) + 1)) for scale in SCALES.values()] + [
    ("promise_kept", "", range(2)),
    ("three_e", "three_e_0_18", range(19)),
    ("wait_seconds", "ms", range(-50, 50)),
    ("mood", "custom_-5_5", range(-500, 501)),
]
EVERY_SERIES = pytest.mark.parametrize(("metric", "scale_id", "values"), SERIES, ids=lambda part: str(part))


def of(metric: str, scale_id: str, counts: dict[int, int], stat: str | None = None) -> Estimate:
    estimate = headline(metric, scale_id, counts, stat)
    assert estimate is not None
    return estimate


@EVERY_SERIES
def test_no_answers_are_no_value(metric: str, scale_id: str, values: range) -> None:
    for counts in ({}, {values[0]: 0}, {values[0]: 0, values[-1]: -2}):
        assert headline(metric, scale_id, counts) is None


@EVERY_SERIES
@settings(max_examples=30)
@given(data=st.data())
def test_an_estimate_is_within_its_interval_and_does_not_depend_on_order(
    metric: str, scale_id: str, values: range, data: st.DataObject
) -> None:
    draw = data.draw(st.randoms(use_true_random=False))
    parts = data.draw(
        st.lists(st.dictionaries(st.sampled_from(values), st.integers(1, 10**6), min_size=1), min_size=1, max_size=4)
    )
    whole = merge(parts)
    estimate = of(metric, scale_id, whole)
    assert estimate.n == sum(whole.values())
    lowest, highest = _range_of(metric)
    low = lowest if estimate.low is None else estimate.low
    high = highest if estimate.high is None else estimate.high
    assert lowest <= low <= high <= highest
    assert lowest <= estimate.value <= highest
    assert estimate.n == 1 or low <= estimate.value <= high
    shuffled = merge(draw.sample(parts, len(parts)))
    assert of(metric, scale_id, dict(draw.sample(sorted(shuffled.items()), len(shuffled)))) == estimate
    assert of(metric, scale_id, {**whole, values.stop + 1: 0, values.stop + 2: -7}) == estimate


@pytest.mark.parametrize("scale", SCALES.values(), ids=lambda s: f"{s.metric}-{s.scale_id}")
def test_every_answer_good_is_the_top_and_every_answer_bad_the_bottom(scale: Scale) -> None:
    best, worst = (scale.high, scale.low) if scale.good == "high" else (scale.low, scale.high)
    bottom = -100 if scale.headline == "net" else 0
    assert of(scale.metric, scale.scale_id, {int(best): 40}).value == 100
    assert of(scale.metric, scale.scale_id, {int(worst): 40}).value == bottom
    assert scale.headline == ("net" if METRICS[scale.metric].unit == "points" else "share")


@pytest.mark.parametrize(
    ("metric", "scale_id", "counts", "value"),
    [
        ("nps", "ltr_0_10", {10: 3, 9: 1, 8: 2, 7: 1, 6: 1, 0: 2}, 10),
        ("csat", "csat_1_7", {7: 1, 6: 1, 5: 2}, 50),
        ("csat", "csat_1_10", {10: 1, 9: 1, 8: 2}, 50),
        ("ces", "ces1_1_5", {1: 1, 2: 2, 3: 1, 5: 4}, 37.5),
        ("ease", "ces2_1_7", {5: 3, 4: 1}, 75),
        ("effectiveness", "goal_0_2", {0: 1, 1: 1, 2: 2}, 50),
        ("enjoyment", "enjoy_1_7", {7: 1, 6: 1, 5: 1, 4: 1, 3: 1}, 20),
        ("enjoyment", "affect_m3_p3", {3: 1, 2: 1, 1: 1, 0: 1, -1: 1}, 20),
        ("expectation", "disconf_m2_p2", {1: 1, 0: 2, -2: 1}, 0),
        ("preference", "pref_3", {1: 1, 0: 1, -1: 2}, -25),
        ("promise_kept", "", {1: 9, 0: 1}, 90),
        ("mood", "custom", {250: 1, 300: 3}, 2.875),
    ],
)
def test_the_figure_is_the_one_that_the_scale_says(
    metric: str, scale_id: str, counts: dict[int, int], value: float
) -> None:
    assert of(metric, scale_id, counts).value == value


@pytest.mark.parametrize("metric", DURATIONS)
def test_durations_are_in_seconds(metric: str) -> None:
    counts = merge({duration_key(1000 * second): 1} for second in range(1, 1001))
    for stat, percent in {**STATS, "p1": 1, "p42": 42}.items():
        estimate = of(metric, "ms", counts, stat)
        assert estimate.value == pytest.approx(10 * percent, rel=0.011)
    assert of(metric, "ms", counts) == of(metric, "ms", counts, "p50")


def test_a_percentile_of_few_has_no_upper_limit() -> None:
    counts = merge({duration_key(1000 * second): 1} for second in range(1, 21))
    estimate = of("wait_seconds", "ms", counts, "p99")
    assert (estimate.high, estimate.n) == (None, 20)
    assert estimate.low is not None
    assert of("wait_seconds", "ms", {duration_key(0): 1}) == Estimate(0.0, None, None, 1)


def test_the_mean_of_one_answer_has_no_interval() -> None:
    assert of("mood", "custom_1_5", {450: 1}) == Estimate(4.5, None, None, 1)
    assert of("mood", "custom_1_5", {450: 2}) == Estimate(4.5, 4.5, 4.5, 2)


def test_the_interval_of_a_mean_ends_with_its_scale() -> None:
    assert of("mood", "custom_-0.5_1", {-50: 1, 100: 1}) == Estimate(0.25, -0.5, 1, 2)


def test_a_one_sided_level_gives_nearer_limits() -> None:
    shown = headline("csat", "csat_1_5", {5: 76, 1: 24})
    decided = headline("csat", "csat_1_5", {5: 76, 1: 24}, level=ONE_SIDED_95)
    assert shown is not None
    assert decided is not None
    assert (decided.low, decided.high) == pytest.approx((68.3496, 82.2806), abs=1e-4)
    assert shown.low is not None
    assert decided.low is not None
    assert shown.low < decided.low < decided.value == shown.value


def test_what_cannot_be_computed_is_named() -> None:
    for stat in ("p0", "p100", "p5 ", "P50", "p٥", "50", ""):
        with pytest.raises(UnknownStat, match="a percentile from p1 to p99"):
            headline("wait_seconds", "ms", {}, stat)
    with pytest.raises(UnknownStat, match="csat has one figure"):
        headline("csat", "csat_1_5", {}, "p50")
    with pytest.raises(UnknownScale, match="csat has no scale called 'csat_0_9'"):
        headline("csat", "csat_0_9", {})


def _range_of(metric: str) -> tuple[float, float]:
    if metric == "mood":
        return -5, 5
    return {"percent": (0, 100), "points": (-100, 100), "seconds": (0, float("inf")), "index": (0, 100)}[
        METRICS[metric].unit
    ]
