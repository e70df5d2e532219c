"""The database's bare ceiling: what scoring says to PostgreSQL, taken down once and said again without any logic.

Taken down by scoring's own code over the crowd's events, a lane after the other's turn; played on another database by
two lanes at once, through the same opening of the transaction. Only where a row stands is asked anew, as it differs.
"""

import asyncio
import pickle
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncEngine

from bench.crowd import records
from services.scoring.adapters.heard import Ear
from services.scoring.adapters.literals import words
from services.scoring.adapters.offsets import Offsets
from services.scoring.adapters.programmes import Programmes
from services.scoring.adapters.store import Advance, Store, Transaction
from services.scoring.entrypoints.batch import Batches, Chunk
from shared.kafka.partition import partition_of
from shared.kafka.topics import EVENTS
from shared.postgres.engine import DatabaseSettings, connect
from shared.postgres.migrate import migrate

LANES = 2
BATCH = 3000
_CLUSTER = "bench"


class Record(NamedTuple):
    """What scoring reads of a Kafka record."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes
    value: bytes


class Said(NamedTuple):
    """One call of the driver. `found_by`: its first argument is where the rows of that earlier call stand."""

    call: str
    arguments: tuple[Any, ...]
    options: dict[str, Any]
    found_by: int | None


class Listener:
    """A driver that notes down what it is told. `batch` is what was said in this transaction."""

    def __init__(self, driver: Any) -> None:
        self._driver = driver
        self._found: dict[str, int] = {}  # the places that a fetch gave, as the update will name them
        self.batch: list[Said] = []

    async def fetch(self, statement: str, *arguments: Any) -> Any:
        rows = await self._driver.fetch(statement, *arguments)
        if rows and "place" in rows[0].keys():  # noqa: SIM118 - a row of the driver is no dictionary
            self._found[words(row["place"] for row in rows)] = len(self.batch)
        self.batch.append(Said("fetch", (statement, *arguments), {}, None))
        return rows

    async def execute(self, statement: str, *arguments: Any) -> Any:
        found_by = self._found.get(arguments[0]) if arguments and isinstance(arguments[0], str) else None
        kept = arguments if found_by is None else arguments[1:]
        self.batch.append(Said("execute", (statement, *kept), {}, found_by))
        return await self._driver.execute(statement, *arguments)

    async def copy_records_to_table(self, table: str, **options: Any) -> Any:
        self.batch.append(Said("copy_records_to_table", (table,), options, None))
        return await self._driver.copy_records_to_table(table, **options)


class Tape(Store):
    """A store that takes its transactions down, in a file a lane."""

    def __init__(self, engine: AsyncEngine, folder: Path) -> None:
        super().__init__(engine, EVENTS.name)
        self._folder = folder

    @asynccontextmanager
    async def advancing(self, advances: Sequence[Advance], *, programme: int) -> AsyncIterator[Transaction]:
        async with super().advancing(advances, programme=programme) as transaction:
            listener = transaction._driver = Listener(transaction._driver)
            yield transaction
        with lane_file(self._folder, advances[0].partition % LANES).open("ab") as tape:
            pickle.dump((advances, listener.batch), tape, protocol=5)


def lane_file(folder: Path, lane: int) -> Path:
    return folder / f"lane-{lane}.tape"


async def take_down(database: str, folder: Path, total: int, *, customers: int) -> None:
    """Score the crowd's events, without Kafka, and keep what was said. The database has a programme."""
    engine = connect(DatabaseSettings(url=SecretStr(database)), application="bench-tape")
    try:
        programmes = await _begin(engine)
        batches = Batches(Tape(engine, folder), programmes, Ear(engine))
        lanes = _lanes(total, customers)
        await asyncio.gather(*(_handle(batches, lane) for lane in lanes))
    finally:
        await engine.dispose()


async def play(database: str, folder: Path, *, begun: Callable[[], None]) -> None:
    """Say it all again to another database that has the same programme; `begun` is called when all is prepared."""
    engine = connect(DatabaseSettings(url=SecretStr(database)), application="bench-play")
    try:
        programmes = await _begin(engine)
        store = Store(engine, EVENTS.name)
        begun()
        await asyncio.gather(*(_play(store, lane_file(folder, lane), programmes.newest) for lane in range(LANES)))
    finally:
        await engine.dispose()


async def _begin(engine: AsyncEngine) -> Programmes:
    await migrate(engine, "scoring", "services.scoring.migrations")
    offsets = Offsets(engine, EVENTS.name)
    for partition in range(EVENTS.partitions):
        await offsets.begin(partition, 0, _CLUSTER)
    programmes = Programmes(engine)
    await programmes.reload()
    return programmes


async def _handle(batches: Batches, chunks: Iterator[Chunk]) -> None:
    for chunk in chunks:
        await batches.handle(chunk)


async def _play(store: Store, tape: Path, programme: int) -> None:
    with tape.open("rb") as source:
        while source.peek(1):
            advances, batch = pickle.load(source)
            async with store.advancing(advances, programme=programme) as transaction:
                await _say(transaction._driver, batch)


async def _say(driver: Any, batch: list[Said]) -> None:
    answers: list[Any] = []
    for said in batch:
        arguments = said.arguments
        if said.found_by is not None:
            arguments = (arguments[0], words(row["place"] for row in answers[said.found_by]), *arguments[1:])
        answers.append(await getattr(driver, said.call)(*arguments, **said.options))


def _lanes(total: int, customers: int) -> list[Iterator[Chunk]]:
    waiting: dict[int, list[Record]] = defaultdict(list)
    ends = [0] * EVENTS.partitions
    for key, value in records(0, total, total=total, customers=customers):
        partition = partition_of(key, EVENTS.partitions)
        waiting[partition % LANES].append(
            Record(EVENTS.name, partition, ends[partition], 1_767_225_600_000, key, value)
        )
        ends[partition] += 1
    return [_chunks(waiting[lane]) for lane in range(LANES)]


def _chunks(waiting: list[Record]) -> Iterator[Chunk]:
    """Batches as a worker reads them; each begins where the one before it ended."""
    ends: dict[int, int] = defaultdict(int)
    for begin in range(0, len(waiting), BATCH):
        batch = waiting[begin : begin + BATCH]
        expected = {record.partition: ends[record.partition] for record in batch}
        ends |= {record.partition: record.offset + 1 for record in batch}
        yield Chunk(batch, expected, {partition: ends[partition] for partition in expected})
