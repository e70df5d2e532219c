"""Reads the measures of a moment of truth, whose thresholds must fit what the metric counts."""

import re
from collections.abc import Callable

from shared.metrics.known import MEASURABLE, METRICS, Metric
from shared.metrics.scales import ScaleError, scale_of
from shared.metrics.three_e import METRIC as THREE_E
from shared.metrics.three_e import E
from shared.programme.faults import nearest
from shared.programme.model import Dwell, Measure
from shared.programme.reading import Fields, Spot, Wrong
from shared.programme.values import duration, number, scale, text, whole

SHORTEST_WINDOW = 900  # the quarter-hours in which everything is counted

_percentile = re.compile(r"p([1-9]\d?)", re.ASCII)


def measure(spot: Spot) -> Measure:
    """A metric over a window with its thresholds."""
    with spot.fields() as fields:
        metric = fields.need("metric", _metric)
        kind = METRICS.get(metric or "")
        window = fields.need("window", duration(SHORTEST_WINDOW))
        red_below, yellow_below = _thresholds(fields, kind, "below")
        red_above, yellow_above = _thresholds(fields, kind, "above")
        return Measure(
            metric=metric,
            stat=fields.get("stat", _stat(kind), "p50" if kind and kind.kind == "duration" else None),
            scale=fields.get("scale", scale_for(metric), None),
            window=window,
            short=fields.get("short", _short(window), None),
            margin=fields.get("margin", number(0), None),
            tick=fields.get("tick", duration(1), None),
            dwell=fields.get("dwell", _dwell, Dwell()),
            at_least=fields.get("at_least", whole(1), 30),
            red_below=red_below,
            yellow_below=yellow_below,
            red_above=red_above,
            yellow_above=yellow_above,
        )


def _metric(spot: Spot) -> str:
    if text(spot) == THREE_E:
        raise Wrong(f"{', '.join(E)}, each as a measure of its own: an average hides the one that fails")
    if spot.raw not in MEASURABLE:
        own = "; a metric of your own has a mean and no status"
        raise Wrong(f"one of {', '.join(MEASURABLE)}{nearest(spot.raw, MEASURABLE)}{own}")
    return spot.raw


def _thresholds(fields: Fields, metric: Metric | None, side: str) -> tuple[float | None, float | None]:
    """Red and yellow of the side that the metric has; on the other side either key is a fault."""
    red, yellow = f"red_{side}", f"yellow_{side}"
    right = "above" if metric and metric.good == "low" else "below"
    if metric is None or side != right:
        for key in (red, yellow):
            spot = fields.at(key)
            if spot is not None and metric is not None:
                spot.fault(f"red_{right} and yellow_{right}, because {metric.name} is good when {metric.good}", key)
        return None, None
    span = {"points": (-100.0, 100.0), "percent": (0.0, 100.0)}.get(metric.unit, (0.0, 3.2e9))
    found = fields.need(red, number(*span)), fields.need(yellow, number(*span))
    if None not in found and (found[0] >= found[1] if side == "below" else found[0] <= found[1]):
        order = f"{red} {'below' if side == 'below' else 'above'} {yellow}"
        fields.spot.fault(order, f"{red} {found[0]:g} and {yellow} {found[1]:g}")
    return found


def _stat(metric: Metric | None) -> Callable[[Spot], str]:
    def read(spot: Spot) -> str:
        if metric is not None and metric.kind != "duration":
            raise Wrong(f"no stat, because {metric.name} is no duration")
        if _percentile.fullmatch(text(spot)) is None:
            raise Wrong("a percentile from p1 to p99")
        return spot.raw

    return read


def scale_for(metric: str | None) -> Callable[[Spot], tuple[float, float]]:
    """Reads a scale on which the metric is asked."""

    def read(spot: Spot) -> tuple[float, float]:
        ends = scale(spot)
        try:
            scale_of(metric or "", ends)
        except ScaleError as error:
            raise Wrong(str(error).removeprefix("expected ")) from None
        return ends

    return read


def _short(window: int | None) -> Callable[[Spot], int]:
    def read(spot: Spot) -> int:
        found = duration(SHORTEST_WINDOW)(spot)
        if window is not None and found >= window:
            raise Wrong("a short window that is shorter than the window")
        return found

    return read


def _dwell(spot: Spot) -> Dwell:
    with spot.fields() as fields:
        return Dwell(worse=fields.get("worse", whole(1), 2), better=fields.get("better", whole(1), 3))
