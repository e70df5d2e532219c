"""Events that the database refuses: found by halving and set aside; too many in a row, and it is not the events."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import msgspec
from aiokafka import AIOKafkaConsumer

from deploy.local.server import Server
from shared.kafka.partition import partition_of
from shared.kafka.topics import EVENTS as TOPIC
from shared.kafka.topics import QUARANTINE
from tests import reference, road
from tests.faults.conftest import StartScoring
from tests.faults.progress import behind, halted
from tests.faults.topic import delete_topic
from tests.orders import orders
from tests.processes import Service, eventually
from tests.programmes import RETAIL


def placed(who: str) -> int:
    """The partition of a customer's events."""
    return partition_of(who.encode(), TOPIC.partitions)


EVENTS = orders(300, seed=4)
OTHERS = [who for who in ("crm:2", "crm:3", "crm:4", "crm:5") if placed(who) != placed("crm:1")]

# Refuses rows of the timeline by their id, as a constraint or a full type would.
REFUSING = """
create table refused (pattern text);
create function refuse() returns trigger language plpgsql as $$
begin
    if exists (select from refused where new.id like pattern) then
        raise check_violation using
            message = 'not this one: ' || new.id, detail = 'Failing row contains (' || new.customer || ')';
    end if;
    return new;
end $$;
create trigger refuse before insert on scoring.timeline for each row execute function refuse();
"""


async def test_poison_is_set_aside_with_its_reason_and_the_rest_is_folded(
    kafka: Server, database: str, scoring: StartScoring
) -> None:
    service = await ready(kafka, database, scoring)
    poison = [EVENTS[7], EVENTS[300], EVENTS[-1]]
    for event in poison:
        await road.execute(database, "insert into refused values ($1)", event["id"])
    await road.produce(kafka.address, road.records(EVENTS))
    rest = [event for event in EVENTS if event not in poison]
    await road.until_counts(database, reference.counts(rest, datetime.now(UTC)), within=60, what=service.tail)
    found = await quarantined(kafka.address, 3)
    assert {value["id"] for value, *_ in found} == {event["id"] for event in poison}
    assert "Failing row" not in service.log.read_text(), "a customer's data in the log"
    for value, headers, key in found:
        assert value in EVENTS
        assert key == value["source"].encode()
        assert headers["reason"] == f"CheckViolationError: not this one: {value['id']}".encode()
        assert headers["origin"].startswith(b"voc.events[")
    assert (await asyncio.to_thread(service.get, "/readyz")).status_code == 200
    await delete_topic(kafka.address)


async def test_too_much_poison_in_a_row_stops_scoring_with_a_sentence(
    kafka: Server, database: str, scoring: StartScoring
) -> None:
    service = await ready(kafka, database, scoring, lanes=1)  # all partitions in a batch
    await road.produce(kafka.address, road.records(EVENTS))
    await road.until_folded(kafka.address, database, within=60, what=service.tail)
    await road.execute(database, "insert into refused values ('later-%')")
    later = [event | {"id": f"later-{event['id']}", "subject": "crm:1"} for event in EVENTS]
    elsewhere = [event | {"id": f"elsewhere-{event['id']}", "subject": who} for event in EVENTS for who in OTHERS]
    await road.produce(kafka.address, road.records([*later, *elsewhere]))

    def stopped() -> bool:
        answer = service.get("/readyz")
        return answer.status_code == 503 and "20 events in a row could not be folded" in answer.text

    await asyncio.to_thread(eventually, stopped, within=60, what=service.tail)
    assert "Mend the cause and start scoring again" in service.tail()
    aside = await road.fetch(database, "select count(*) as n from scoring.outbox where topic = $1", QUARANTINE.name)
    assert aside[0]["n"] == 20
    assert await asyncio.to_thread(halted, service) == 1, "partitions that nothing ails were stopped as well"
    await until_in_timeline(database, "elsewhere-%", len(elsewhere), service)
    await asyncio.to_thread(
        eventually, lambda: behind(service) == len(later) - 20, within=20, what=lambda: str(behind(service))
    )

    await asyncio.to_thread(service.stop)
    await road.execute(database, "delete from refused")
    await asyncio.to_thread(service.start)
    await road.until_folded(kafka.address, database, within=60, what=service.tail)
    await until_in_timeline(database, "later-%", len(later) - 20, service)
    await delete_topic(kafka.address)


async def until_in_timeline(database: str, ids: str, count: int, service: Service) -> None:
    async def there() -> bool:
        rows = await road.fetch(database, "select count(*) as n from scoring.timeline where id like $1", ids)
        return bool(rows[0]["n"] == count)

    await road.until(there, within=60, what=service.tail)


async def ready(kafka: Server, database: str, scoring: StartScoring, lanes: int = 2) -> Service:
    """A scoring process whose database refuses what is said to it."""
    await road.make_topic(kafka.address)
    await road.apply_programme(database, RETAIL)
    service = scoring(VOC_SCORING_LANES=str(lanes))
    await asyncio.to_thread(service.start)
    await asyncio.to_thread(service.ready)
    await road.execute(database, REFUSING)
    return service


async def quarantined(bootstrap: str, count: int) -> list[tuple[dict[str, Any], dict[str, bytes], bytes]]:
    """The first messages of the quarantine: value, headers and key."""
    consumer = AIOKafkaConsumer(
        QUARANTINE.name,
        bootstrap_servers=bootstrap,
        auto_offset_reset="earliest",
        isolation_level="read_committed",
    )
    await consumer.start()
    try:
        records = [await asyncio.wait_for(consumer.getone(), 20) for _ in range(count)]
    finally:
        await consumer.stop()
    return [(msgspec.json.decode(record.value), dict(record.headers), record.key) for record in records]
