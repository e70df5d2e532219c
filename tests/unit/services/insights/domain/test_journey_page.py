"""A map with its figures: every step in its place, every measure with its own counts, every status rolled up."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from services.insights.domain import shapes
from services.insights.domain.experience import METRICS, Given
from services.insights.domain.journey_page import listed, measured, page
from services.insights.domain.standing import Decided, Judge, MeasureKey, MeasureRow, MomentKey
from shared.metrics.sketch import duration_key
from shared.programme.model import Journey, Measure, MomentOfTruth, Programme, Stage, Touchpoint
from tests.shop import DAY, HOUR, ORDER_TO_DOOR, SHOP

NOW = datetime(2026, 5, 10, tzinfo=UTC)
NOTHING = Judge(Decided(NOW), NOW, timedelta(minutes=1), timedelta(minutes=15))


def step(name: str, *metrics: str) -> Touchpoint:
    measures = tuple(Measure(metric=metric, window=DAY, red_below=0, yellow_below=9) for metric in metrics)
    moment = MomentOfTruth(owner="o", measures=measures) if measures else None
    return Touchpoint(touchpoint=name, name=name, moment_of_truth=moment)


BUY = Journey(
    journey="buy",
    name="Buy",
    stages=(
        Stage(stage="choose", name="Choosing", touchpoints=(step("look"),)),
        Stage(stage="pay", name="Paying", touchpoints=(step("cart", "nps"), step("till", "csat", "ces"))),
    ),
)
MEASURES = [("cart", "nps"), ("till", "csat"), ("till", "ces")]


def judged(*statuses: str, beat: datetime = NOW) -> Judge:
    """A status for each of `MEASURES`."""
    rows = {
        MeasureKey("buy", 1, touchpoint, metric, None, None, DAY): MeasureRow(status, NOW, NOW, False, False, None)
        for (touchpoint, metric), status in zip(MEASURES, statuses, strict=True)
    }
    moments = {MomentKey("buy", 1, "till"): NOW}
    return Judge(Decided(beat, rows, moments), NOW, timedelta(minutes=1), timedelta(minutes=15))


def felt(journey: Journey, **given: Given) -> dict[str, Given]:
    """What was given at these steps; nothing at the others."""
    nothing: Given = {metric: {} for metric in METRICS}
    return {one.touchpoint: {**nothing, **given.get(one.touchpoint, {})} for one in journey.touchpoints}


def test_the_list_has_the_programmes_order() -> None:
    programme = Programme(name="x", timezone="UTC", journeys=(BUY, *SHOP.journeys))
    assert listed(programme, judged("green", "green", "red")) == shapes.Journeys(
        items=[
            shapes.JourneyItem(journey="buy", name="Buy", status="red", decided_by="till"),
            shapes.JourneyItem(journey="order-to-door", name="From order to door", decided_by="parcel-arrives"),
        ]
    )


@pytest.mark.parametrize(
    ("statuses", "journey", "by", "till"),
    [
        (("green", "green", "green"), "green", "cart", ("green", "csat")),
        (("green", "green", "unknown"), "unknown", "till", ("unknown", "ces")),
        (("unknown", "yellow", "green"), "yellow", "till", ("yellow", "csat")),
        (("yellow", "yellow", "red"), "red", "till", ("red", "ces")),
        (("red", "red", "red"), "red", "cart", ("red", "csat")),
    ],
)
def test_the_worst_decides_and_is_named(
    statuses: tuple[str, ...], journey: str, by: str, till: tuple[str, str]
) -> None:
    shown = page(BUY, [{}] * 3, felt(BUY), judged(*statuses))
    assert (shown.status, shown.decided_by, shown.stale) == (journey, by, False)
    choose, pay = shown.stages
    assert (choose.status, choose.decided_by) == ("unknown", None)
    assert (pay.status, pay.decided_by, pay.name) == (journey, by, "Paying")
    last = pay.touchpoints[1]
    assert (last.status, last.decided_at) == (till[0], NOW)
    assert last.decided_by == shapes.MeasureName(metric=till[1], stat=None, window="24h")
    assert listed(Programme(name="x", timezone="UTC", journeys=(BUY,)), judged(*statuses)).items[0].status == journey


def test_a_stopped_scoring_makes_all_of_it_unknown_and_stale() -> None:
    shown = page(BUY, [{}] * 3, felt(BUY), judged("green", "red", "green", beat=NOW - timedelta(minutes=2)))
    assert (shown.status, shown.stale) == ("unknown", True)
    assert {stage.status for stage in shown.stages} == {"unknown"}
    for touchpoint in shown.stages[1].touchpoints:
        assert touchpoint.status == "unknown"
        assert {(measure.status, measure.stale) for measure in touchpoint.measures} == {("unknown", True)}


def test_a_map_without_moments_of_truth_has_no_status_and_is_not_stale() -> None:
    bare = msgspec.structs.replace(BUY, stages=BUY.stages[:1], perspective="employee")
    shown = page(bare, [], felt(bare), judged("red", "red", "red", beat=NOW - timedelta(days=1)))
    assert (shown.status, shown.decided_by, shown.stale, shown.perspective) == ("unknown", None, False, "employee")


def test_each_measure_gets_its_own_counts() -> None:
    shown = page(ORDER_TO_DOOR, [{"csat_1_5": {5: 3, 1: 1}}, {"": {1: 9, 0: 1}}], felt(ORDER_TO_DOOR), NOTHING)
    placed, arrives = (stage.touchpoints[0] for stage in shown.stages)
    assert placed.measures == []
    assert [(m.metric, m.value, m.n, m.window) for m in arrives.measures] == [
        ("csat", 75.0, 4, "7d"),
        ("promise_kept", 90.0, 10, "48h"),
    ]
    assert arrives.promise == shapes.PromiseMade(
        says="On the promised day", opened_by="placed", due="promised_at", kept_by="delivered"
    )
    assert arrives.people[1] == shapes.Person(role="hub planning", visible=False)


def test_the_three_es_stand_beside_one_another_at_each_step_in_each_stage_and_in_the_whole() -> None:
    hard = {"ease": {"ces2_1_7": {7: 1, 1: 3}}, "enjoyment": {"enjoy_1_7": {7: 2}}}
    shown = page(BUY, [{}] * 3, felt(BUY, look={"ease": {"ces2_1_7": {6: 4}}}, till=hard), NOTHING)
    choose, pay = shown.stages
    cart, till = pay.touchpoints
    assert cart.experience is None
    ease = [one.experience.ease for one in (choose.touchpoints[0], till, choose, pay, shown) if one.experience]
    assert [(one.value, one.n) for one in ease] == [(100, 4), (25, 4), (100, 4), (25, 4), (62.5, 8)]
    assert till.experience is not None
    assert (till.experience.enjoyment.n, till.experience.effectiveness.n) == (2, 0)
    assert till.status == "unknown"  # none of it decides


def test_without_answers_there_is_no_value_and_no_status() -> None:
    for stage in page(ORDER_TO_DOOR, [{}, {}], felt(ORDER_TO_DOOR), NOTHING).stages:
        for touchpoint in stage.touchpoints:
            assert (touchpoint.status, touchpoint.decided_at) == ("unknown", None)
            for one in touchpoint.measures:
                assert (one.value, one.low, one.high, one.n, one.status) == (None, None, None, 0, "unknown")


def test_a_measure_shows_its_thresholds_and_its_own_scale() -> None:
    seven = Measure(metric="csat", scale=(1, 7), window=HOUR, red_below=60, yellow_below=75)
    shown = measured(seven, {"csat_1_5": {5: 99}, "csat_1_7": {7: 1, 1: 1}})
    assert (shown.value, shown.n, shown.red_below, shown.yellow_below, shown.red_above) == (50.0, 2, 60, 75, None)
    wait = Measure(metric="wait_seconds", stat="p90", window=HOUR, red_above=600, yellow_above=300)
    slow = measured(wait, {"ms": {duration_key(1000): 9, duration_key(900_000): 9}})
    assert (slow.stat, slow.n, slow.red_above, slow.yellow_above, slow.red_below) == ("p90", 18, 600, 300, None)
    assert slow.value is not None
    assert 890 < slow.value < 910
