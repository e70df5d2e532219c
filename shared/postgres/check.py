"""Whether PostgreSQL answers, for /readyz."""

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine


async def answers(engine: AsyncEngine) -> str | None:
    """None if a query comes back, else the reason."""
    try:
        async with engine.connect() as connection:
            await connection.execute(text("select 1"))
    except SQLAlchemyError as error:
        return f"PostgreSQL does not answer: {str(error).splitlines()[0]}"
    return None
