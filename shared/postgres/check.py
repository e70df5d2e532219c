"""Whether PostgreSQL answers, for /readyz."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.errors import first_line
from shared.postgres.engine import AWAY


async def answers(engine: AsyncEngine) -> str | None:
    """None if a query comes back, else the reason."""
    try:
        async with engine.connect() as connection:
            await connection.execute(text("select 1"))
    except AWAY as error:
        return f"PostgreSQL does not answer: {first_line(error)}"
    return None
