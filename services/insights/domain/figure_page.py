"""One figure, or a series of them, as it is shown."""

from collections.abc import Sequence

from services.insights.domain import shapes
from services.insights.domain.asked import Window
from services.insights.domain.estimate import figure, together
from services.insights.domain.place import Place
from services.insights.domain.series import Series
from services.insights.domain.wanted import declared, scale_id_of
from services.insights.domain.written import window_written
from shared.metrics.most_answered import ByScale, most_answered
from shared.metrics.span import beginning_of
from shared.programme.model import Measure


def declared_as(place: Place, series: Series, stat: str | None, window: Window) -> Measure | None:
    """The map's measure that is asked for, if it is one of them."""
    return next((one for one in declared(place.touchpoint) if _is(one, place, series, stat, window)), None)


def measure(
    known: Measure | None, series: Series, stat: str | None, window: Window, by_scale: ByScale
) -> shapes.Measure:
    """The figure of a window, with the thresholds of `known`, the map's measure, if it is that one.

    On the scale that is asked for; else on that of the map's measure, because thresholds mean nothing on another.
    """
    scale_id = series.scale_id or (scale_id_of(known) if known else None)
    value, low, high, n = figure(series.metric, stat, scale_id, by_scale)
    return shapes.Measure(
        metric=series.metric,
        stat=stat,
        value=value,
        low=low,
        high=high,
        n=n,
        window=window_written(window.seconds),
        red_below=known.red_below if known else None,
        yellow_below=known.yellow_below if known else None,
        red_above=known.red_above if known else None,
        yellow_above=known.yellow_above if known else None,
    )


def series(asked: Series, stat: str | None, edges: Sequence[int], counted: Sequence[ByScale]) -> shapes.Series:
    """The figure of each step in which something was given, all on the scale that most answers were given on."""
    scale_id = asked.scale_id or most_answered(asked.metric, together(counted))
    figures = [figure(asked.metric, stat, scale_id, by_scale) for by_scale in counted]
    return shapes.Series(
        points=[
            shapes.Point(
                from_at=beginning_of(first),
                to_at=beginning_of(until),
                value=found.value,
                low=found.low,
                high=found.high,
                n=found.n,
            )
            for first, until, found in zip(edges, edges[1:], figures, strict=False)
            if found.value is not None
        ]
    )


def _is(declared: Measure, place: Place, asked: Series, stat: str | None, window: Window) -> bool:
    """Whether the figure is of what the measure is declared for: all whose journey it is, its window, its scale."""
    everybody = asked.perspective == place.perspective and asked.persona is None and asked.channel is None
    same = (declared.metric, declared.stat, declared.window) == (asked.metric, stat, window.seconds)
    return everybody and same and asked.scale_id in (None, scale_id_of(declared))
