"""Peak-End of a customer's run through a journey: its most extreme moment and its last (domain.md §3)."""

from collections.abc import Iterable, Sequence

from services.insights.domain import shapes
from services.insights.domain.record import Score
from shared.metrics import peak_end as rule
from shared.programme.model import Journey

PLAIN, MOMENT_OF_TRUTH = 1.0, 2.0
"""How much a moment weighs when the most extreme one is looked for."""

FELT = ("enjoyment", "csat", "ease", "ces", "effectiveness", "expectation", "nps", "preference")
"""Which answer of a response is the score of its moment: how it felt comes first, a custom metric last."""

FEWEST_MOMENTS, LEAST_COVERAGE = 2, 0.5
"""What a Peak-End that decisions may rest on is made of."""


def peak_end(
    journey: Journey | None, scores: Iterable[Score], reached: Iterable[str], *, provisional: bool
) -> shapes.PeakEnd | None:
    """Of one run, by the map of its time; None where nothing was scored. `reached` are the touchpoints it came to."""
    moments = moments_of(scores)
    if not moments:
        return None
    truths = _moments_of_truth(journey)
    weights = [MOMENT_OF_TRUTH if moment.touchpoint in truths else PLAIN for moment in moments]
    found = rule.peak_end([moment.score for moment in moments], weights)
    covered = coverage(truths, {moment.touchpoint for moment in moments}, set(reached))
    return shapes.PeakEnd(
        value=found.classic,
        peak=_scored(moments[found.peak_index]),
        end=_scored(moments[-1]),
        trough_end=found.trough,
        positive_peak_end=found.positive,
        peak_trough_end=found.peak_trough,
        mean=found.mean,
        slope=found.slope,
        n=len(moments),
        coverage=covered,
        provisional=provisional,
        decision_grade=len(moments) >= FEWEST_MOMENTS and (covered or 0) >= LEAST_COVERAGE and not provisional,
    )


def moments_of(scores: Iterable[Score]) -> Sequence[Score]:
    """One score a response, in order of (time, source, id)."""
    chosen: dict[str, Score] = {}
    for score in sorted(scores, key=_first_felt):
        chosen.setdefault(score.response, score)
    return sorted(chosen.values(), key=lambda score: (score.time, score.source, score.id))


def coverage(truths: set[str], scored: set[str], reached: set[str]) -> float | None:
    """Which share of the moments of truth that were reached was scored; None where none was reached."""
    met = truths & (reached | scored)
    return len(met & scored) / len(met) if met else None


def _first_felt(score: Score) -> tuple[int, str]:
    return FELT.index(score.metric) if score.metric in FELT else len(FELT), score.answer


def _moments_of_truth(journey: Journey | None) -> set[str]:
    return {one.touchpoint for one in journey.touchpoints if one.moment_of_truth} if journey else set()


def _scored(score: Score) -> shapes.Scored:
    return shapes.Scored(touchpoint=score.touchpoint, metric=score.metric, score=score.score, at=score.time)
