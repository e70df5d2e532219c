"""A scoring that cannot know whether it is behind decides nothing as if it did, and its admin hears of it."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from deploy.local.server import Server
from shared.events.told.envelope import read
from shared.events.told.trouble import TroubleTold
from shared.programme.journey import Journey, Measure, MomentOfTruth, Stage, Touchpoint
from shared.programme.model import Owner, Programme
from tests import road
from tests.faults.conftest import StartScoring
from tests.faults.topic import delete_topic
from tests.orders import feedback
from tests.processes import Service, eventually

CSAT = Measure(metric="csat", window=86_400, tick=1, red_below=60, yellow_below=75)
SHOP = Programme(
    name="Shop",
    timezone="UTC",
    admin="operations",
    settle=1,
    journeys=(
        Journey(
            journey="order-to-door",
            name="From order to door",
            stages=(
                Stage(
                    stage="delivery",
                    name="Delivery",
                    touchpoints=(
                        Touchpoint(
                            touchpoint="parcel-arrives",
                            name="The parcel arrives",
                            moment_of_truth=MomentOfTruth(owner="operations", measures=(CSAT,)),
                        ),
                    ),
                ),
            ),
        ),
    ),
    owners=(Owner(owner="operations", name="Operations", timezone="UTC"),),
)
QUICK = {"VOC_SCORING_EVALUATE_SECONDS": "0.3", "VOC_SCORING_UNKNOWN_SECONDS": "1", "VOC_SCORING_HELD_SECONDS": "8"}


async def test_without_kafka_statuses_are_held_then_incomplete_and_the_admin_hears_until_it_is_back(
    kafka: Server, database: str, scoring: StartScoring
) -> None:
    worker = await green(kafka, database, scoring)
    await asyncio.to_thread(kafka.stop)
    try:
        await until_measure(database, lambda one: one["held_since"] is not None and not one["incomplete"], worker)
        await until_measure(database, lambda one: one["incomplete"], worker)
        assert await troubles(database) == [("held", False)]
        beat = (await road.fetch(database, "select at from scoring.read_beat"))[0]["at"]
        assert datetime.now(UTC) - beat < timedelta(seconds=30), (
            "it looks all the time; a beat that ages says another thing"
        )
    finally:
        await asyncio.to_thread(kafka.restart)
    await until_measure(database, lambda one: one["held_since"] is None and not one["incomplete"], worker)
    assert await troubles(database) == [("held", False), ("held", True)]


async def test_a_partition_that_has_stopped_is_not_taken_for_one_that_is_read(
    kafka: Server, database: str, scoring: StartScoring
) -> None:
    """The topic was made again: its ends are below what was read of the former one, which looks like all of it."""
    worker = await green(kafka, database, scoring)
    await delete_topic(kafka.address)
    await road.make_topic(kafka.address)
    try:
        await asyncio.to_thread(eventually, lambda: worker.get("/readyz").status_code == 503, within=40)
        await until_measure(database, lambda one: one["held_since"] is not None, worker)
    finally:
        await delete_topic(kafka.address)


async def green(kafka: Server, database: str, scoring: StartScoring) -> Service:
    """A worker that has decided once."""
    await road.make_topic(kafka.address)
    await road.apply_programme(database, SHOP)
    at = datetime.now(UTC)
    answer = {"journey": "order-to-door", "touchpoint": "parcel-arrives", "answers": [{"metric": "csat", "score": 5}]}
    await road.produce(kafka.address, road.records(feedback(f"a{n}", f"crm:{n}", at, answer) for n in range(60)))
    worker = scoring(0, **QUICK)
    await asyncio.to_thread(worker.start)
    await asyncio.to_thread(worker.ready)
    await until_measure(database, lambda one: one["status"] == "green", worker)
    return worker


async def until_measure(database: str, so: Any, worker: Service) -> None:
    async def holds() -> bool:
        rows = await road.fetch(database, "select * from scoring.read_measures")
        return bool(rows) and bool(so(rows[0]))

    await road.until(holds, within=60, what=worker.tail)


async def troubles(database: str) -> list[tuple[str, bool]]:
    rows = await road.fetch(database, "select value from scoring.outbox where topic = 'voc.troubles' order by id")
    found = [read(row["value"]).data for row in rows]
    return [(one.trouble, one.over) for one in found if isinstance(one, TroubleTold)]
