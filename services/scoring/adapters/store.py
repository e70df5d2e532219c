"""The folding transaction: opened by moving the offsets on, closed by the counts. What is folded is committed here."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.scoring.adapters import outbox, reviews, statements
from services.scoring.adapters.literals import numbers, texts, words
from services.scoring.adapters.series import SeriesNumbers
from services.scoring.adapters.telling import message_of
from services.scoring.domain.instance import fire_at, hollow
from services.scoring.domain.ledger import COLUMNS, InstanceKey, Ledger
from services.scoring.domain.state import Customer, Instance, Response
from shared.errors import VocError

_customer = msgspec.json.Decoder(Customer)
_instance = msgspec.json.Decoder(Instance)
_response = msgspec.json.Decoder(Response)
_encode = msgspec.json.Encoder().encode


class Advance(NamedTuple):
    """How far a batch reads one partition: from `expected` to `next_offset`; the last record is known again by its
    offset, Kafka timestamp (ms) and 16-byte identity. `old_applied_at`: now, if the batch holds history."""

    partition: int
    expected: int
    next_offset: int
    last_offset: int
    last_timestamp: int
    last_identity: bytes
    old_applied_at: datetime | None = None


class Displaced(VocError):
    """Somebody else has read the partition on: this worker's batch is void."""


class ProgrammeChanged(VocError):
    """A programme version was stored after the batch was placed: place it again."""


class Moved(VocError):
    """A locked row was not found again where it stood."""


