"""The names on the wire are those of the contract (design §2.4)."""

from datetime import UTC, datetime

import msgspec
import pytest

from services.insights.domain import shapes

WIRE = {
    shapes.Journeys: "items next",
    shapes.JourneyItem: "journey name status",
    shapes.Journey: "journey name status stages",
    shapes.Stage: "stage touchpoints",
    shapes.Touchpoint: "touchpoint name people channels promise status decided_at measures",
    shapes.Measure: "metric stat value low high n window status red_below yellow_below red_above yellow_above initial"
    " incomplete held_since stale",
    shapes.Series: "points",
    shapes.Point: "from to value low high n",
    shapes.Customer: "subject identifiers persona since confidence reasons treatment instances promises timeline",
    shapes.Reason: "feature value weight contribution",
    shapes.Treatment: "strategy do avoid",
    shapes.Timeline: "items next",
    shapes.TimelineItem: "id source type time touchpoint summary",
}
MORE: dict[type[msgspec.Struct], str] = {
    shapes.JourneyItem: "perspective decided_by stale",
    shapes.Journey: "perspective decided_by stale experience",
    shapes.Stage: "name status decided_by experience",
    shapes.Touchpoint: "decided_by experience",
    shapes.Measure: "since decided_at",
    shapes.Customer: "persona_name treatment_skipped",
}
"""What is said beyond the contract."""


@pytest.mark.parametrize("shape", WIRE)
def test_fields_are_those_of_the_contract(shape: type[msgspec.Struct]) -> None:
    more = MORE.get(shape, "").split()
    fields = [field.encode_name for field in msgspec.structs.fields(shape)]
    assert [name for name in fields if name not in more] == WIRE[shape].split()
    assert set(more) <= set(fields)


def test_nothing_is_rounded_and_nothing_left_out() -> None:
    measure = shapes.Measure(metric="csat", stat=None, value=100 / 3, low=None, high=0.1 + 0.2, n=3, window="7d")
    text = msgspec.json.encode(measure).decode()
    assert '"value":33.333333333333336' in text
    assert '"high":0.30000000000000004' in text
    assert '"low":null' in text
    assert '"held_since":null' in text


def test_instants_are_utc() -> None:
    at = datetime(2026, 5, 1, 12, tzinfo=UTC)
    point = shapes.Point(from_at=at, to_at=at, value=1, low=None, high=None, n=1)
    assert msgspec.json.encode(point).startswith(b'{"from":"2026-05-01T12:00:00Z","to":"2026-05-01T12:00:00Z"')
