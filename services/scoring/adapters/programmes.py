"""The programme's versions as folding rules, read from PostgreSQL and kept until a newer one is stored."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncEngine

from services.scoring.domain.eras import eras
from services.scoring.domain.rules import Rules
from shared.programme.history import BEGINNING, History, Version
from shared.programme.model import Programme
from shared.programme.store import newest, versions


class Reading:
    """The versions as they were read once: a batch is placed, loaded and folded by the same reading, or state that
    was not loaded would be overwritten. `newest` is the id of the version stored last, 0 while there is none."""

    def __init__(self, versions: tuple[Version, ...], rules: dict[int, Rules]) -> None:
        self._history = History(versions)
        self._eras = eras(self._history.versions)
        self._rules = rules
        self._only: Rules | None = None  # most programmes have one version: then no event's time matters
        if len(versions) == 1:
            self._only = self.at(BEGINNING)
        self.newest = max((version.id for version in versions), default=0)

    def with_another(self, programme: Programme, from_at: datetime) -> Rules:
        """The rules that would hold at `from_at` if `programme` were stored as the version that begins then."""
        another = Version(self.newest + 1, from_at, from_at, "", programme)
        return Reading((*self._history.versions, another), {}).at(from_at)

    def version_at(self, instant: datetime) -> int:
        """The id of the version that holds at `instant`. Raises NoProgramme while nothing was applied."""
        return self._history.at(instant).id

    def at(self, instant: datetime) -> Rules:
        """The rules that hold at `instant`. Raises NoProgramme while nothing was applied."""
        if self._only is not None:
            return self._only
        version = self._history.at(instant)
        rules = self._rules.get(version.id)
        if rules is None:
            rules = self._rules[version.id] = Rules(version.id, version.programme, self._eras[version.id])
        return rules


class Programmes:
    """The newest reading."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._rules: dict[int, Rules] = {}
        self.current = Reading((), self._rules)

    @property
    def newest(self) -> int:
        return self.current.newest

    async def refresh(self) -> None:
        """Read the versions where there is a newer one: of that, a process without events hears from nobody."""
        async with self._engine.connect() as connection:
            stored = await newest(connection)
        if stored != self.newest:
            await self.reload()

    async def reload(self) -> None:
        """Read the versions; compiled ones are kept, since a version never changes."""
        async with self._engine.connect() as connection:
            self.current = Reading(await versions(connection), self._rules)
