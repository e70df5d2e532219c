"""The programme through time: which version holds at an instant."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from shared.errors import VocError
from shared.programme.match import Matcher
from shared.programme.model import Programme
from shared.programme.weigh.weighing import Weighing

BEGINNING = datetime.min.replace(tzinfo=UTC)


class NoProgramme(VocError):
    """Nothing was applied yet."""

    def __init__(self) -> None:
        super().__init__("There is no programme yet: apply one with `voc programme apply DIR`.")


@dataclass(frozen=True)
class Version:
    """One applied programme. `valid_from` is None for the first, which holds from the beginning of time."""

    id: int
    valid_from: datetime | None
    applied_at: datetime
    digest: str
    programme: Programme

    @cached_property
    def matcher(self) -> Matcher:
        """Compiled when it is first asked for."""
        return Matcher(self.programme)

    @cached_property
    def weighing(self) -> Weighing:
        """Compiled when it is first asked for."""
        return Weighing(self.programme.personas)


class History:
    """All versions; never changed, a later one is another History."""

    def __init__(self, versions: Iterable[Version]) -> None:
        self.versions = tuple(sorted(versions, key=_begins))
        self._begins = [_begins(version) for version in self.versions]

    def at(self, instant: datetime) -> Version:
        """The version that holds at `instant`, which is aware. Raises NoProgramme where there is none at all."""
        if not self.versions:
            raise NoProgramme
        return self.versions[max(0, bisect_right(self._begins, instant) - 1)]

    def version(self, number: int | None) -> Version | None:
        """The version with that id; None where it is none of these."""
        return next((version for version in self.versions if version.id == number), None)

    def until(self, version: Version) -> datetime | None:
        """When the next version begins to hold, None if none does."""
        after = self.versions.index(version) + 1
        return self._begins[after] if after < len(self.versions) else None


def _begins(version: Version) -> datetime:
    return version.valid_from or BEGINNING
