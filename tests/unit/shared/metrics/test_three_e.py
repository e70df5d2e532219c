"""The index of the three E's: exact in eighteenths, never of two."""

from itertools import product

import pytest

from shared.metrics.headline import headline
from shared.metrics.scales import SCALES, ScoreOutsideScale, UnknownScale, norm100_of, scale_of
from shared.metrics.three_e import METRIC, SCALE_ID, STEPS, E, Given, index_of, three_e


def of(*answers: Given) -> int | None:
    return three_e(dict(zip(E, answers, strict=False)))


@pytest.mark.parametrize("enjoyed", [(1, 7), (-3, 3)])
def test_every_combination_of_answers_is_a_whole_number_of_eighteenths(enjoyed: tuple[int, int]) -> None:
    for goal, ease, joy in product(range(3), range(1, 8), range(enjoyed[0], enjoyed[1] + 1)):
        value = of((goal, None), (ease, None), (joy, enjoyed))
        norms = [
            norm100_of(scale_of("effectiveness", None), goal),
            norm100_of(scale_of("ease", None), ease),
            norm100_of(scale_of("enjoyment", enjoyed), joy),
        ]
        assert value is not None
        assert value in range(STEPS + 1)
        assert index_of(value) == pytest.approx(sum(norm or 0 for norm in norms) / 3)


def test_every_scale_of_an_e_fits_into_its_third() -> None:
    for scale in SCALES.values():
        if scale.metric in E:
            assert (STEPS // len(E)) % (scale.high - scale.low) == 0


def test_a_missing_e_makes_it_null_and_stretches_nothing() -> None:
    whole = {"effectiveness": (2, None), "ease": (7, None), "enjoyment": (7, None), "csat": (1, None)}
    assert three_e(whole) == STEPS
    for missing in E:
        assert three_e({metric: given for metric, given in whole.items() if metric != missing}) is None


def test_scores_that_cannot_be_counted_are_refused() -> None:
    with pytest.raises(ScoreOutsideScale):
        of((3, None), (1, None), (1, None))
    with pytest.raises(UnknownScale):
        of((2, None), (1, (1, 5)), (1, None))


def test_it_cannot_be_sent_as_an_answer() -> None:
    with pytest.raises(UnknownScale, match="three_e is counted from answers to others: it is not an answer"):
        scale_of(METRIC, (0, 18))


def test_of_one_respondent_nothing_is_known_of_spread() -> None:
    one = headline(METRIC, SCALE_ID, {9: 1})
    assert one is not None
    assert (one.value, one.low, one.high, one.n) == (50.0, None, None, 1)
