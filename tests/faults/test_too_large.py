"""A batch whose own size is what fails: the server's patience ends before it does, however often it is repeated."""

import asyncio
from datetime import UTC, datetime

from deploy.local.server import Server
from shared.kafka.topics import QUARANTINE
from tests import reference, road
from tests.faults.conftest import StartScoring
from tests.faults.outcome import repeated_rows
from tests.faults.topic import delete_topic
from tests.orders import orders
from tests.programmes import RETAIL

EVENTS = orders(400, seed=6)

# What a statement timeout says, of whoever writes more than a hundred rows of the timeline at once.
IMPATIENT = """
create function impatient() returns trigger language plpgsql as $$
begin
    if (select count(*) from written) > 100 then
        raise query_canceled using message = 'canceling statement due to statement timeout';
    end if;
    return null;
end $$;
create trigger impatient after insert on scoring.timeline referencing new table as written
for each statement execute function impatient();
"""


async def test_a_batch_that_is_too_large_for_the_servers_patience_is_halved_and_nothing_is_set_aside(
    kafka: Server, database: str, scoring: StartScoring
) -> None:
    await road.make_topic(kafka.address)
    await road.apply_programme(database, RETAIL)
    worker = scoring()
    await asyncio.to_thread(worker.start)
    await asyncio.to_thread(worker.ready)
    await road.execute(database, IMPATIENT)
    await road.produce(kafka.address, road.records(EVENTS))
    expected = reference.counts(EVENTS, datetime.now(UTC))
    await road.until_counts(database, expected, within=60, what=worker.tail)
    assert await repeated_rows(database) == 0
    assert not await road.fetch(database, "select from scoring.outbox where topic = $1", QUARANTINE.name)
    await delete_topic(kafka.address)
