"""Numbers for series: a cell is four integers, and what they mean stands once in `scoring.series`."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from services.scoring.adapters import statements
from services.scoring.domain.state import Series

MOST = 200_000  # about 100 MB; senders choose channels, so there is no end to what they name


class SeriesNumbers:
    """Series → number, remembered until a transaction fails: it may have been another database that gave them."""

    def __init__(self, engine: AsyncEngine, *, most: int = MOST) -> None:
        self._engine = engine
        self._most = most
        self._numbers: dict[Series, int] = {}

    async def of(self, wanted: set[Series]) -> dict[Series, int]:
        """The numbers of `wanted`. New ones get theirs in a transaction of their own: one that stays empty is
        harmless, and no folding transaction waits for another's."""
        known = {series: self._numbers[series] for series in wanted if series in self._numbers}
        missing = sorted(wanted - known.keys())
        if missing:
            found = await self._numbered(missing)
            known |= found
            if len(self._numbers) + len(found) > self._most:
                self.forget()
            self._numbers |= found  # they are durable now: what is remembered is there
        return known

    def forget(self) -> None:
        """Ask the database again for every number."""
        self._numbers = {}

    async def _numbered(self, missing: list[Series]) -> dict[Series, int]:
        columns = list(map(list, zip(*missing, strict=True)))
        async with self._engine.begin() as connection:
            driver: Any = (await connection.get_raw_connection()).driver_connection
            await connection.exec_driver_sql("select 1")  # begins the transaction that the driver then works in
            await driver.execute(statements.INSERT_SERIES, *columns)
            return {tuple(row)[1:]: row["series"] for row in await driver.fetch(statements.SERIES_OF, *columns)}
