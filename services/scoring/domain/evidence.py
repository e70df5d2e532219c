"""What the counts of a measure's windows say, as rule S1 wants it and as people are told it."""

from typing import NamedTuple

from services.scoring.domain.declared import Declared
from services.scoring.domain.status import Proof, unbounded
from shared.events.told.moment import Figure
from shared.metrics.confidence import ONE_SIDED_95, TWO_SIDED_95
from shared.metrics.counts import Counts, given
from shared.metrics.headline import Estimate, headline
from shared.metrics.most_answered import ByScale, most_answered

FEWEST_SHORT = 20


class Counted(NamedTuple):
    """Counts by scale in the long window and in the short one (empty where there is none)."""

    long: ByScale
    short: ByScale


class Evidence(NamedTuple):
    """`proof` is in the space where high is good, None with fewer answers than the measure wants; the figures are as
    people read them. `lower` and `upper` are L and U* in the metric's own direction, None where unbounded."""

    scale: str | None
    figure: Figure
    short: Figure | None
    lower: float | None
    upper: float | None
    proof: Proof | None


def evidence(measure: Declared, counted: Counted) -> Evidence:
    """Compute what the counts say of a measure."""
    scale = measure.key.scale or most_answered(measure.key.metric, counted.long)
    long, short = _on(scale, counted.long), _on(scale, counted.short)
    n = sum(given(long).values())
    shown = figure(measure, scale, long)
    shown_short = figure(measure, scale, short) if measure.short else None
    if n < measure.measure.at_least:
        return Evidence(scale, shown, shown_short, None, None, None)
    sided = _estimate(measure, scale, long, ONE_SIDED_95)
    assert sided is not None
    low, high = sided.low, sided.high
    if measure.short and sum(given(short).values()) >= FEWEST_SHORT:
        recent = _estimate(measure, scale, short, TWO_SIDED_95)
        assert recent is not None
        low, high = _tighter(measure, (low, high), (recent.low, recent.high))
    proof = Proof(sided.value, unbounded(low, side=-1), unbounded(high, side=1))
    return Evidence(scale, shown, shown_short, low, high, proof if measure.high else proof.mirrored())


def figure(measure: Declared, scale: str | None, counts: Counts) -> Figure:
    """The value with its two-sided 95 % interval."""
    found = _estimate(measure, scale, counts, TWO_SIDED_95)
    return Figure() if found is None else Figure(value=found.value, low=found.low, high=found.high, n=found.n)


Limits = tuple[float | None, float | None]


def _tighter(measure: Declared, long: Limits, short: Limits) -> Limits:
    """U* is the least upper bound of both windows; where low is good it is the greatest lower one."""
    if measure.high:
        return long[0], min((limit for limit in (long[1], short[1]) if limit is not None), default=None)
    return max((limit for limit in (long[0], short[0]) if limit is not None), default=None), long[1]


def _on(scale: str | None, by_scale: ByScale) -> Counts:
    return by_scale.get(scale, {}) if scale is not None else {}


def _estimate(measure: Declared, scale: str | None, counts: Counts, level: float) -> Estimate | None:
    if scale is None:
        return None
    return headline(measure.key.metric, scale, counts, measure.key.stat or None, level=level)
