"""Which scores are counted, as what, and which are refused with what sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.metrics.scales import (
    CUSTOM,
    LARGEST,
    SCALES,
    Scale,
    ScoreOutsideScale,
    UnknownScale,
    check_score,
    norm100,
    norm100_of,
    scale_named,
    scale_of,
)

EVERY_SCALE = pytest.mark.parametrize("scale", SCALES.values(), ids=lambda s: f"{s.metric}-{s.scale_id}")
CUSTOM_BOUNDS = st.tuples(
    st.floats(-LARGEST, LARGEST, allow_nan=False) | st.integers(-LARGEST, LARGEST),
    st.floats(-LARGEST, LARGEST, allow_nan=False) | st.integers(-LARGEST, LARGEST),
).filter(lambda bounds: bounds[0] < bounds[1])


@pytest.mark.parametrize(
    ("metric", "ends"),
    [
        ("nps", (0, 10)),
        ("csat", (1, 5)),
        ("ces", (1, 7)),
        ("ease", (1, 7)),
        ("effectiveness", (0, 2)),
        ("enjoyment", (1, 7)),
        ("expectation", (-2, 2)),
        ("preference", (-1, 1)),
    ],
)
def test_an_answer_without_a_scale_is_on_the_usual_one(metric: str, ends: tuple[int, int]) -> None:
    assert scale_of(metric, None) is SCALES[metric, ends]


@EVERY_SCALE
def test_favourable_and_unfavourable_lie_apart_within_the_scale(scale: Scale) -> None:
    values = range(int(scale.low), int(scale.high) + 1)
    assert set(scale.favourable) | set(scale.unfavourable) <= set(values)
    assert not set(scale.favourable) & set(scale.unfavourable)
    best = scale.high if scale.good == "high" else scale.low
    assert best in scale.favourable
    assert scale.low + scale.high - best in scale.unfavourable


@EVERY_SCALE
def test_a_stored_scale_is_found_again_by_its_id(scale: Scale) -> None:
    assert scale_named(scale.metric, scale.scale_id) is scale
    assert scale_of(scale.metric, (float(scale.low), float(scale.high))) is scale


@EVERY_SCALE
def test_every_value_of_a_discrete_scale_is_stored_as_itself_and_its_neighbours_are_refused(scale: Scale) -> None:
    for value in range(int(scale.low), int(scale.high) + 1):
        for score in (value, float(value)):
            stored = check_score(scale, score)
            assert stored == value
            assert type(stored) is int
    for wrong in (scale.low - 1, scale.high + 1, scale.low + 0.5, float("nan"), float("inf"), -(10**400)):
        with pytest.raises(ScoreOutsideScale):
            check_score(scale, wrong)


@EVERY_SCALE
def test_norm100_runs_from_the_bad_end_to_the_good_one(scale: Scale) -> None:
    ends = (scale.low, scale.high) if scale.good == "high" else (scale.high, scale.low)
    assert [norm100_of(scale, end) for end in ends] == [0, 100]


def test_a_refused_score_is_told_what_was_expected() -> None:
    with pytest.raises(ScoreOutsideScale, match=r"^expected a whole score from 1 to 5 for csat, found 6$"):
        check_score(scale_of("csat", None), 6)
    with pytest.raises(ScoreOutsideScale, match=r"^expected a score from 0 to 1 for mood, found 1.5$"):
        check_score(scale_of("mood", (0, 1)), 1.5)


def test_an_unknown_scale_is_told_the_allowed_ones() -> None:
    with pytest.raises(
        UnknownScale, match=r"^expected .* csat to be \[1, 5\] \(usual\) or \[1, 7\] or \[1, 10\], found"
    ):
        scale_of("csat", (0, 10))


@pytest.mark.parametrize("metric", ["promise_kept", "response_seconds", "wait_seconds", "duration_seconds"])
def test_what_is_counted_from_interactions_cannot_be_answered(metric: str) -> None:
    for bounds in (None, (0, 1)):
        with pytest.raises(UnknownScale, match="counted from interactions"):
            scale_of(metric, bounds)


@pytest.mark.parametrize(
    "bounds", [(5, 1), (1, 1), (0, 10**400), (float("nan"), 1), (0, float("inf")), (-LARGEST - 1, 0)]
)
def test_a_custom_scale_has_two_ends_that_can_be_stored(bounds: tuple[float, float]) -> None:
    with pytest.raises(UnknownScale, match="within"):
        scale_of("mood", bounds)


@pytest.mark.parametrize("scale_id", ["", "custom_", "custom_1", "custom_5_1", "custom_a_b", "csat_1_5", "other_1_5"])
def test_an_id_that_no_scale_has_is_refused(scale_id: str) -> None:
    for metric in ("mood", "nps"):
        with pytest.raises(UnknownScale):
            scale_named(metric, scale_id)


def test_a_custom_score_is_stored_in_hundredths() -> None:
    free = scale_of("mood", None)
    assert [check_score(free, score) for score in (3, 2.5, -0.256, 0, 1e-9)] == [300, 250, -26, 0, 0]
    assert check_score(free, LARGEST) == -check_score(free, -LARGEST) == LARGEST * 100 < 2**31
    assert norm100_of(free, 3) is None
    with pytest.raises(ScoreOutsideScale):
        check_score(free, LARGEST + 1)


def test_a_custom_scale_is_one_series_however_its_ends_are_written() -> None:
    assert scale_of("mood", (0, 10)).scale_id == scale_of("mood", (0.0, 10.0)).scale_id == "custom_0_10"
    assert scale_of("spirit", (0.0, 10.0)).scale_id == "custom_0_10"
    assert scale_of("mood", None).scale_id == CUSTOM


@given(bounds=CUSTOM_BOUNDS)
def test_a_custom_scale_is_found_again_by_its_id(bounds: tuple[float, float]) -> None:
    scale = scale_of("mood", bounds)
    assert scale_named("mood", scale.scale_id) == scale
    assert (scale.low, scale.high) == bounds


@given(bounds=CUSTOM_BOUNDS, part=st.floats(0, 1))
def test_a_custom_score_is_stored_within_half_a_hundredth(bounds: tuple[float, float], part: float) -> None:
    scale = scale_of("mood", bounds)
    score = min(max(scale.low + part * (scale.high - scale.low), scale.low), scale.high)
    assert abs(check_score(scale, score) / 100 - score) <= 0.005 + 1e-6
    assert 0 <= norm100(score, scale.low, scale.high) <= 100
