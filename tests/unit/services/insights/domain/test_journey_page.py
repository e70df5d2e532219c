"""A map with its figures: every step in its place, every measure with its own counts."""

from services.insights.domain import shapes
from services.insights.domain.journey_page import listed, measured, page
from shared.metrics.sketch import duration_key
from shared.programme.model import Measure
from tests.shop import HOUR, ORDER_TO_DOOR, SHOP


def test_the_list_has_the_programmes_order() -> None:
    assert listed(SHOP) == shapes.Journeys(
        items=[shapes.JourneyItem(journey="order-to-door", name="From order to door")]
    )


def test_each_measure_gets_its_own_counts() -> None:
    shown = page(ORDER_TO_DOOR, [{"csat_1_5": {5: 3, 1: 1}}, {"": {1: 9, 0: 1}}])
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


def test_without_answers_there_is_no_value_and_no_status() -> None:
    for stage in page(ORDER_TO_DOOR, [{}, {}]).stages:
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
