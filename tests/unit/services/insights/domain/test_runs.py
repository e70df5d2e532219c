"""Runs in their order, each with its own scores, by the map of its own time."""

from datetime import UTC, datetime, timedelta

import msgspec

from services.insights.domain.record import Customer, Known, Reached, Run, Score
from services.insights.domain.runs import instances
from shared.programme.history import History, Version
from shared.programme.weigh.features import Features
from tests.shop import PARCEL_ARRIVES, SHOP

NOW = datetime(2026, 5, 10, tzinfo=UTC)
CHANGED = NOW - timedelta(days=5)


def run(instance: str, ago: timedelta, status: str = "completed") -> Run:
    return Run("order-to-door", instance, status, NOW - ago, NOW - ago, None, 1)


def score(instance: str, value: float) -> Score:
    return Score("order-to-door", instance, str(value), "csat", "parcel-arrives", "csat", value, NOW, "s", str(value))


def customer(*runs: Run, scores: list[Score], reached: list[Reached]) -> Customer:
    known = Known([], "everyday", NOW, NOW, None, False, Features(NOW))
    return Customer(known, list(runs), scores, reached, [], [])


def history() -> History:
    """At first the parcel's arrival was no moment of truth."""
    journey = SHOP.journeys[0]
    plain = msgspec.structs.replace(PARCEL_ARRIVES, moment_of_truth=None)
    stages = (journey.stages[0], msgspec.structs.replace(journey.stages[1], touchpoints=(plain,)))
    before = msgspec.structs.replace(SHOP, journeys=(msgspec.structs.replace(journey, stages=stages),))
    return History([Version(1, None, NOW, "a", before), Version(2, CHANGED, NOW, "b", SHOP)])


def test_each_run_has_its_own_scores_and_the_map_of_its_time() -> None:
    runs = (run("new", timedelta(days=1)), run("old", timedelta(days=9)), run("silent", timedelta(days=9), "open"))
    reached = [Reached("order-to-door", name, "parcel-arrives") for name in ("new", "old")]
    found = instances(
        customer(*runs, scores=[score("new", 80), score("new", 90), score("old", 10)], reached=reached), history(), NOW
    )
    assert [(one.instance, one.status) for one in found] == [
        ("new", "completed"),
        ("old", "completed"),
        ("silent", "expired"),
    ]
    new, old, silent = (one.peak_end for one in found)
    assert new is not None
    assert (new.value, new.n, new.coverage) == (90, 2, 1.0)
    assert old is not None
    assert (old.value, old.coverage) == (10, None)
    assert silent is None


def test_a_run_that_goes_on_is_provisional() -> None:
    (one,) = instances(customer(run("1", timedelta(), "open"), scores=[score("1", 80)], reached=[]), history(), NOW)
    assert one.peak_end is not None
    assert one.peak_end.provisional
