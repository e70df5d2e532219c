"""What is told of a change beside the figure: the window before, and who moved most."""

from datetime import UTC, datetime

import pytest

from services.scoring.domain.moved import Cut, explained
from shared.events.told.moment import Figure, MeasureDecided, Status
from shared.programme.journey import Measure
from tests.unit.services.scoring.domain.maps import of

PROMISE = Measure(metric="promise_kept", window=3600, red_below=80, yellow_below=90)
CSAT = Measure(metric="csat", window=3600, red_below=60, yellow_below=75)


def told(
    metric: str, scale: str | None, *, status: Status = "red", previous: Status = "green", value: float = 60.0
) -> MeasureDecided:
    return MeasureDecided(
        metric=metric,
        scale=scale,
        window=3600,
        status=status,
        previous=previous,
        since=datetime(2026, 11, 25, tzinfo=UTC),
        figure=Figure(value=value, n=40),
        at_least=30,
    )


@pytest.mark.parametrize(
    ("measure", "scale", "good", "bad"), [(CSAT, "csat_1_5", 5, 1), (PROMISE, None, 1, 0)], ids=["csat", "promise_kept"]
)
def test_the_window_before_and_who_fell_most(measure: Measure, scale: str | None, good: int, bad: int) -> None:
    planners = Cut("planner", "courier", now={good: 8, bad: 12}, before={good: 19, bad: 1})
    others = Cut("regular", "courier", now={good: 16, bad: 4}, before={good: 17, bad: 3})
    found = explained(told(measure.metric, scale), of(measure)[0], [planners, others])
    assert found.before is not None
    assert (found.before.value, found.before.n) == (90.0, 40)
    assert found.persona is not None
    assert (found.persona.name, found.persona.now.value, found.persona.before.value) == ("planner", 40.0, 95.0)
    assert found.channel is not None
    assert (found.channel.name, found.channel.now.value, found.channel.before.value) == ("courier", 60.0, 90.0)


def test_nothing_is_known_of_what_nobody_answered() -> None:
    assert explained(told("csat", None), of(CSAT)[0], []).before == Figure()


@pytest.mark.parametrize(
    ("previous", "status", "value"),
    [("red", "yellow", 90.0), ("yellow", "green", 90.0), ("green", "red", 90.0), ("red", "yellow", 60.0)],
    ids=["recovers", "is green again", "red, and rising already", "less red, whatever it was before"],
)
def test_nobody_is_named_where_it_went_better(previous: Status, status: Status, value: float) -> None:
    """The newcomers fell all the same, from 93 to 87 % of theirs."""
    newcomers = Cut("newcomer", "courier", now={5: 87, 1: 13}, before={5: 93, 1: 7})
    others = Cut("planner", "courier", now={5: 93, 1: 7}, before={5: 27, 1: 73})
    measured = told("csat", "csat_1_5", status=status, previous=previous, value=value)
    found = explained(measured, of(CSAT)[0], [newcomers, others])
    assert found.before is not None
    assert found.before.value == 60.0
    assert (found.persona, found.channel) == (None, None)


def test_a_first_red_names_who_fell() -> None:
    cut = Cut("planner", "courier", now={5: 6, 1: 4}, before={5: 9, 1: 1})
    found = explained(told("csat", "csat_1_5", previous="unknown"), of(CSAT)[0], [cut])
    assert found.persona is not None
    assert found.persona.name == "planner"
