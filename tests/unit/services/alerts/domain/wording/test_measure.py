"""Why a measure is red, in a sentence that never contradicts its threshold."""

import re

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from services.alerts.domain.wording.measure import figures, same, then_and_now, why_red
from shared.events.told.moment import Figure
from tests.letters import ANSWER, CSAT, FALLING, GREEN_NOW, MOMENT, PROMISE


def test_the_long_window_is_named_where_it_is_beyond_the_threshold() -> None:
    assert why_red(PROMISE) == "Promise kept is 78.4 % in the last 24 h: red below 85 %."
    assert why_red(ANSWER) == "Time to our answer (90th percentile) is 2 h 5 min in the last 24 h: red above 2 h."


def test_the_short_window_is_named_where_only_it_proves() -> None:
    assert why_red(FALLING) == (
        "Promise kept is 61.4 % in the last 6 h (n = 44): red below 85 %. Over the last 24 h it is 88.1 %."
    )
    (first, second, *_rest) = figures(FALLING)
    assert (first.name, first.value) == ("Promise kept, last 6 h", "61.4 % (95 % interval 46.6–74.3 %), n = 44")
    assert (second.name, second.value) == ("Promise kept, last 24 h", "88.1 % (95 % interval 84.6–90.9 %), n = 412")
    assert not [fact for fact in figures(FALLING) if "alone" in fact.name], "it is not said twice"


def test_where_low_is_good_the_short_window_proves_by_its_lower_limit() -> None:
    late = replace(
        ANSWER,
        figure=Figure(value=6_900.0, low=6_000.0, high=7_300.0, n=230),
        short_window=21_600,
        short=Figure(value=9_000.0, low=8_100.0, high=9_900.0, n=60),
        lower=8_100.0,
        upper=7_250.0,
    )
    assert why_red(late) == (
        "Time to our answer (90th percentile) is 2 h 30 min in the last 6 h (n = 60): red above 2 h."
        " Over the last 24 h it is 1 h 55 min."
    )


def test_what_is_still_red_and_better_by_now_is_not_said_to_be_below() -> None:
    better = replace(PROMISE, figure=Figure(value=86.0, low=82.0, high=89.0, n=400), upper=88.6)
    assert why_red(better) == (
        "Promise kept is 86 % in the last 24 h: it turned red below 85 %, and stays so until it is clearly better for"
        " a while."
    )


PERCENT = st.integers(0, 10_000).map(lambda hundredths: hundredths / 100)


@given(PERCENT, PERCENT, st.floats(0, 30), st.floats(0, 30))
def test_no_value_stands_beside_a_threshold_that_it_does_not_cross(
    long: float, short: float, above_long: float, above_short: float
) -> None:
    measure = replace(
        PROMISE,
        figure=Figure(value=long, n=412),
        short=Figure(value=short, high=short + above_short, n=44),
        upper=min(long + above_long, short + above_short),
    )
    found = re.search(r"is ([\d.]+) % in the last [^:]+: red below 85 %", why_red(measure))
    assert found is None or float(found[1]) < 85
    assert found is not None or long >= 85


def test_what_turned_red_in_its_last_hours_is_compared_with_those() -> None:
    assert then_and_now(FALLING, GREEN_NOW) == (
        "Promise kept is 91.2 %; it was 61.4 % in the last 6 h when it turned red (red below 85 %)."
    )


def test_a_measure_is_compared_with_itself_not_with_another_scale_of_the_map() -> None:
    five, seven = (replace(CSAT, declared_scale=scale) for scale in ("1-5", "1-7"))
    both = replace(MOMENT, measures=(five, seven))
    assert (same(five, both), same(seven, both)) == (five, seven)
