"""Scoring's rows of one customer, all of one moment."""

import msgspec

from services.insights.adapters.database import Database
from services.insights.domain.cursor import Place
from services.insights.domain.record import Customer, Happened, Known, Promised, Reached, Run, Score
from shared.programme.weigh.features import Features

MOST = 1000
"""Instances, and promises, of a customer that are shown: the latest."""

_features = msgspec.json.Decoder(Features)


class Customers:
    """Scoring's customers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, customer: str, *, before: Place, limit: int) -> Customer | None:
        """A customer with `limit` items of the timeline before a place, and one more; None where nobody is called so.

        Raises Unavailable.
        """
        async with self._database.reading() as reading:
            found = await reading.ask("customer", customer=customer)
            if not found:
                return None
            runs = await reading.ask("instances_of_customer", customer=customer, most=MOST)
            scores = await reading.ask("scores_of_customer", customer=customer)
            reached = await reading.ask("steps_of_customer", customer=customer) if scores else []
            promises = await reading.ask("promises_of_customer", customer=customer, most=MOST)
            timeline = await reading.ask(
                "timeline_of_customer",
                customer=customer,
                before_time=before.time,
                before_position=before.position,
                most=limit + 1,
            )
        return Customer(
            Known(*found[0])._replace(features=_features.decode(found[0].features)),
            [Run(*row) for row in runs],
            [Score(*row) for row in scores],
            [Reached(*row) for row in reached],
            [Promised(*row) for row in promises],
            [Happened(*row) for row in timeline],
        )
