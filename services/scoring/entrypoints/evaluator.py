"""Decides the measures whose tick has come, by counts that are complete; one evaluator at a time."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from time import perf_counter
from typing import NamedTuple

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from services.scoring import metrics
from services.scoring.adapters.days import Days
from services.scoring.adapters.statuses import StatusRound, status_round
from services.scoring.domain.declared import Declared, MeasureKey, declared
from services.scoring.domain.round import MomentTold, conclude, held, touched
from services.scoring.domain.standing import Standing, due
from services.scoring.domain.trouble import HELD
from services.scoring.domain.verdict import Terms, Verdict, decide
from services.scoring.entrypoints.admin import tell_of_late_ones, tell_of_silent_ones
from services.scoring.entrypoints.ends import Ends
from services.scoring.entrypoints.outcome import AWAY
from services.scoring.settings import StatusSettings
from shared.clock import Clock
from shared.errors import first_line
from shared.events.told.moment import MomentDecided
from shared.metrics.span import quarter_of
from shared.metrics.worst import UNKNOWN
from shared.programme.history import History, Version
from shared.programme.store import newest, versions

log = structlog.get_logger(__name__)

PATIENCE_SECONDS = 5.0  # so long is waited within a round for scoring to catch up; then the round is held


class _Tick(NamedTuple):
    """One round's instant, the programme that holds then, and what is known before it."""

    at: datetime
    version: Version
    measures: list[Declared]
    standings: dict[MeasureKey, Standing]
    due: list[Declared]


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
        self._newest: int | None = None
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
        """Decide everything that is due now, or note that it has to wait."""
        if not self._takes_part():
            return
        at, history = clock(), await self._read()
        async with status_round(self._engine) as turn:
            if turn is None:
                return
            await turn.beat(at)
            tick = await self._tick(turn, history, at)
            gone = tick.standings.keys() - {measure.key for measure in tick.measures}
            late = HELD in await turn.troubles()
        if tick.due or gone or late or self._listened != quarter_of(at):
            complete = await self._complete()
            async with status_round(self._engine) as turn:
                if turn is not None:  # another may have had its turn meanwhile: what is due is asked again
                    await self._turn(turn, await self._tick(turn, history, at), clock, complete=complete)

    async def _read(self) -> History:
        """The programme's versions, read again when there is a newer one."""
        async with self._engine.connect() as connection:
            found = await newest(connection)
            if found != self._newest:
                self._history = History(await versions(connection))
                self._newest = found
        return self._history

    async def _complete(self) -> bool:
        """Whether all is folded that is in Kafka; no, where Kafka cannot say what it has."""
        try:
            async with asyncio.timeout(2 * PATIENCE_SECONDS):
                return await self._ends.applied(within=PATIENCE_SECONDS)
        except AWAY as error:
            log.warning("ends-not-known", error=first_line(error))
            return False

    async def _tick(self, turn: StatusRound, history: History, at: datetime) -> _Tick:
        version = history.at(at)
        measures = list(declared(version.programme))
        standings = await turn.measures()
        every = timedelta(seconds=self._settings.scoring_unknown_seconds)
        now_due = [one for one in measures if due(one, standings.get(one.key), at, unknown_every=every)]
        return _Tick(at, version, measures, standings, now_due)

    async def _turn(self, turn: StatusRound, tick: _Tick, clock: Clock, *, complete: bool) -> None:
        started = perf_counter()
        waiting = [] if complete else [one for one in tick.due if not self._waited_enough(tick, one)]
        if waiting:
            await turn.put_measures(held(tick.standings, waiting, tick.at))
            log.info("decisions-held", measures=len(waiting), reason="scoring is behind")
        metrics.HELD.set(len(waiting))
        keys = {one.key for one in waiting}
        to_decide = [one for one in tick.due if one.key not in keys]
        verdicts = await self._decide(turn, tick, to_decide, complete=complete)
        gone = tick.standings.keys() - {measure.key for measure in tick.measures}
        await self._write(turn, tick, verdicts, gone, known_at=clock())
        decided, programme = [one.standing for one in verdicts], tick.version.programme
        await tell_of_late_ones(turn, decided, tick.at, complete=complete, programme=programme)
        if complete and self._listened != quarter_of(tick.at):
            await tell_of_silent_ones(turn, tick.at, programme=programme)
            self._listened = quarter_of(tick.at)
        metrics.ROUND_SECONDS.observe(perf_counter() - started)

    def _waited_enough(self, tick: _Tick, measure: Declared) -> bool:
        known = tick.standings.get(measure.key)
        since = known.held_since if known else None
        return since is not None and tick.at - since >= timedelta(seconds=self._settings.scoring_held_seconds)

    async def _decide(
        self, turn: StatusRound, tick: _Tick, measures: list[Declared], *, complete: bool
    ) -> list[Verdict]:
        if not measures:
            return []
        settled = await self._settled(turn, tick)
        counted = await turn.counts(measures, tick.at)
        verdicts = []
        for measure, counts in zip(measures, counted, strict=True):
            terms = Terms(complete, settled, self._waited_enough(tick, measure))
            verdicts.append(decide(measure, tick.standings.get(measure.key), counts, tick.at, terms))
        return verdicts

    async def _settled(self, turn: StatusRound, tick: _Tick) -> bool:
        """Whether for the programme's `settle` no history has been applied, and no promise's timer is that late."""
        quiet_since = tick.at - timedelta(seconds=tick.version.programme.settle)
        old = await turn.old_applied_at(self._topic)
        return (old is None or old <= quiet_since) and not await turn.any_timer_before(quiet_since)

    async def _write(
        self, turn: StatusRound, tick: _Tick, verdicts: list[Verdict], gone: set[MeasureKey], *, known_at: datetime
    ) -> None:
        after = {key: standing for key, standing in tick.standings.items() if key not in gone}
        decided = {one.measure.key: one.standing for one in verdicts}
        after.update(decided)
        before = await turn.moments()
        concerned = touched(verdicts, gone)
        outcome = conclude(tick.measures, after, before, concerned, tick.at, programme=tick.version.id)
        await turn.put_measures(decided)
        await turn.put_moments(outcome.moments)
        if gone:
            await turn.drop_measures(gone)
        if outcome.gone:
            await turn.drop_moments(outcome.gone)
        kept = [one for one in verdicts if _to_keep(one)]
        await turn.record(kept, at=tick.at, known_at=known_at, programme=tick.version.id)
        told = await _explained(turn, outcome.told)
        await turn.tell(told)
        _say(verdicts, told)


async def _explained(turn: StatusRound, told: Sequence[MomentTold]) -> list[MomentDecided]:
    """With what was before, and which persona and channel moved most."""
    cuts = iter(await turn.cuts([asked for one in told for asked in one.asked]))
    return [one.explained([next(cuts) for _ in one.asked]) for one in told]


def _to_keep(verdict: Verdict) -> bool:
    """All decisions but the looks at what is not known and stays so."""
    return verdict.changed or verdict.standing.state.status != UNKNOWN


def _say(verdicts: Sequence[Verdict], told: Sequence[MomentDecided]) -> None:
    for verdict in verdicts:
        metrics.DECIDED.labels(verdict.standing.state.status).inc()
    for one in told:
        if one.status != one.previous:
            metrics.STATUS_CHANGED.labels(one.status).inc()
        log.info("moment", moment=f"{one.journey}/{one.touchpoint}", status=one.status, before=one.previous)
