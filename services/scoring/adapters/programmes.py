"""The programme's versions as folding rules, read from PostgreSQL and kept until a newer one is stored."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncEngine

from services.scoring.domain.rules import Rules
from shared.programme.history import History
from shared.programme.store import versions


class Programmes:
    """Rules by instant. `newest` is the id of the version stored last, 0 while there is none."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._history = History(())
        self._rules: dict[int, Rules] = {}
        self.newest = 0

    async def reload(self) -> None:
        """Read the versions; compiled ones are kept, since a version never changes."""
        async with self._engine.connect() as connection:
            found = await versions(connection)
        self._history = History(found)
        self.newest = max((version.id for version in found), default=0)

    def at(self, instant: datetime) -> Rules:
        """The rules that hold at `instant`. Raises NoProgramme while nothing was applied."""
        version = self._history.at(instant)
        rules = self._rules.get(version.id)
        if rules is None:
            rules = self._rules[version.id] = Rules(version.id, version.programme)
        return rules
