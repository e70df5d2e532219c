"""Numbers for series: a cell is four integers, and what they mean stands once in `scoring.series`."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from services.scoring.adapters import statements
from services.scoring.domain.state import Series


class SeriesNumbers:
    """Series → number, remembered for as long as the process lives: a number never changes."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._numbers: dict[Series, int] = {}

    async def of(self, wanted: set[Series]) -> dict[Series, int]:
        """The numbers of at least `wanted`. New ones get theirs in a transaction of their own: one that stays empty is
        harmless, and no folding transaction waits for another's."""
        missing = sorted(series for series in wanted if series not in self._numbers)
        if missing:
            columns = list(map(list, zip(*missing, strict=True)))
            async with self._engine.connect() as connection:
                await connection.exec_driver_sql("select 1")
                driver: Any = (await connection.get_raw_connection()).driver_connection
                await driver.execute(statements.INSERT_SERIES, *columns)
                for row in await driver.fetch(statements.SERIES_OF, *columns):
                    self._numbers[tuple(row)[1:]] = row["series"]
                await connection.commit()
        return self._numbers
