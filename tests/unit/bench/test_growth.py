import pytest

from bench.growth import Sample, a_minute, by_the_minute, settled

TEN_MINUTES = [Sample(1000.0 + second, (100 + 0.5 * second / 60, 80.0)) for second in range(601)]


def test_the_line_through_steady_growth_is_that_growth() -> None:
    assert a_minute(TEN_MINUTES) == pytest.approx(0.5)
    assert a_minute(TEN_MINUTES, place=1) == 0


def test_what_comes_while_warming_up_is_no_growth() -> None:
    warming = [Sample(float(second), (50.0 + min(second, 100),)) for second in range(600)]
    assert a_minute(settled(warming)) == 0
    assert a_minute(warming) > 1


def test_each_minute_is_told_once_and_then_the_last_look() -> None:
    assert by_the_minute(TEN_MINUTES) == pytest.approx([100 + 0.5 * minute for minute in range(11)] + [105])
    assert by_the_minute(TEN_MINUTES[:30]) == pytest.approx([100, 100 + 0.5 * 29 / 60])
