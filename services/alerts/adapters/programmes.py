"""The programme in force, read from PostgreSQL when a newer version is stored."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from services.alerts.domain.directory import Directory
from shared.programme.history import History
from shared.programme.store import newest, versions


class Programmes:
    """Looks before each decision, in the transaction that decides: nobody is told by owners of yesterday."""

    def __init__(self) -> None:
        self._newest: int | None = None
        self._history = History(())

    async def in_force(self, connection: AsyncConnection, now: datetime) -> Directory:
        """The owners who answer now. Raises NoProgramme while nothing was applied, and one of `AWAY`."""
        found = await newest(connection)
        if found != self._newest:
            self._history = History(await versions(connection))
            self._newest = found
        return Directory(self._history.at(now).programme)
