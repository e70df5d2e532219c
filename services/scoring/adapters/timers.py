"""Timers of promises, looked at: by who fires them, and by who concludes something from what is missing."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection


async def any_before(connection: AsyncConnection, at: datetime) -> bool:
    """Whether a promise whose time had come by then is neither kept nor missed yet."""
    return bool(await connection.scalar(text(_ANY), {"at": at}))


_ANY = "select exists (select from scoring.instances where fire_at < :at)"
