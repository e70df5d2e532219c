"""The same events in another order, repeated, in other partitions and batches, come to the same counts, end to end."""

import asyncio
import random
from datetime import UTC, datetime

from deploy.local.server import Server
from tests import reference, road
from tests.faults.conftest import StartScoring
from tests.faults.topic import delete_topic
from tests.orders import orders
from tests.programmes import RETAIL

EVENTS = orders(700, seed=8)


async def test_order_repetition_partitions_and_batches_do_not_matter(
    kafka: Server, database: str, second_database: str, scoring: StartScoring
) -> None:
    expected = reference.counts(EVENTS, datetime.now(UTC))
    in_order = sorted(road.records(EVENTS), key=lambda record: record[1])
    chance = random.Random(8)
    shuffled = in_order + chance.choices(in_order, k=len(in_order))
    chance.shuffle(shuffled)
    for url, sent, partitions, batch in ((database, in_order, 1, "3000"), (second_database, shuffled, 7, "40")):
        await road.make_topic(kafka.address, partitions)
        await road.produce(kafka.address, sent, partitions)
        await road.apply_programme(url, RETAIL)
        service = scoring(VOC_DATABASE_URL=url, VOC_SCORING_BATCH=batch, VOC_SCORING_LANES="3")
        await asyncio.to_thread(service.start)
        await asyncio.to_thread(service.ready)
        await road.until_counts(url, expected, within=60, what=service.tail)
        await asyncio.to_thread(service.stop)
        await delete_topic(kafka.address)
