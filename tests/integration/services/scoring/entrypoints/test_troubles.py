"""The admin hears who has fallen silent."""

import asyncio

from sqlalchemy import text

from services.scoring.adapters.statuses import status_round
from shared.metrics.span import quarter_of
from tests import road
from tests.integration.services.scoring.entrypoints.deciding import CSAT, HOUR, Bench, programme, read_on


async def test_a_source_and_a_step_that_fall_silent_are_told_and_that_they_speak_again(
    bench: Bench, kafka_bootstrap: str
) -> None:
    await road.apply_programme(bench.url, programme(CSAT))
    last = quarter_of(bench.at)
    heard = "insert into scoring.heard select $1, $2, generate_series($3::int - 29 * 96, $3::int, 24)"
    for kind, name in (("source", "crm"), ("touchpoint", "order-to-door/parcel-arrives"), ("touchpoint", "gone/gone")):
        await road.execute(bench.url, heard, kind, name, last)
    bench.at += 18 * HOUR
    await bench.tick()
    assert await bench.troubles() == []
    bench.at += HOUR / 4
    await road.produce(kafka_bootstrap, [("crm:1", b"{}")])  # and nobody has folded it: it may be what is missed
    await bench.tick()
    assert await bench.troubles() == []
    await read_on(bench, kafka_bootstrap)
    await bench.tick()
    begun = [("silent-source/crm", False), ("silent-touchpoint/order-to-door/parcel-arrives", False)]
    assert await bench.troubles() == begun
    await road.execute(bench.url, "insert into scoring.heard values ('source', 'crm', $1)", quarter_of(bench.at))
    bench.at += HOUR / 4
    await bench.tick()
    assert await bench.troubles() == [*begun, ("silent-source/crm", True)]


async def test_whoever_decides_waits_for_nobody_who_looks_who_is_silent(bench: Bench) -> None:
    await road.apply_programme(bench.url, programme(CSAT))
    async with bench.engine.begin() as slow:
        await slow.execute(text("lock table scoring.heard in access exclusive mode"))
        looking = asyncio.create_task(bench.tick())
        waits = "select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
        while not await road.fetch(bench.url, waits):
            assert not looking.done()
            await asyncio.sleep(0.1)
        async with status_round(bench.engine) as turn:
            assert turn is not None
    await looking
    assert await road.fetch(bench.url, "select from scoring.beat")
