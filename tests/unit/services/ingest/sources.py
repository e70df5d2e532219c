"""The sources of a programme, without a database to read it from."""

from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import create_async_engine

from services.ingest.adapters.programme import InForce
from services.ingest.adapters.secret import Secrets
from services.ingest.adapters.sources import Sources
from services.ingest.providers.known import known_providers
from shared.programme.history import Version
from shared.programme.model import Programme
from shared.programme.source import Source

AT = datetime(2026, 3, 2, 10, tzinfo=UTC)


def in_force(*sources: Source) -> Sources:
    """As they are once the programme is read; nothing is asked of any database."""
    held = InForce(create_async_engine("postgresql+asyncpg://nobody@localhost/none"), lambda: AT)
    held.version = Version(1, None, AT, "", Programme(name="Shop", timezone="UTC", sources=sources))
    held.asked = True
    return Sources(held, known_providers(), Secrets())
