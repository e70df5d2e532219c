"""Scoring's database and a consumer, as if everything that other tests sent had been folded."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaConsumer
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncEngine

from services.scoring.adapters.offsets import Offsets
from shared.kafka.topics import EVENTS
from shared.postgres.engine import DatabaseSettings, connect
from shared.postgres.migrate import migrate
from tests import road


@asynccontextmanager
async def caught_up(kafka_bootstrap: str, database_url: str) -> AsyncIterator[tuple[AsyncEngine, AIOKafkaConsumer]]:
    """With both schemas, and offsets at the ends of all partitions."""
    engine = connect(DatabaseSettings(url=SecretStr(database_url)), application="tests")
    await migrate(engine, "voc", "shared.postgres.migrations")
    await migrate(engine, "scoring", "services.scoring.migrations")
    await road.make_topic(kafka_bootstrap)
    consumer = AIOKafkaConsumer(EVENTS.name, bootstrap_servers=kafka_bootstrap)
    await consumer.start()
    consumer.pause(*consumer.assignment())  # a fetch that waits for news would make every question wait behind it
    for tp, end in (await consumer.end_offsets(list(consumer.assignment()))).items():
        await Offsets(engine, EVENTS.name).begin(tp.partition, end, "cluster")
    yield engine, consumer
    await consumer.stop()
    await engine.dispose()
