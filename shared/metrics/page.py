"""docs/metrics.md, made from the tables: `python -m shared.metrics.page`; `--check PATH` says whether it is fresh."""

from itertools import count

from shared.metrics.headline import STATS
from shared.metrics.known import METRICS, Metric
from shared.metrics.scales import SCALES, Scale
from shared.metrics.sketch import ALPHA, ZERO_KEY, fewest_for_upper_limit, rank_interval
from shared.metrics.three_e import METRIC, STEPS, E
from shared.page import main, table

MODULE = "shared.metrics.page"

RANGES = {"percent": "percent, 0 to 100", "points": "points, −100 to 100", "seconds": "seconds", "index": "0 to 100"}

INTERVALS = (
    ("share", "Wilson score", "`shared/metrics/proportion.py`"),
    ("net score", "adjusted Wald, around a score with three answers added", "`shared/metrics/net.py`"),
    ("percentile", "order statistics; a side that too few durations bound is null", "`shared/metrics/sketch.py`"),
    ("mean of the three E's", "Student's t; null with one respondent", "`shared/metrics/three_e.py`"),
    ("the same, `independent`", "Welch's t; null where an E has one answer", "`shared/metrics/independent.py`"),
    ("mean of a custom metric", "Student's t; null with one answer", "`shared/metrics/mean.py`"),
)

OPENING = f"""# Metrics

<!-- Made by `python -m {MODULE} > docs/metrics.md` from the tables in shared/metrics; change those. -->

Every metric is stored as counts: how often each value was given, per series and quarter-hour. The figures below and
their intervals are computed from the counts when they are read, so they do not depend on the order in which events
came, and merging two parts is adding them. Where nothing was counted there is no figure: null, never 0.
"""

THREE_E = f"""## The three E's

`{METRIC}` is the mean, over respondents who answered all of {", ".join(E[:-1])} and {E[-1]} in one response,
of their own three scores on 0 to 100, a third each. It cannot be sent: it is counted when the third answer is there.
A response that lacks one of the three is in none of it; nothing is stretched to fill the gap. It has no status, because
an average hides the E that fails: declare the three as measures, and the moment of truth is the worst of them.

A journey's page has the three beside one another, for each step, each stage and the whole: `experience`, over 28 days.
Where nobody answered all three, its index is of their three means and marked `independent`; the interval then takes
them for answers of different people, and `n` is that of the E that was answered least
(`shared/metrics/independent.py`).
"""

PEAK_END = """## Peak and end

A customer's run through a journey is remembered by its most extreme moment and by its last: their mean on 0 to 100 is
`peak_end` of the run on the customer's page, with the mean of all moments and the other ways of weighing beside it. An
answer is a moment; of several in one response the one that tells most of how it felt. Moments of truth weigh twice when
the peak is looked for; of two that are as far from 50 the bad one is it, then the later. While the run goes on it is
`provisional`; it is of `decision_grade` when the run has ended with two moments, and half of the moments of truth that
were reached were scored. `shared/metrics/peak_end.py`
"""

CUSTOM = """## Custom metrics

Any other name in an answer is a metric of your own: its figure is the mean in points of its scale. Scores may be real
numbers and are stored to the nearest hundredth. A `scale` of `[low, high]` is optional; each scale is a series of its
own. A custom metric has no status.
"""


def page() -> str:
    """The whole page, ending in a newline."""
    return "\n".join((OPENING, _metrics(), _scales(), THREE_E, PEAK_END, CUSTOM, _durations(), _intervals()))


def _metrics() -> str:
    rows = ((f"`{m.name}`", m.meaning, m.headline, RANGES[m.unit], m.good, _stored(m)) for m in METRICS.values())
    return "## What is measured\n\n" + table(("metric", "asks", "figure", "unit", "good", "value counted"), rows)


def _stored(metric: Metric) -> str:
    return {
        "answer": "the answer",
        "promise": "1 kept, 0 missed",
        "duration": "key of the sketch",
        "index": f"a respondent's index in {STEPS}ths",
    }[metric.kind]


def _scales() -> str:
    opening = """## Scales of answers

An answer without a `scale` is on the usual one. A score outside its scale, or between the values of it, is refused, and
so is a scale that is not listed. Answers on different scales are never added up.

"""
    columns = ("metric", "scale", "called", "favourable", "unfavourable", "good end", "figure")
    return opening + table(columns, (_scale(scale) for scale in SCALES.values()))


def _scale(scale: Scale) -> tuple[str, ...]:
    ends = f"`[{scale.low}, {scale.high}]`" + (", usual" if scale.usual else "")
    figure = {"net": "% favourable − % unfavourable", "share": "% favourable", "mean": "mean"}[scale.headline]
    values = (_values(scale.favourable), _values(scale.unfavourable))
    return f"`{scale.metric}`", ends, f"`{scale.scale_id}`", *values, scale.good, figure


def _values(values: range) -> str:
    first, last = (str(end).replace("-", "−") for end in (values[0], values[-1]))
    return first if first == last else f"{first} to {last}"


def _durations() -> str:
    least = ", ".join(f"{fewest_for_upper_limit(percent)} for {stat}" for stat, percent in STATS.items())
    ours = ", ".join(f"{_first_upper(percent)} for {stat}" for stat, percent in STATS.items())
    return f"""## Durations

`stat` is a percentile from p1 to p99, usually {", ".join(STATS)}; without one it is {next(iter(STATS))}.
Durations are counted in logarithmic buckets of milliseconds (DDSketch), so a percentile is within {100 * ALPHA:g} % of
the true one. Zero has a bucket of its own, key {ZERO_KEY}.

Few durations cannot bound a high percentile. `high` is null below these numbers of durations:
{ours}; by no method is there an upper limit with 95 % confidence below
{least}.
"""


def _first_upper(percent: int) -> int:
    return next(n for n in count(1) if rank_interval(n, percent)[1] is not None)


def _intervals() -> str:
    opening = "## Intervals\n\n`low` and `high` are two-sided 95 % limits in the unit of the figure.\n\n"
    return opening + table(("figure", "interval", "formula"), INTERVALS)


if __name__ == "__main__":
    raise SystemExit(main(page, MODULE, "docs/metrics.md"))
