"""The metrics this platform knows: one table, which docs/metrics.md is made from. Any other name is a custom metric."""

from typing import Literal

import msgspec

Unit = Literal["points", "percent", "seconds", "index", "scale points"]
Kind = Literal["answer", "promise", "duration", "index"]


class Metric(msgspec.Struct, frozen=True):
    """What a metric means to its reader.

    `kind` tells what is counted: answers on a scale, promises kept (1) and missed (0), or milliseconds as sketch keys,
    respondents by an index of several of their answers.
    `good` is the good end of the *headline*, whichever end of an answer scale is the good one.
    """

    name: str
    kind: Kind
    unit: Unit
    headline: str
    good: Literal["high", "low"]
    meaning: str


METRICS: dict[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric("nps", "answer", "points", "% promoters − % detractors", "high", "Would customers recommend us?"),
        Metric("csat", "answer", "percent", "% satisfied", "high", "Were customers satisfied with this step?"),
        Metric("ces", "answer", "percent", "% who found it easy", "high", "Did it cost customers little effort?"),
        Metric("effectiveness", "answer", "percent", "% fully achieved", "high", "Did they get what they came for?"),
        Metric("ease", "answer", "percent", "% who found it easy", "high", "Was it easy to get it?"),
        Metric("enjoyment", "answer", "points", "% enjoyed − % not", "high", "Did it feel good?"),
        Metric("expectation", "answer", "points", "% better − % worse", "high", "Was it better than expected?"),
        Metric("preference", "answer", "points", "% us − % another", "high", "All in all, do customers prefer us?"),
        Metric("three_e", "index", "index", "mean of the three E's", "high", "Achieved, easy and enjoyed: all in all?"),
        Metric("promise_kept", "promise", "percent", "% kept of due", "high", "Did we do what we promised, by then?"),
        Metric("response_seconds", "duration", "seconds", "median", "low", "How long until we answered?"),
        Metric("wait_seconds", "duration", "seconds", "median", "low", "How long did customers have to wait?"),
        Metric("duration_seconds", "duration", "seconds", "median", "low", "How long did the step take?"),
    )
}

MEASURABLE = {name: metric for name, metric in METRICS.items() if metric.kind != "index"}
"""What a measure or a goal may name. An index is shown and never decided by: an average hides the part that fails."""


def metric_named(name: str) -> Metric:
    """The metric of that name; a name that is not in the table is a custom metric, whose headline is its mean."""
    found = METRICS.get(name)
    return found or Metric(name, "answer", "scale points", "mean", "high", "A question of the company's own.")
