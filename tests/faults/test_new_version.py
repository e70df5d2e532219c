"""A programme version applied while events flow: each event is read by the version of its time, none by an old set."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from pydantic import SecretStr
from sqlalchemy import text

from deploy.local.server import Server
from shared.postgres.engine import DatabaseSettings, connect
from shared.programme.model import Programme, Stage, Touchpoint
from shared.programme.store import apply
from tests import road
from tests.faults.conftest import StartScoring
from tests.faults.progress import folded
from tests.processes import eventually
from tests.programmes import HELP, RETAIL

EVENTS = 30_000
BEGINS = datetime(2026, 6, 1, tzinfo=UTC)


async def test_a_version_applied_while_events_flow_reads_the_events_of_its_time(
    kafka: Server, database: str, scoring: StartScoring
) -> None:
    """Calls belong nowhere before the second version, which has a touchpoint for them."""
    await road.make_topic(kafka.address)
    await road.apply_programme(database, RETAIL)
    workers = [scoring(slot, VOC_SCORING_BATCH="100") for slot in (0, 1)]
    await road.produce(kafka.address, road.records(calls(EVENTS)))
    for worker in workers:
        await asyncio.to_thread(worker.start)
    await asyncio.to_thread(eventually, lambda: all(map(folded, workers)), within=60, what=workers[0].tail)
    boundary = await apply_the_second(database)
    await road.until_folded(kafka.address, database, within=60, what=workers[0].tail)

    rows = await road.fetch(database, "select position, time, programme, touchpoint from scoring.timeline")
    before, after = [r for r in rows if r["position"] <= boundary], [r for r in rows if r["position"] > boundary]
    assert len(rows) == EVENTS
    assert len(before) > 0
    assert len(after) > 1000, "it was applied too late to meet anything"
    assert {(row["programme"], row["touchpoint"]) for row in before} == {(1, None)}
    assert {(row["time"] >= BEGINS, row["programme"], row["touchpoint"]) for row in after} == {
        (False, 1, None),
        (True, 2, "hotline"),
    }
    assert [(await asyncio.to_thread(worker.get, "/readyz")).status_code for worker in workers] == [200, 200]


def calls(count: int) -> Sequence[dict[str, Any]]:
    """Calls of many customers, every other one before the second version begins to hold."""
    head = {"specversion": "1.0", "source": "urn:pbx", "type": "voc.interaction", "data": {"action": "phoned"}}
    return [
        head
        | {
            "id": str(number),
            "subject": f"crm:{number % 997}",
            "time": (BEGINS + timedelta(seconds=number if number % 2 else -number - 1)).isoformat(),
        }
        for number in range(count)
    ]


def with_hotline() -> Programme:
    match = (("type", ("voc.interaction",)), ("action", ("phoned",)))
    stage = Stage(
        stage="phone", name="Phone", touchpoints=(Touchpoint(touchpoint="hotline", name="A call", match=match),)
    )
    help_ = msgspec.structs.replace(HELP, stages=(*HELP.stages, stage))
    return msgspec.structs.replace(RETAIL, journeys=(RETAIL.journeys[0], help_))


async def apply_the_second(database: str) -> int:
    """Apply it; the last position of the timeline that a transaction of before could still write."""
    engine = connect(DatabaseSettings(url=SecretStr(database)), application="tests")
    try:
        async with engine.begin() as connection:
            await apply(connection, with_hotline(), now=datetime.now(UTC), from_at=BEGINS)
            last: int = await connection.scalar(text("select coalesce(max(position), 0) from scoring.timeline"))
            return last
    finally:
        await engine.dispose()
