"""The folding transaction on a real PostgreSQL: what was seen, and rows that are found again where they stand."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
import pytest_asyncio
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncEngine

from services.scoring.adapters.offsets import Offsets
from services.scoring.adapters.store import Advance, Displaced, Store
from services.scoring.domain.features import first_seen
from services.scoring.domain.ledger import Ledger
from services.scoring.domain.state import Instance
from shared.postgres.engine import DatabaseSettings, connect
from shared.postgres.migrate import migrate
from tests.programmes import RETAIL
from tests.road import apply_programme, fetch

TOPIC = "voc.events"
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
ONE, TWO, THREE = (bytes([number]) * 16 for number in (1, 2, 3))


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    """A database with the schema, a programme and partitions 0 to 4 at their beginning."""
    await apply_programme(database_url, RETAIL)
    engine = connect(DatabaseSettings(url=SecretStr(database_url)), application="tests")
    await migrate(engine, "scoring", "services.scoring.migrations")
    for partition in range(5):
        await Offsets(engine, TOPIC).begin(partition, 0, "cluster")
    yield engine
    await engine.dispose()


def step(partition: int, begin: int = 0) -> list[Advance]:
    return [Advance(partition, begin, begin + 1, begin, 0, ONE)]


async def test_what_was_seen_is_new_once(engine: AsyncEngine) -> None:
    store = Store(engine, TOPIC)
    async with store.advancing(step(0), programme=1) as transaction:
        assert await transaction.new_among([TWO, ONE]) == {ONE, TWO}
    async with store.advancing(step(0, 1), programme=1) as transaction:
        assert await transaction.new_among([ONE, THREE, TWO]) == {THREE}
    async with store.advancing(step(0, 2), programme=1) as transaction:
        assert await transaction.new_among([ONE, TWO, THREE]) == set()


async def test_what_a_transaction_saw_that_failed_was_not_seen(engine: AsyncEngine) -> None:
    store, name = Store(engine, TOPIC), bytes(16)
    with pytest.raises(ZeroDivisionError):
        await _see_and_fail(store, name)
    async with store.advancing(step(1), programme=1) as transaction:
        assert await transaction.new_among([name]) == {name}
    with pytest.raises(Displaced):
        async with store.advancing(step(1), programme=1):
            raise AssertionError("the offset has moved on")


async def test_rows_are_updated_where_they_stand_and_new_ones_inserted(engine: AsyncEngine, database_url: str) -> None:
    store = Store(engine, TOPIC)
    odd = 'crm:"{\\}",NULL'
    for turn, names in enumerate((["b", odd], [odd, "a", "b"], ["a", odd, "c"])):
        async with store.advancing(step(2, turn), programme=1) as transaction:
            await _count_steps(transaction, names)
    rows = await fetch(database_url, "select customer, instance, steps from scoring.read_instances order by 1, 2")
    assert [tuple(row) for row in rows] == [("a", "1", 2), ("b", "1", 2), ("c", "1", 1), (odd, "1", 3)]
    customers = await fetch(database_url, "select customer from scoring.read_customers order by 1")
    assert [row["customer"] for row in customers] == ["a", "b", "c", odd]


async def _see_and_fail(store: Store, name: bytes) -> None:
    async with store.advancing(step(1), programme=1) as transaction:
        await transaction.new_among([name])
        raise ZeroDivisionError


async def _count_steps(transaction: Any, names: list[str]) -> None:
    """Load, count a step in each one's instance, save."""
    ledger, keys = Ledger(), {(name, "order-to-door", "1") for name in names}
    await transaction.load_customers(ledger, set(names))
    await transaction.load_instances(ledger, keys)
    for name in names:
        ledger.customers.setdefault(name, first_seen(NOON, "everyday"))
    for key in keys:
        ledger.instances.setdefault(key, Instance(first_at=NOON, last_at=NOON)).steps += 1
    await transaction.save(ledger, [])
