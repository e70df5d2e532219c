"""One measure's tick: counts in, its new standing and the record of the decision out."""

from datetime import datetime
from math import isfinite
from typing import NamedTuple

import msgspec

from services.scoring.domain.declared import Declared
from services.scoring.domain.evidence import Counted, Evidence, evidence
from services.scoring.domain.standing import Standing
from services.scoring.domain.status import Decision, Proof, State, Thresholds, tick, unbounded
from shared.events.told.moment import MeasureDecided
from shared.metrics.most_answered import ByScale
from shared.metrics.worst import UNKNOWN


class Bounds(NamedTuple):
    """A proof as it is kept: a limit that is unbounded is None, since JSON knows no infinity."""

    value: float
    lower: float | None
    upper: float | None

    @classmethod
    def of(cls, proof: Proof) -> "Bounds":
        lower, upper = (limit if isfinite(limit) else None for limit in (proof.lower, proof.upper))
        return cls(proof.value, lower, upper)

    @property
    def proof(self) -> Proof:
        return Proof(self.value, unbounded(self.lower, side=-1), unbounded(self.upper, side=1))


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of a decision for ever: enough to take it again, from its counts on, with the measure's metric, stat
    and scale. `proof` and `thresholds` are in the space where high is good; `long` and `short` are the counts by scale
    and value, `at_least` is how many the long window had to have."""

    before: State
    after: State
    reason: str
    proof: Bounds | None
    thresholds: Thresholds
    at_least: int
    long: ByScale
    short: ByScale


class Verdict(NamedTuple):
    """`changed`: the measure has another status than before."""

    measure: Declared
    standing: Standing
    record: Record
    changed: bool


class Terms(NamedTuple):
    """What is known of the counts: whether they are `complete`, whether no history has come for a while (`settled`),
    and whether the measure has `waited` for either long enough."""

    complete: bool
    settled: bool
    waited: bool


def decide(measure: Declared, standing: Standing | None, counted: Counted, at: datetime, terms: Terms) -> Verdict:
    """Decide one measure at `at`. Unless the counts are settled a first decision is put off: a backfill is not news."""
    before = standing or Standing(since=at)
    found = evidence(measure, counted)
    unsettled = before.state.status == UNKNOWN and found.proof is not None and not terms.settled
    put_off = unsettled and not terms.waited
    proof = None if put_off else found.proof
    incomplete = not terms.complete or (unsettled and not put_off)
    decision = tick(before.state, proof, measure.thresholds, at=at, window=measure.window)
    changed = decision.state.status != before.state.status
    after = Standing(
        state=decision.state,
        since=at if changed else before.since,
        looked_at=at,
        initial=_initial(decision, before),
        incomplete=incomplete,
        held_since=before.held_since or at if put_off or incomplete else None,
        told=_told(measure, found, decision, before, at, incomplete=incomplete),
    )
    record = Record(
        before=before.state,
        after=decision.state,
        reason=decision.reason,
        proof=None if proof is None else Bounds.of(proof),
        thresholds=measure.thresholds,
        at_least=measure.measure.at_least,
        long=counted.long,
        short=counted.short,
    )
    return Verdict(measure, after, record, changed)


def _initial(decision: Decision, before: Standing) -> bool:
    """A status is initial from the first decision until it changes."""
    if decision.reason == "initial":
        return True
    return before.initial and decision.state.status == before.state.status


def _told(
    measure: Declared, found: Evidence, decision: Decision, before: Standing, at: datetime, *, incomplete: bool
) -> MeasureDecided:
    one, changed = measure.measure, decision.state.status != before.state.status
    known = before.told
    return MeasureDecided(
        metric=one.metric,
        stat=one.stat,
        scale=found.scale or None,
        declared_scale=measure.key.scale or None,
        window=one.window,
        short_window=int(measure.short.total_seconds()) if measure.short else None,
        status=decision.state.status,  # type: ignore[arg-type]  # the rule has no other words
        previous=before.state.status if changed or known is None else known.previous,  # type: ignore[arg-type]
        since=at if changed else before.since,
        initial=_initial(decision, before),
        incomplete=incomplete,
        figure=found.figure,
        short=found.short,
        lower=found.lower,
        upper=found.upper,
        red_below=one.red_below,
        yellow_below=one.yellow_below,
        red_above=one.red_above,
        yellow_above=one.yellow_above,
        at_least=one.at_least,
    )
