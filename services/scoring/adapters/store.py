"""The folding transaction: opened by moving the offsets on, closed by the counts. Only this module commits state."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from services.scoring.adapters import outbox, statements
from services.scoring.adapters.series import SeriesNumbers
from services.scoring.domain.instance import fire_at
from services.scoring.domain.ledger import COLUMNS, InstanceKey, Ledger
from services.scoring.domain.state import Customer, Instance, Response
from shared.errors import VocError

_customer = msgspec.json.Decoder(Customer)
_instance = msgspec.json.Decoder(Instance)
_response = msgspec.json.Decoder(Response)
_encode = msgspec.json.Encoder().encode


class Advance(NamedTuple):
    """How far a batch reads one partition: from `expected` to `next_offset`; the last record is known again by its
    offset, Kafka timestamp (ms) and 16-byte identity."""

    partition: int
    expected: int
    next_offset: int
    last_offset: int
    last_timestamp: int
    last_identity: bytes


class Displaced(VocError):
    """Somebody else has read the partition on: this worker's batch is void."""


class ProgrammeChanged(VocError):
    """A programme version was stored after the batch was placed: place it again."""


class Transaction:
    """What a folding transaction can do, in this order: `new_among`, loads, `save`."""

    def __init__(self, driver: Any, series: SeriesNumbers) -> None:
        self._driver = driver
        self._series = series
        self._known_customers: set[str] = set()
        self._known_responses: set[bytes] = set()

    async def new_among(self, identities: Sequence[bytes]) -> set[bytes]:
        """Which of these events were never seen; they are seen from now on."""
        rows = await self._driver.fetch(statements.NEW_AMONG, sorted(identities))
        return {row[0] for row in rows}

    async def load_customers(self, ledger: Ledger, names: set[str]) -> None:
        """Lock and load customers, in order."""
        rows = await self._driver.fetch(statements.CUSTOMERS, sorted(names))
        ledger.customers = {name: _customer.decode(state) for name, state in rows}
        self._known_customers = set(ledger.customers)

    async def load_responses(self, ledger: Ledger, keys: set[bytes]) -> None:
        """Lock and load survey responses, in order."""
        if keys:
            rows = await self._driver.fetch(statements.RESPONSES, sorted(keys))
            ledger.responses = {key: _response.decode(state) for key, state in rows}
            self._known_responses = set(ledger.responses)

    async def load_instances(self, ledger: Ledger, keys: set[InstanceKey]) -> None:
        """Load instances; their customers are locked already."""
        if keys:
            rows = await self._driver.fetch(statements.INSTANCES, *_columns(sorted(keys), 3))
            ledger.instances = {(row[0], row[1], row[2]): _instance.decode(row[3]) for row in rows}

    async def save(self, ledger: Ledger, messages: list[outbox.Message]) -> None:
        """Write everything that changed; counts sorted and last, so that workers wait for each other only briefly."""
        if ledger.timeline:
            await self._driver.copy_records_to_table(
                "timeline", schema_name="scoring", columns=COLUMNS, records=ledger.timeline
            )
        await self._save_customers(ledger)
        await self._save_responses(ledger)
        if ledger.instances:
            rows = [(*key, fire_at(run), _encode(run)) for key, run in sorted(ledger.instances.items(), key=_key)]
            await self._driver.execute(statements.SAVE_INSTANCES, *_columns(rows, 5))
        if messages:
            await outbox.put(self._driver, messages)
        await self._add_counts(ledger)

    async def _save_customers(self, ledger: Ledger) -> None:
        rows = [(name, _encode(state)) for name, state in sorted(ledger.customers.items(), key=_key)]
        await self._split(rows, self._known_customers, statements.INSERT_CUSTOMERS, statements.UPDATE_CUSTOMERS)

    async def _save_responses(self, ledger: Ledger) -> None:
        rows = [(key, _encode(state)) for key, state in sorted(ledger.responses.items(), key=_key)]
        await self._split(rows, self._known_responses, statements.INSERT_RESPONSES, statements.UPDATE_RESPONSES)

    async def _split(self, rows: list[Any], known: set[Any], insert: str, update: str) -> None:
        for statement, part in (
            (update, [row for row in rows if row[0] in known]),
            (insert, [row for row in rows if row[0] not in known]),
        ):
            if part:
                await self._driver.execute(statement, *_columns(part, 2))

    async def _add_counts(self, ledger: Ledger) -> None:
        changed = [(cell, n) for cell, n in ledger.counts.items() if n]
        if not changed:
            return
        numbers = await self._series.of({cell[0] for cell, _ in changed})
        rows = sorted((numbers[series], quarter, value, n) for (series, quarter, value), n in changed)
        await self._driver.execute(statements.ADD_COUNTS, *_columns(rows, 4))


class Store:
    """Opens folding transactions."""

    def __init__(self, engine: AsyncEngine, topic: str) -> None:
        self._engine = engine
        self._topic = topic
        self._series = SeriesNumbers(engine)

    @asynccontextmanager
    async def advancing(self, advances: Sequence[Advance], *, programme: int) -> AsyncIterator[Transaction]:
        """A transaction that has moved the offsets on; commits when the block ends well.

        Raises Displaced when a partition is no longer where the batch began, ProgrammeChanged when `programme` is not
        the newest version any more.
        """
        columns = {name: list(column) for name, column in zip(_ADVANCE_NAMES, zip(*advances, strict=True), strict=True)}
        async with self._engine.begin() as connection:
            moved = (await connection.execute(text(statements.ADVANCE), {"topic": self._topic, **columns})).all()
            if len(moved) != len(advances):
                raise Displaced(f"partitions {sorted({a.partition for a in advances} - {m.partition for m in moved})}")
            if moved[0].programme != programme:
                raise ProgrammeChanged(f"version {moved[0].programme} is in force")
            yield Transaction((await connection.get_raw_connection()).driver_connection, self._series)

    @asynccontextmanager
    async def firing(self, at: datetime, *, most: int) -> AsyncIterator[tuple[Transaction, list[InstanceKey]]]:
        """A transaction that holds the timers' lock, with up to `most` instances whose time has come; empty if
        somebody else fires."""
        async with self._engine.begin() as connection:
            leads = (await connection.execute(text(_LEAD))).scalar()
            rows = (await connection.execute(text(_DUE), {"at": at, "most": most})).all() if leads else []
            driver = (await connection.get_raw_connection()).driver_connection
            yield Transaction(driver, self._series), [(row.customer, row.journey, row.instance) for row in rows]


_ADVANCE_NAMES = ("partitions", "expected", "next_offsets", "last_offsets", "last_timestamps", "last_identities")

_LEAD = "select pg_try_advisory_xact_lock(hashtext('scoring.timers'))"
_DUE = "select customer, journey, instance from scoring.instances where fire_at < :at order by fire_at limit :most"


def _key(item: tuple[Any, Any]) -> Any:
    return item[0]


def _columns(rows: Sequence[Any], width: int) -> list[list[Any]]:
    """Rows to columns; `width` columns even where there is no row."""
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(width)]
