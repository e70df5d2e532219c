"""Events that the database refuses: found by halving and set aside; too many in a row, and it is not the events."""

import asyncio
from datetime import UTC, datetime

import msgspec
from aiokafka import AIOKafkaConsumer

from deploy.local.server import Server
from shared.kafka.topics import QUARANTINE
from tests import reference, road
from tests.faults.conftest import StartScoring
from tests.faults.topic import delete_topic
from tests.orders import orders
from tests.processes import Service, eventually
from tests.programmes import RETAIL

EVENTS = orders(300, seed=4)

# Refuses rows of the timeline by their id, as a constraint or a full type would.
REFUSING = """
create table refused (pattern text);
create function refuse() returns trigger language plpgsql as $$
begin
    if exists (select from refused where new.id like pattern) then
        raise check_violation using message = 'not this one: ' || new.id;
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
    assert {value["id"] for value, _ in found} == {event["id"] for event in poison}
    for value, headers in found:
        assert value in EVENTS
        assert headers["reason"] == f"CheckViolationError: not this one: {value['id']}".encode()
        assert headers["origin"].startswith(b"voc.events[")
    assert (await asyncio.to_thread(service.get, "/readyz")).status_code == 200
    await delete_topic(kafka.address)


async def test_too_much_poison_in_a_row_stops_scoring_with_a_sentence(
    kafka: Server, database: str, scoring: StartScoring
) -> None:
    service = await ready(kafka, database, scoring)
    await road.produce(kafka.address, road.records(EVENTS))
    await road.until_folded(kafka.address, database, within=60, what=service.tail)
    await road.execute(database, "insert into refused values ('later-%')")
    later = [event | {"id": f"later-{event['id']}", "subject": "crm:1"} for event in EVENTS]
    await road.produce(kafka.address, road.records(later))

    def stopped() -> bool:
        answer = service.get("/readyz")
        return answer.status_code == 503 and "20 events in a row could not be folded" in answer.text

    await asyncio.to_thread(eventually, stopped, within=60, what=service.tail)
    assert "Mend the cause and start scoring again" in service.tail()
    aside = await road.fetch(database, "select count(*) as n from scoring.outbox where topic = $1", QUARANTINE.name)
    assert aside[0]["n"] == 20

    await asyncio.to_thread(service.stop)
    await road.execute(database, "delete from refused")
    await asyncio.to_thread(service.start)
    await road.until_folded(kafka.address, database, within=60, what=service.tail)
    rows = await road.fetch(database, "select count(*) as n from scoring.timeline where id like 'later-%'")
    assert rows[0]["n"] == len(later) - 20
    await delete_topic(kafka.address)


async def ready(kafka: Server, database: str, scoring: StartScoring) -> Service:
    """A scoring process whose database refuses what is said to it."""
    await road.make_topic(kafka.address)
    await road.apply_programme(database, RETAIL)
    service = scoring()
    await asyncio.to_thread(service.start)
    await asyncio.to_thread(service.ready)
    await road.execute(database, REFUSING)
    return service


async def quarantined(bootstrap: str, count: int) -> list[tuple[dict[str, object], dict[str, bytes]]]:
    """The first messages of the quarantine: value and headers."""
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
    return [(msgspec.json.decode(record.value), dict(record.headers)) for record in records]
