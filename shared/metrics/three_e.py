"""The three E's of one respondent in one number: effectiveness, ease and enjoyment, a third each (domain.md §2.3).

`T = ⅓·norm100(effectiveness) + ⅓·norm100(ease) + ⅓·norm100(enjoyment)` with goals of 0–2 and the other two on seven
steps is a whole number of eighteenths of 100: `T = (100/18)·(3·goal + ease + enjoyment)`, each from its lowest value
on. So it is stored as that number, 0…18, exactly, and counted like an answer.
"""

from collections.abc import Mapping

from shared.metrics.confidence import TWO_SIDED_95
from shared.metrics.counts import Sums
from shared.metrics.mean import t_interval
from shared.metrics.scales import check_score, scale_of

METRIC = "three_e"
SCALE_ID = "three_e_0_18"
E = ("effectiveness", "ease", "enjoyment")
STEPS = 18
"""The largest value: everything achieved, easy and enjoyed."""

_EACH = STEPS // len(E)

Given = tuple[int | float, tuple[float, float] | None]
"""A score and its scale, None for the usual one."""


def three_e(answers: Mapping[str, Given]) -> int | None:
    """The stored value of one respondent, from answers by metric; None where an E is missing: the other two are not
    stretched to fill its place. Raises ScaleError for a score that cannot be counted."""
    total = 0
    for metric in E:
        if metric not in answers:
            return None
        score, bounds = answers[metric]
        scale = scale_of(metric, bounds)
        total += int(check_score(scale, score) - scale.low) * _EACH // int(scale.high - scale.low)
    return total


def index_of(value: float) -> float:
    """A stored value, or a mean of them, on 0–100."""
    return 100 * value / STEPS


def limits(of: Sums, *, level: float = TWO_SIDED_95) -> tuple[float, float] | None:
    """Student's t interval of the mean index, within 0–100; None with one respondent."""
    found = t_interval(of, low=0, high=STEPS, level=level)
    return None if found is None else (index_of(found[0]), index_of(found[1]))
