"""When series break: a name that means something else, never a threshold or a text."""

from typing import Any

import pytest
from msgspec.structs import replace

from shared.programme.major import with_majors
from shared.programme.model import Journey, Measure, MomentOfTruth, Programme, Promise, Stage, Touchpoint

DELIVERED = (("type", ("voc.interaction",)), ("action", ("delivered",)))
MEASURE = Measure(metric="csat", window=86_400, red_below=60, yellow_below=75)
MOMENT = MomentOfTruth(owner="van", measures=(MEASURE,))
PROMISE = Promise(says="By noon", opened_by="placed", kept_by="delivered")
DOOR = Touchpoint(touchpoint="door", name="Door", match=DELIVERED, promise=PROMISE, moment_of_truth=MOMENT)
PAGE = Touchpoint(touchpoint="page", name="Page")


def programme(*touchpoints: Touchpoint, name: str = "delivery") -> Programme:
    stages = (Stage(stage="s", name="S", touchpoints=touchpoints),)
    return Programme(name="p", timezone="UTC", journeys=(Journey(journey=name, name=name, stages=stages),))


def major(after: Programme, *before: Programme) -> int:
    return with_majors(after, before).journeys[0].major


def door(**changes: Any) -> Touchpoint:
    return replace(DOOR, **changes)


@pytest.mark.parametrize(
    "after",
    [
        programme(DOOR, PAGE),
        programme(PAGE, DOOR),
        programme(DOOR, PAGE, Touchpoint(touchpoint="new", name="New")),
        programme(door(name="At the door", channels=("courier",)), PAGE),
        programme(
            door(moment_of_truth=replace(MOMENT, owner="care", measures=(replace(MEASURE, red_below=50),))), PAGE
        ),
        programme(door(promise=replace(PROMISE, says="At noon", grace=60)), PAGE),
        programme(door(match=DELIVERED[::-1]), PAGE),
    ],
    ids=["same", "order", "step added", "words", "threshold", "promise's words", "order of a rule"],
)
def test_what_keeps_the_series(after: Programme) -> None:
    assert major(after, programme(DOOR, PAGE)) == 1


@pytest.mark.parametrize(
    "after",
    [
        programme(DOOR),
        programme(door(moment_of_truth=None), PAGE),
        programme(DOOR, replace(PAGE, moment_of_truth=MOMENT)),
        programme(DOOR, PAGE, Touchpoint(touchpoint="new", name="New", moment_of_truth=MOMENT)),
        programme(door(match=(("action", ("left-at-door",)),)), PAGE),
        programme(door(promise=replace(PROMISE, due="wanted_at")), PAGE),
        programme(door(promise=None), PAGE),
    ],
    ids=["step gone", "moment gone", "moment made", "moment added", "rule", "promise", "promise gone"],
)
def test_what_breaks_the_series(after: Programme) -> None:
    assert major(after, programme(DOOR, PAGE)) == 2


def test_majors_go_on_from_the_last_version_that_had_the_map() -> None:
    first = programme(DOOR, PAGE)
    second = with_majors(programme(PAGE), [first])
    without = programme(PAGE, name="other")
    assert major(programme(DOOR), first, second, without) == 3
    assert major(programme(PAGE), first, second, without) == 2
