"""Replays what waits in the quarantine, a chunk at a time: the same way in as the first time, by what holds now.

Nothing is lost and nothing counts twice: events keep their ids, and scoring drops what it has seen. A thing is marked
when Kafka has its events; one that dies before is free again after half a minute, and is replayed by the next.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from functools import partial

from services.ingest import metrics
from services.ingest.adapters.protections import Protections
from services.ingest.adapters.publisher import Publisher
from services.ingest.adapters.quarantined import Quarantined, Taken
from services.ingest.domain.again import Again, Announced, Way, again
from services.ingest.domain.kept import Kept
from services.ingest.domain.not_now import NotNow
from services.ingest.domain.protection import Protection
from services.ingest.domain.quarantine_page import RefusedAgain, Replayed
from services.ingest.domain.wanted import Selection, number_of
from shared.clock import Clock
from shared.events.set_aside import Door

Note = Callable[[Announced], Awaitable[None]]
"""Raises NotNow."""


class Replays:
    """`ways` are the doors by which things come in again; `note` stores what a delivery only announces."""

    def __init__(
        self,
        quarantined: Quarantined,
        publisher: Publisher,
        ways: dict[Door, Way],
        note: Note,
        protections: Protections,
        clock: Clock,
    ) -> None:
        self._quarantined = quarantined
        self._publisher = publisher
        self._ways = ways
        self._protections = protections
        self._note = note
        self._clock = clock

    async def replay(self, wanted: Selection) -> Replayed:
        """One chunk. Raises Unreadable for a cursor that is none, Unavailable, and NotNow while Kafka takes nothing;
        then what it has is marked, and the rest is free."""
        began_at = self._clock()
        after = number_of("body.cursor", wanted.cursor)
        taken = await self._quarantined.take(wanted, after=-1 if after is None else after, lease=not wanted.dry_run)
        try:
            found: dict[int, Again] = {}
            for id, kept in taken.rows:
                once_more = partial(again, kept, self._ways, self._protection(kept))
                found[id] = await self._protections.apart(len(kept.value), once_more)
                await asyncio.sleep(0)  # the door has the same loop
        except NotNow:
            if not wanted.dry_run:
                await self._quarantined.free([id for id, _ in taken.rows])
            raise
        if not wanted.dry_run:
            sent, obstacle = await self._publish(found)
            for announced in (found[id].announced for id in sent):
                if announced is not None:
                    await self._note(announced)
            await self._settle({id: found[id] for id in sent}, found.keys() - sent, began_at)
            if obstacle is not None:
                raise obstacle
        return _told(wanted, taken, found)

    def _protection(self, kept: Kept) -> Protection | None:
        """A source's own is for what the programme knows to be from it; elsewhere anybody may write its name."""
        protections = self._protections
        return protections.of(kept.source) if kept.door in ("webhook", "bridge") else protections.door

    async def _publish(self, found: dict[int, Again]) -> tuple[set[int], NotNow | None]:
        """Those of which Kafka has all events; what stood in the way of the others."""
        waiting: dict[int, set[asyncio.Future[bool]]] = {}
        obstacle: NotNow | None = None
        try:
            for id, what in found.items():
                waiting[id] = {self._publisher.put(key, value) for key, value in what.events}
        except NotNow as reason:
            obstacle = reason
        sent = {id for id, groups in waiting.items() if all([await group for group in groups])}
        return sent, obstacle or (NotNow("late") if len(sent) < len(waiting) else None)

    async def _settle(self, sent: dict[int, Again], rest: Iterable[int], began_at: datetime) -> None:
        refused = {id: what.problems for id, what in sent.items() if what.problems}
        went = sent.keys() - refused.keys()
        await self._quarantined.settle(sorted(went), refused, began_at=began_at)
        await self._quarantined.free(sorted(rest))
        metrics.QUARANTINE_REPLAYED.labels("went").inc(len(went))
        metrics.QUARANTINE_REPLAYED.labels("refused").inc(len(refused))


def _told(wanted: Selection, taken: Taken, found: dict[int, Again]) -> Replayed:
    refused = [RefusedAgain(id, what.problems) for id, what in found.items() if what.problems]
    looked_at = len(found) + taken.busy
    first = wanted.cursor is None and wanted.ids is not None
    return Replayed(
        dry_run=wanted.dry_run,
        went=len(found) - len(refused),
        events=sum(len(what.events) for what in found.values()),
        refused=refused,
        settled=len(set(wanted.ids or ())) - looked_at - taken.left if first else 0,
        busy=taken.busy,
        next=None if taken.next is None else str(taken.next),
        left=taken.left,
    )
