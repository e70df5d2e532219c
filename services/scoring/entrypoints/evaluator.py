"""Sees which measures' ticks have come, and whether all is known that they are decided by; one evaluator at a time."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from services.scoring import metrics
from services.scoring.adapters.days import Days
from services.scoring.adapters.heard import heard
from services.scoring.adapters.statuses import StatusRound, status_round
from services.scoring.domain.silence import Heard
from services.scoring.domain.standing import waits
from services.scoring.domain.trouble import HELD
from services.scoring.entrypoints.ends import Ends
from services.scoring.entrypoints.outcome import AWAY
from services.scoring.entrypoints.tick import Tick, read_tick
from services.scoring.entrypoints.turn import Turn
from services.scoring.settings import StatusSettings
from shared.clock import Clock
from shared.errors import first_line
from shared.metrics.span import quarter_of
from shared.programme.history import History

log = structlog.get_logger(__name__)

PATIENCE_SECONDS = 5.0  # so long is waited within a round for scoring to catch up; then the round is held


class Evaluator:
    """One of these runs in every scoring process; a lock in the database lets one at a time decide. `takes_part` says
    whether the process has partitions: one that has none cannot tell whether they are read."""

    def __init__(
        self,
        engine: AsyncEngine,
        ends: Ends,
        topic: str,
        settings: StatusSettings,
        *,
        takes_part: Callable[[], bool],
    ) -> None:
        self._engine = engine
        self._days = Days(engine)
        self._ends = ends
        self._topic = topic
        self._settings = settings
        self._takes_part = takes_part
        self._listened: int | None = None  # the quarter in which it was last looked who is silent
        self._history = History(())

    async def run(self, clock: Clock) -> None:
        """Decide what is due until cancelled."""
        while True:
            await asyncio.sleep(self._settings.scoring_evaluate_seconds)
            for step in (self.round, self._sum_on):  # what comes late is added, decided or not
                try:
                    await step(clock)
                except AWAY as error:
                    log.warning("evaluator-waits", error=first_line(error))

    async def _sum_on(self, clock: Clock) -> None:
        await self._days.sum_on(clock())

    async def round(self, clock: Clock) -> None:
        """Decide everything that is due now, or note that it has to wait. The evaluator's beat is part of what it has
        decided: where that cannot be stored, it ages."""
        if not self._takes_part():
            metrics.HELD.set(0)
            return
        at = clock()
        async with status_round(self._engine) as turn:
            if turn is None:
                return
            tick = await self._tick(turn, at)
            metrics.HELD.set(sum(waits(known) for known in tick.standings.values()))
            if not (tick.anything or HELD in await turn.troubles() or self._listened != quarter_of(at)):
                await turn.beat(at, now=at)
                return
        applied = await self._applied()
        await self._decide(at, clock, applied=applied, voices=await self._voices(at) if applied else None)

    async def _voices(self, at: datetime) -> Sequence[Heard] | None:
        """Once a quarter-hour, and not in a turn: nothing waits for it."""
        return await heard(self._engine) if self._listened != quarter_of(at) else None

    async def _decide(self, at: datetime, clock: Clock, *, applied: bool, voices: Sequence[Heard] | None) -> None:
        """What is due is asked again, and by which programme: another may have had its turn meanwhile. Where that has
        looked later than `at`, this look is outdated."""
        async with status_round(self._engine) as turn:
            if turn is None or not await turn.beat(at, now=clock()):
                log.warning("look-outdated", at=at.isoformat())
                return
            tick = await self._tick(turn, at)
            one = Turn(turn, tick, self._topic, self._settings, voices=voices)
            complete = await one.take(clock, applied=applied)
        if complete:
            self._listened = quarter_of(at)

    async def _tick(self, turn: StatusRound, at: datetime) -> Tick:
        self._history = await turn.history(self._history)
        return await read_tick(turn, self._history.at(at), at, self._settings)

    async def _applied(self) -> bool:
        """Whether all is folded that is in Kafka; no, where Kafka cannot say what it has."""
        try:
            async with asyncio.timeout(2 * PATIENCE_SECONDS):
                return await self._ends.applied(within=PATIENCE_SECONDS)
        except AWAY as error:
            log.warning("ends-not-known", error=first_line(error))
            return False
