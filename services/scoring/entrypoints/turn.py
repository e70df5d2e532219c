"""One evaluator's turn: everything that is due at a tick decided, kept and told, in one transaction."""

from collections.abc import Sequence
from datetime import timedelta
from time import perf_counter

import structlog

from services.scoring import metrics
from services.scoring.adapters.statuses import StatusRound
from services.scoring.domain.declared import Declared
from services.scoring.domain.former import gone, readdressed
from services.scoring.domain.round import MomentTold, conclude, held, released, touched
from services.scoring.domain.silence import Heard
from services.scoring.domain.verdict import Terms, Verdict, decide
from services.scoring.entrypoints.tick import Tick
from services.scoring.entrypoints.troubles import tell_of_late_ones, tell_of_silent_ones
from services.scoring.settings import StatusSettings
from shared.clock import Clock
from shared.events.told.moment import MomentDecided
from shared.metrics.worst import UNKNOWN

log = structlog.get_logger(__name__)

LATE = timedelta(seconds=5)
"""A promise past due for longer than this, and not yet told kept or missed, is an event that is not folded yet."""


class Turn:
    """Takes one turn. `voices`: it also looks who of them is silent."""

    def __init__(
        self, turn: StatusRound, tick: Tick, topic: str, settings: StatusSettings, *, voices: Sequence[Heard] | None
    ) -> None:
        self._turn = turn
        self._tick = tick
        self._topic = topic
        self._patience = timedelta(seconds=settings.scoring_held_seconds)
        self._voices = voices

    async def take(self, clock: Clock, *, applied: bool) -> bool:
        """Decide what is due, or note that it waits; whether the counts were complete. `applied`: all that was in
        Kafka at the tick is folded."""
        started, tick, turn = perf_counter(), self._tick, self._turn
        complete = applied and not await turn.any_timer_before(tick.at - LATE)
        settled = await self._settled()
        waiting = [] if complete else [one for one in tick.due if not self._waited_enough(one)]
        await self._hold(waiting)
        keys = {one.key for one in waiting}
        terms = Terms(complete, settled, waited=False)
        verdicts = await self._decide([one for one in tick.due if one.key not in keys], terms)
        await self._write(verdicts, clock, complete=complete)
        decided, programme = [one.standing for one in verdicts], tick.version.programme
        await tell_of_late_ones(turn, decided, tick.at, caught_up=complete and settled, programme=programme)
        if complete and self._voices is not None:
            await tell_of_silent_ones(turn, self._voices, tick.at, programme=programme)
        metrics.ROUND_SECONDS.observe(perf_counter() - started)
        return complete

    def _waited_enough(self, measure: Declared) -> bool:
        known = self._tick.standings.get(measure.key)
        since = known.held_since if known else None
        return since is not None and self._tick.at - since >= self._patience

    async def _settled(self) -> bool:
        """Whether for the programme's `settle` no history has been applied, and no promise's timer is that late."""
        quiet_since = self._tick.at - timedelta(seconds=self._tick.version.programme.settle)
        old = await self._turn.old_applied_at(self._topic)
        return (old is None or old <= quiet_since) and not await self._turn.any_timer_before(quiet_since)

    async def _hold(self, waiting: Sequence[Declared]) -> None:
        begun = held(self._tick.standings, waiting, self._tick.at)
        if begun:
            await self._turn.put_measures(begun)
            log.info("decisions-held", measures=len(begun), reason="scoring is behind")

    async def _decide(self, measures: Sequence[Declared], terms: Terms) -> list[Verdict]:
        if not measures:
            return []
        tick, verdicts = self._tick, []
        for one, counts in zip(measures, await self._turn.counts(measures, tick.at), strict=True):
            mine = terms._replace(waited=self._waited_enough(one))
            verdicts.append(decide(one, tick.standings.get(one.key), counts, tick.at, mine))
        return verdicts

    async def _write(self, verdicts: list[Verdict], clock: Clock, *, complete: bool) -> None:
        tick, turn, programme = self._tick, self._turn, self._tick.version.id
        after = tick.standings | (released(tick.standings) if complete else {})
        after |= {one.measure.key: one.standing for one in verdicts}
        lost = gone(after, tick.measures)
        kept = {key: standing for key, standing in after.items() if key not in lost}
        concerned = touched(verdicts, lost, readdressed(tick.moments, tick.measures))
        outcome = conclude(tick.measures, kept, tick.moments, concerned, tick.at, programme=programme)
        await turn.put_measures({key: one for key, one in kept.items() if one is not tick.standings.get(key)})
        await turn.put_moments(outcome.moments)
        await turn.drop_measures(lost)
        await turn.drop_moments(outcome.gone)
        to_keep = [one for one in verdicts if _to_keep(one)]
        await turn.record(to_keep, at=tick.at, known_at=clock(), programme=programme)
        told = await _explained(turn, outcome.told)
        await turn.tell(told, tick.at)
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
