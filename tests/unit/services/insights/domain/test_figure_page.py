"""One figure and a series of them."""

from datetime import UTC, datetime

import msgspec
import pytest

from services.insights.domain import shapes
from services.insights.domain.asked import Window, window
from services.insights.domain.figure_page import declared_as, measure, series
from services.insights.domain.place import Place
from services.insights.domain.series import Series
from shared.metrics.most_answered import ByScale
from shared.metrics.span import beginning_of
from shared.programme.model import Measure, MomentOfTruth
from tests.shop import ORDER_PLACED, PARCEL_ARRIVES

NOW = datetime(2026, 5, 10, 12, 7, tzinfo=UTC)
CSAT = Series("order-to-door", 1, "parcel-arrives", "csat")
ARRIVES = Place(PARCEL_ARRIVES, 1, "customer")
GIVEN = {"csat_1_5": {5: 3, 1: 1}}


def days(length: str) -> Window:
    return window(length, None, "UTC", now=NOW)


def figure_at(place: Place, asked: Series, length: str, given: ByScale) -> shapes.Measure:
    return measure(declared_as(place, asked, None, days(length)), asked, None, days(length), given)


def test_the_figure_that_a_map_declares_has_its_thresholds() -> None:
    shown = figure_at(ARRIVES, CSAT, "7d", GIVEN)
    assert (shown.value, shown.n, shown.window, shown.red_below, shown.yellow_below) == (75.0, 4, "7d", 60, 75)


@pytest.mark.parametrize(
    ("asked", "length"),
    [
        (CSAT, "28d"),
        (CSAT._replace(persona="planner"), "7d"),
        (CSAT._replace(channel="web"), "7d"),
        (CSAT._replace(perspective="employee"), "7d"),
        (CSAT._replace(scale_id="csat_1_5"), "7d"),
        (CSAT._replace(metric="nps"), "7d"),
    ],
)
def test_any_other_figure_has_none(asked: Series, length: str) -> None:
    shown = figure_at(ARRIVES, asked, length, {})
    assert (shown.red_below, shown.yellow_below, shown.window) == (None, None, length)
    assert figure_at(ARRIVES._replace(touchpoint=ORDER_PLACED), CSAT, "7d", GIVEN).red_below is None


def test_on_a_map_of_employees_the_declared_figure_is_theirs() -> None:
    theirs = ARRIVES._replace(perspective="employee")
    assert figure_at(theirs, CSAT._replace(perspective="employee"), "7d", GIVEN).red_below == 60
    assert figure_at(theirs, CSAT, "7d", GIVEN).red_below is None


def test_a_measure_that_names_its_scale_is_shown_on_it_whatever_else_is_answered() -> None:
    ces = Measure(metric="ces", scale=(1, 7), window=days("7d").seconds, red_below=60, yellow_below=75)
    moment = MomentOfTruth(owner="o", measures=(ces,))
    declares = ARRIVES._replace(touchpoint=msgspec.structs.replace(PARCEL_ARRIVES, moment_of_truth=moment))
    given = {"ces2_1_7": {7: 30, 1: 10}, "ces1_1_5": {1: 100}}
    asked = CSAT._replace(metric="ces")
    shown = figure_at(declares, asked, "7d", given)
    assert (shown.n, shown.red_below) == (40, 60)
    other = figure_at(declares, asked._replace(scale_id="ces1_1_5"), "7d", given)
    assert (other.n, other.red_below) == (100, None)
    longer = figure_at(declares, asked, "28d", given)
    assert (longer.n, longer.red_below) == (100, None)


def test_steps_without_an_answer_are_left_out() -> None:
    points = series(CSAT, None, [0, 96, 192, 288], [GIVEN, {}, {"csat_1_5": {4: 1}}]).points
    assert [(point.from_at, point.to_at) for point in points] == [
        (beginning_of(0), beginning_of(96)),
        (beginning_of(192), beginning_of(288)),
    ]
    assert [(point.value, point.n) for point in points] == [(75.0, 4), (100.0, 1)]


def test_a_series_is_on_one_scale_throughout() -> None:
    mixed = [{"csat_1_5": {5: 1}, "csat_1_7": {1: 5}}, {"csat_1_5": {5: 9}}, {"csat_1_7": {1: 2}}]
    points = series(CSAT, None, [0, 1, 2, 3], mixed).points
    assert [(point.value, point.n) for point in points] == [(100.0, 1), (100.0, 9)]
    seven = series(CSAT._replace(scale_id="csat_1_7"), None, [0, 1, 2, 3], mixed).points
    assert [(point.value, point.n) for point in seven] == [(0.0, 5), (0.0, 2)]


def test_nothing_given_is_an_empty_series() -> None:
    assert series(CSAT, None, [0, 96], [{}]).points == []