class Transaction:
    """What a folding transaction can do, in this order: `new_among`, loads, `save`."""

    def __init__(self, driver: Any, series: SeriesNumbers) -> None:
        self._driver = driver
        self._series = series
        self._places: dict[Any, str] = {}  # of the rows that were loaded, by their keys

    async def new_among(self, identities: Sequence[bytes]) -> set[bytes]:
        """Which of these events were never seen; they are seen from now on."""
        wanted = words([identity.hex() for identity in sorted(identities)])
        said: str = await self._driver.execute(statements.SEE, wanted)
        if _rows(said) == len(identities):
            return set(identities)
        return {row[0].bytes for row in await self._driver.fetch(statements.SEEN_HERE, wanted)}

    async def load_customers(self, ledger: Ledger, names: set[str]) -> None:
        """Lock and load customers, in order, and see for which version they are looked at again: whoever begins that
        later waits for this transaction's end, and finds whom it leaves."""
        ledger.reviewed = await self._driver.fetchval(reviews.BEGUN)
        for name, state, place in await self._driver.fetch(statements.CUSTOMERS, texts(sorted(names))):
            ledger.customers[name] = _customer.decode(state)
            self._places[name] = place

    async def load_responses(self, ledger: Ledger, keys: set[bytes]) -> None:
        """Lock and load survey responses, in order."""
        if keys:
            wanted = words([key.hex() for key in sorted(keys)])
            for uuid, state, place in await self._driver.fetch(statements.RESPONSES, wanted):
                ledger.responses[uuid.bytes] = _response.decode(state)
                self._places[uuid.bytes] = place

    async def load_instances(self, ledger: Ledger, keys: set[InstanceKey]) -> None:
        """Load instances; their customers are locked already, and with them whoever would change these."""
        if keys:
            columns = map(texts, zip(*sorted(keys), strict=True))
            for customer, journey, instance, state, place in await self._driver.fetch(statements.INSTANCES, *columns):
                key = customer, journey, instance
                ledger.instances[key] = _instance.decode(state)
                self._places[key] = place

    async def save(self, ledger: Ledger, messages: Sequence[outbox.Message] = ()) -> None:
        """Write everything that changed, and what is to be told besides `messages`; counts sorted and last, so that
        workers wait for each other only briefly."""
        if ledger.timeline:
            await self._driver.copy_records_to_table(
                "timeline", schema_name="scoring", columns=COLUMNS, records=ledger.timeline
            )
        await self._save_customers(ledger.customers)
        await self._save_responses(ledger.responses)
        await self._save_instances(ledger.instances)
        if messages or ledger.told:
            await outbox.put(self._driver, [*messages, *map(message_of, ledger.told)])
        if ledger.left_behind:
            await self._driver.execute(reviews.LEAVE_BEHIND, texts(sorted(ledger.left_behind)))
        await self._add_counts(ledger)

    async def _save_customers(self, customers: dict[str, Customer]) -> None:
        known, new = self._split(customers)
        if known:
            await self._update(statements.UPDATE_CUSTOMERS, known, [_encode(customers[name]) for name in known])
        if new:
            states = [_encode(customers[name]) for name in new]
            await self._driver.execute(statements.INSERT_CUSTOMERS, texts(new), states)

    async def _save_responses(self, responses: dict[bytes, Response]) -> None:
        known, new = self._split(responses)
        if known:
            await self._update(statements.UPDATE_RESPONSES, known, [_encode(responses[key]) for key in known])
        if new:
            states = [_encode(responses[key]) for key in new]
            await self._driver.execute(statements.INSERT_RESPONSES, words([key.hex() for key in new]), states)

    async def _save_instances(self, instances: dict[InstanceKey, Instance]) -> None:
        gone = [key for key, run in instances.items() if hollow(run)]
        if gone:
            instances = {key: run for key, run in instances.items() if not hollow(run)}
            await self._update(statements.DELETE_INSTANCES, [key for key in gone if key in self._places])
        known, new = self._split(instances)
        if known:
            runs = [instances[key] for key in known]
            await self._update(statements.UPDATE_INSTANCES, known, _fire_at(runs), [_encode(run) for run in runs])
        if new:
            runs = [instances[key] for key in new]
            names = map(texts, zip(*new, strict=True))
            await self._driver.execute(statements.INSERT_INSTANCES, *names, _fire_at(runs), [_encode(r) for r in runs])

    def _split(self, states: dict[Any, Any]) -> tuple[list[Any], list[Any]]:
        """The keys of rows that there are, as they were loaded, and of rows to be, in order."""
        places = self._places
        return [key for key in states if key in places], sorted(key for key in states if key not in places)

    async def _update(self, statement: str, known: list[Any], *columns: Any) -> None:
        said = await self._driver.execute(statement, words([self._places[key] for key in known]), *columns)
        if _rows(said) != len(known):
            raise Moved(f"{len(known) - _rows(said)} of {len(known)} locked rows were not where they stood")

    async def _add_counts(self, ledger: Ledger) -> None:
        changed = [(cell, n) for cell, n in ledger.counts.items() if n]
        if not changed:
            return
        number = await self._series.of({cell[0] for cell, _ in changed})
        rows = sorted((number[series], quarter, value, n) for (series, quarter, value), n in changed)
        await self._driver.execute(statements.ADD_COUNTS, *map(numbers, zip(*rows, strict=True)))


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
        async with self._transaction() as connection:
            moved = (await connection.execute(text(statements.ADVANCE), {"topic": self._topic, **columns})).all()
            if len(moved) != len(advances):
                raise Displaced(f"partitions {sorted({a.partition for a in advances} - {m.partition for m in moved})}")
            if moved[0].programme != programme:
                raise ProgrammeChanged(f"version {moved[0].programme} is in force")
            yield Transaction((await connection.get_raw_connection()).driver_connection, self._series)

    @asynccontextmanager
    async def firing(
        self, at: datetime, *, most: int, programme: int
    ) -> AsyncIterator[tuple[Transaction, list[InstanceKey]]]:
        """A transaction that holds the timers' lock, with up to `most` instances whose time has come; empty if
        somebody else fires. Raises ProgrammeChanged when `programme` is not the newest version any more."""
        async with self._transaction() as connection:
            await _still(connection, programme)
            leads = (await connection.execute(text(_LEAD))).scalar()
            rows = (await connection.execute(text(_DUE), {"at": at, "most": most})).all() if leads else []
            driver = (await connection.get_raw_connection()).driver_connection
            yield Transaction(driver, self._series), [(row.customer, row.journey, row.instance) for row in rows]

    @asynccontextmanager
    async def reviewing(
        self, review: int, *, most: int, everybody: bool, programme: int
    ) -> AsyncIterator[tuple[Transaction, reviews.Page | None]]:
        """A transaction with the next page of a review (`reviews.next_page`). Raises ProgrammeChanged as `firing`."""
        async with self._transaction() as connection:
            await _still(connection, programme)
            page = await reviews.next_page(connection, review, most=most, everybody=everybody)
            yield Transaction((await connection.get_raw_connection()).driver_connection, self._series), page

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[AsyncConnection]:
        """Begun and ended. After one that failed nothing is taken for granted that was read before: the database may
        be another one, restored or promoted."""
        try:
            async with self._engine.begin() as connection:
                yield connection
        except BaseException:
            self._series.forget()
            raise


_ADVANCE_NAMES = (
    "partitions",
    "expected",
    "next_offsets",
    "last_offsets",
    "last_timestamps",
    "last_identities",
    "old_applied",
)

_PROGRAMME = "select max(id) from voc.programme_versions"  # and none is stored until the transaction ends
_LEAD = "select pg_try_advisory_xact_lock(hashtext('scoring.timers'))"
_DUE = "select customer, journey, instance from scoring.instances where fire_at < :at order by fire_at limit :most"


async def _still(connection: AsyncConnection, programme: int) -> None:
    found = await connection.scalar(text(_PROGRAMME))
    if found != programme:
        raise ProgrammeChanged(f"version {found} is in force")


def _rows(said: str) -> int:
    """How many rows a command says it changed: the last word of `INSERT 0 3`, of `UPDATE 3`."""
    return int(said.rpartition(" ")[2])


def _fire_at(runs: Sequence[Instance]) -> str:
    return words(["null" if at is None else f'"{at.isoformat()}"' for at in map(fire_at, runs)])
