"""What is told of a change beside the figure: the window before, and who moved most."""

from datetime import UTC, datetime

import pytest

from services.scoring.domain.declared import Declared, declared
from services.scoring.domain.moved import Cut, explained
from shared.events.told.moment import Figure, MeasureDecided
from shared.programme.journey import Journey, Measure, MomentOfTruth, Promise, Stage, Touchpoint
from shared.programme.model import Programme

PROMISE = Measure(metric="promise_kept", window=3600, red_below=80, yellow_below=90)
CSAT = Measure(metric="csat", window=3600, red_below=60, yellow_below=75)


def of(measure: Measure) -> Declared:
    arrives = Touchpoint(
        touchpoint="parcel-arrives",
        name="The parcel arrives",
        promise=Promise(says="On the day", opened_by="placed", kept_by="delivered"),
        moment_of_truth=MomentOfTruth(owner="delivery", measures=(measure,)),
    )
    stages = (Stage(stage="delivery", name="Delivery", touchpoints=(arrives,)),)
    journey = Journey(journey="order-to-door", name="From order to door", stages=stages)
    (found,) = declared(Programme(name="Shop", timezone="UTC", journeys=(journey,)))
    return found


def told(metric: str, scale: str | None) -> MeasureDecided:
    return MeasureDecided(
        metric=metric,
        scale=scale,
        window=3600,
        status="red",
        previous="green",
        since=datetime(2026, 11, 25, tzinfo=UTC),
        figure=Figure(value=60.0, n=40),
        at_least=30,
    )


@pytest.mark.parametrize(
    ("measure", "scale", "good", "bad"), [(CSAT, "csat_1_5", 5, 1), (PROMISE, None, 1, 0)], ids=["csat", "promise_kept"]
)
def test_the_window_before_and_who_fell_most(measure: Measure, scale: str | None, good: int, bad: int) -> None:
    planners = Cut("planner", "courier", now={good: 8, bad: 12}, before={good: 19, bad: 1})
    others = Cut("regular", "courier", now={good: 16, bad: 4}, before={good: 17, bad: 3})
    found = explained(told(measure.metric, scale), of(measure), [planners, others])
    assert found.before is not None
    assert (found.before.value, found.before.n) == (90.0, 40)
    assert found.persona is not None
    assert (found.persona.name, found.persona.now.value, found.persona.before.value) == ("planner", 40.0, 95.0)
    assert found.channel is not None
    assert (found.channel.name, found.channel.now.value, found.channel.before.value) == ("courier", 60.0, 90.0)


def test_nothing_is_known_of_what_nobody_answered() -> None:
    assert explained(told("csat", None), of(CSAT), []).before == Figure()
