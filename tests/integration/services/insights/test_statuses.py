"""Statuses through the front door: rolled up, stale when scoring has stopped, of those whose journey it is."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from services.scoring.domain.standing import Standing
from services.scoring.domain.status import State
from shared.programme.model import Journey
from tests import road
from tests.integration.services.insights.counted import ANSWERS, count, make_tables
from tests.integration.services.insights.decided import beat, decide, put
from tests.integration.services.insights.reader import Reader
from tests.keys import make_key
from tests.processes import Service, running
from tests.shop import ORDER_TO_DOOR, PARCEL_ARRIVES, SHOP

HERE = ("order-to-door", "parcel-arrives")
COURIERS = Journey(
    journey="courier-day", name="A courier's day", perspective="employee", stages=ORDER_TO_DOOR.stages[1:]
)
BOTH = msgspec.structs.replace(SHOP, journeys=(ORDER_TO_DOOR, COURIERS))
assert PARCEL_ARRIVES.moment_of_truth is not None
KEPT = PARCEL_ARRIVES.moment_of_truth.measures[1]


@pytest.fixture(scope="module")
async def reader(database_url: str, workshop: Path) -> AsyncIterator[Reader]:
    await road.apply_programme(database_url, BOTH)
    await make_tables(database_url)
    service = Service("insights", workshop, VOC_DATABASE_URL=database_url, VOC_INSIGHTS_STALE_SECONDS="60")
    reader = Reader(service, await make_key(database_url, "read"))
    with running(service):
        yield reader


@pytest.fixture(autouse=True)
async def alive(database_url: str, reader: Reader) -> None:
    """An evaluator has just looked, and found all of it green."""
    await beat(database_url, datetime.now(UTC))
    for journey in BOTH.journeys:
        await decide(database_url, journey, "parcel-arrives", csat="green", promise_kept="green")


def shown(reader: Reader, journey: str = "order-to-door") -> dict[str, Any]:
    return dict(reader.read(f"/v1/journeys/{journey}"))


def moment(reader: Reader) -> dict[str, Any]:
    return dict(shown(reader)["stages"][1]["touchpoints"][0])


def listed(reader: Reader) -> dict[str, str]:
    return {item["journey"]: item["status"] for item in reader.read("/v1/journeys")["items"]}


async def test_the_worst_is_rolled_up_and_named(reader: Reader, database_url: str) -> None:
    assert listed(reader) == {"order-to-door": "green", "courier-day": "green"}
    await decide(database_url, ORDER_TO_DOOR, "parcel-arrives", csat="green", promise_kept="red")
    assert listed(reader) == {"order-to-door": "red", "courier-day": "green"}
    whole = shown(reader)
    assert (whole["status"], whole["decided_by"], whole["stale"]) == ("red", "parcel-arrives", False)
    assert [(stage["status"], stage["decided_by"]) for stage in whole["stages"]] == [
        ("unknown", None),
        ("red", "parcel-arrives"),
    ]
    arrives = moment(reader)
    assert arrives["status"] == "red"
    assert arrives["decided_by"] == {"metric": "promise_kept", "stat": None, "window": "48h"}
    assert datetime.now(UTC) - datetime.fromisoformat(arrives["decided_at"]) < timedelta(minutes=1)
    assert [(one["status"], one["initial"], one["stale"]) for one in arrives["measures"]] == [
        ("green", True, False),
        ("red", True, False),
    ]


async def test_one_that_is_not_known_leaves_the_journey_unknown(reader: Reader, database_url: str) -> None:
    await decide(database_url, ORDER_TO_DOOR, "parcel-arrives", csat="unknown", promise_kept="green")
    assert listed(reader)["order-to-door"] == "unknown"
    assert moment(reader)["decided_by"]["metric"] == "csat"


async def test_what_waits_for_scoring_says_since_when(reader: Reader, database_url: str) -> None:
    since = datetime.now(UTC) - timedelta(hours=3, minutes=35)  # two ticks, and not all of the quarter-hour it may wait
    held = Standing(state=State(status="yellow"), since=since, looked_at=since, incomplete=True, held_since=since)
    await put(database_url, ORDER_TO_DOOR, "parcel-arrives", KEPT, held)
    kept = moment(reader)["measures"][1]
    assert (kept["status"], kept["incomplete"], kept["initial"], kept["stale"]) == ("yellow", True, False, False)
    assert {datetime.fromisoformat(kept[name]) for name in ("since", "decided_at", "held_since")} == {since}


async def test_a_stopped_scoring_is_stale_and_never_green(reader: Reader, database_url: str) -> None:
    await beat(database_url, datetime.now(UTC) - timedelta(seconds=61))
    assert listed(reader) == {"order-to-door": "unknown", "courier-day": "unknown"}
    assert all(item["stale"] for item in reader.read("/v1/journeys")["items"])
    whole = shown(reader)
    assert (whole["status"], whole["stale"], moment(reader)["status"]) == ("unknown", True, "unknown")
    assert [(one["status"], one["stale"]) for one in moment(reader)["measures"]] == [("unknown", True)] * 2
    figure = reader.measure(*HERE, metric="promise_kept", window="48h")
    assert (figure["status"], figure["stale"], figure["red_below"]) == ("unknown", True, 85)
    await beat(database_url, datetime.now(UTC))
    assert listed(reader)["order-to-door"] == "green"


async def test_a_measure_that_nobody_decides_any_more_is_stale(reader: Reader, database_url: str) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=1)
    await put(
        database_url,
        ORDER_TO_DOOR,
        "parcel-arrives",
        KEPT,
        Standing(state=State(status="green"), since=long_ago, looked_at=long_ago),
    )
    csat, kept = moment(reader)["measures"]
    assert (csat["status"], csat["stale"], kept["status"], kept["stale"]) == ("green", False, "unknown", True)
    assert (shown(reader)["status"], shown(reader)["stale"]) == ("unknown", True)


async def test_a_figure_has_the_status_of_the_measure_that_it_is(reader: Reader, database_url: str) -> None:
    await decide(database_url, ORDER_TO_DOOR, "parcel-arrives", csat="yellow", promise_kept="red")
    declared = {"metric": "promise_kept", "window": "48h"}
    assert reader.measure(*HERE, **declared)["status"] == "red"
    assert reader.measure(*HERE, metric="csat", window="7d", scale="1,5")["status"] == "unknown"
    assert reader.measure(*HERE, metric="csat", window="7d")["status"] == "yellow"
    others: list[dict[str, Any]] = [{"persona": "everyday"}, {"channel": "web"}, {"perspective": "employee"}]
    for other in [*others, {"window": "7d"}, {"as_of": datetime.now(UTC).isoformat()}]:
        assert reader.measure(*HERE, **(declared | other))["status"] == "unknown"


async def test_a_map_of_employees_measures_what_they_say(reader: Reader, database_url: str) -> None:
    theirs = ANSWERS._replace(journey="courier-day", perspective="employee")
    await count(database_url, theirs, [(datetime.now(UTC), 5, 3), (datetime.now(UTC), 1, 1)])
    await count(database_url, theirs._replace(perspective="customer"), [(datetime.now(UTC), 1, 40)])
    whole = shown(reader, "courier-day")
    csat = whole["stages"][0]["touchpoints"][0]["measures"][0]
    assert (whole["perspective"], csat["value"], csat["n"], csat["status"]) == ("employee", 75.0, 4, "green")
    asked = {"metric": "csat", "window": "7d"}
    figure = reader.measure("courier-day", "parcel-arrives", **asked)
    assert (figure["n"], figure["red_below"], figure["status"]) == (4, 60, "green")
    customers = reader.measure("courier-day", "parcel-arrives", perspective="customer", **asked)
    assert (customers["n"], customers["red_below"], customers["status"]) == (40, None, "unknown")
