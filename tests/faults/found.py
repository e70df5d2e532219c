"""Whether every acknowledged event of a load is found downstream, once."""

import asyncio

from tests import road
from tests.faults.load import Load
from tests.processes import Service


async def found_once(kafka: str, database: str, load: Load, worker: Service) -> None:
    """Every acknowledged event is in the timeline once, nothing else but what was sent, and the counts are theirs."""
    await road.until_folded(kafka, database, within=60, what=worker.tail)
    rows = await road.fetch(database, "select id from scoring.timeline where id like $1", f"{load.name}-%")
    ids = [row["id"] for row in rows]
    assert len(ids) == len(set(ids))
    assert load.acknowledged - set(ids) == set(), "acknowledged and lost"
    assert set(ids) <= load.sent
    counted = await road.fetch(
        database,
        "select sum(n) as n from scoring.read_counts where metric = 'response_seconds' and channel = $1",
        load.name,
    )
    assert counted[0]["n"] == len(ids)
    assert (await asyncio.to_thread(worker.get, "/readyz")).status_code == 200, worker.tail()
