"""Which scale a figure is of, where none is asked for: scales are never mixed (domain.md R11)."""

from collections.abc import Mapping

from shared.metrics.counts import Counts, given
from shared.metrics.known import metric_named
from shared.metrics.scales import scale_named

ByScale = Mapping[str, Counts]
"""{scale_id: {value: how often}}"""


def most_answered(metric: str, by_scale: ByScale) -> str | None:
    """The scale with the most answers; of several the usual one, else the first by name. None without answers."""
    answers = {scale_id: sum(given(counts).values()) for scale_id, counts in by_scale.items()}
    ranked = sorted((-n, not _usual(metric, scale_id), scale_id) for scale_id, n in answers.items() if n)
    return ranked[0][2] if ranked else None


def _usual(metric: str, scale_id: str) -> bool:
    return metric_named(metric).kind != "answer" or scale_named(metric, scale_id).usual
