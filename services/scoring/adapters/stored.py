"""Customers as they stand, page by page and without locks: for whoever only looks."""

from typing import NamedTuple

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from services.scoring.domain.state import Customer

_customer = msgspec.json.Decoder(Customer)


class Stored(NamedTuple):
    """One customer."""

    name: str
    customer: Customer


async def customers_after(engine: AsyncEngine, name: str, *, most: int) -> list[Stored]:
    """The next customers by name, each page as it stands when it is read."""
    async with engine.connect() as connection:
        rows = await connection.execute(text(_PAGE), {"after": name, "most": most})
        return [Stored(row.customer, _customer.decode(row.state)) for row in rows]


_PAGE = "select customer, state from scoring.customers where customer > :after order by customer limit :most"
