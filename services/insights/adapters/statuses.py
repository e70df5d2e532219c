"""How scoring has decided measures and moments of truth, and when it last looked."""

from collections.abc import Iterable

from services.insights.adapters.database import Database
from services.insights.domain.standing import Decided, MeasureKey, MeasureRow, MomentKey


class Statuses:
    """Scoring's statuses."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, journeys: Iterable[str]) -> Decided:
        """What was decided for these journeys, all of one moment. Raises Unavailable."""
        names = list(journeys)
        async with self._database.reading() as reading:
            measures = await reading.ask("statuses_of_measures", journeys=names)
            moments = await reading.ask("statuses_of_moments", journeys=names)
            beat = await reading.ask("beat")
        return Decided(
            beat[0].at if beat else None,
            {MeasureKey(*row[:7]): MeasureRow(*row[7:]) for row in measures},
            {MomentKey(*row[:3]): row.decided_at for row in moments},
        )
