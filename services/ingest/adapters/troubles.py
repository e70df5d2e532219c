"""Troubles of sources: begun and ended in the transaction that finds them, told on `voc.troubles` by the keeper."""

from datetime import datetime

import msgspec
from aiokafka import AIOKafkaProducer
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from shared.events.told.envelope import INGEST, write
from shared.events.told.trouble import Kind, TroubleTold
from shared.kafka.connection import KafkaSettings
from shared.kafka.topics import TROUBLES

_told = msgspec.json.Decoder(TroubleTold).decode


async def lasting(connection: AsyncConnection, kind: Kind) -> dict[str, TroubleTold]:
    """Those that are not over, by their name."""
    rows = await connection.execute(text(_LASTING), {"kind": kind})
    return {row.trouble: _told(row.document) for row in rows}


async def tell(connection: AsyncConnection, told: TroubleTold, at: datetime) -> None:
    """Begin a trouble, or end it where it is `over`: told once it is committed, and once only.

    One that lasts already does not begin anew, and one that does not last cannot end.
    """
    document = msgspec.json.encode(told).decode()
    values = {"trouble": told.trouble, "document": document, "at": at}
    if told.over:
        await connection.execute(text(_END), values)
    else:
        await connection.execute(text(_BEGIN), values | {"kind": told.kind})


async def sweep(connection: AsyncConnection, before: datetime) -> None:
    """Forget those that are over, and whose end was told before."""
    await connection.execute(text(_SWEEP), {"before": before})


class Telling:
    """Publishes what was committed. Its id is made of what it tells, so that a repeat is one to whoever reads it."""

    def __init__(self, engine: AsyncEngine, kafka: KafkaSettings) -> None:
        self._engine = engine
        self._kafka = kafka

    async def run_once(self) -> None:
        """Tell everything that waits. Raises KafkaError, or one of `AWAY`; then it waits on."""
        async with self._engine.connect() as connection:
            waiting = (await connection.execute(text(_UNTOLD))).all()
        if not waiting:
            return
        producer = AIOKafkaProducer(**self._kafka.options(), acks="all")
        try:
            await producer.start()
            for row in waiting:
                await producer.send_and_wait(TROUBLES.name, message(_told(row.document), row.at), row.trouble.encode())
                async with self._engine.begin() as connection:
                    await connection.execute(text(_MARK), {"trouble": row.trouble, "at": row.at})
        finally:
            await producer.stop()


def message(told: TroubleTold, at: datetime) -> bytes:
    """The CloudEvent; of two about the same trouble the later one has the higher sequence."""
    return write(
        told,
        id=f"{told.trouble}:{'over' if told.over else 'begun'}:{at.isoformat()}",
        subject=told.trouble,
        time=at,
        sequence=int(at.timestamp() * 1_000_000),
        source=INGEST,
    )


_LASTING = "select trouble, document from ingest.troubles where kind = :kind and not over"
_BEGIN = """
insert into ingest.troubles as t (trouble, kind, document, at, over) values (:trouble, :kind, :document, :at, false)
on conflict (trouble) do update set document = excluded.document, at = excluded.at, over = false, told_at = null
where t.over
"""
# Of one whose beginning was not told yet the end alone is: alerts has nothing to say of it then.
_END = """
update ingest.troubles set over = true, document = :document, at = :at, told_at = null
where trouble = :trouble and not over
"""
_SWEEP = "delete from ingest.troubles where over and told_at < :before"
_UNTOLD = "select trouble, document, at from ingest.troubles where told_at is null order by at"
_MARK = "update ingest.troubles set told_at = now() where trouble = :trouble and at = :at"
