"""Draws a journey as the read API has it: stages, touchpoints, figures."""

from typing import Any

from rich.table import Table
from rich.text import Text

from cli.story import figure

DOTS = {"green": "green", "yellow": "yellow", "red": "red", "unknown": "dim"}
_BAR = 24


def journey(page: dict[str, Any]) -> Table:
    """The stages with their touchpoints, a line a figure; a touchpoint without figures has a line too."""
    table = Table(box=None, pad_edge=False, padding=(0, 1), header_style="dim")
    table.add_column(page["name"])  # the one that gives way on a narrow terminal: figures are never cut
    table.add_column("", no_wrap=True)
    for column in ("", "95 % interval", "n", "of"):
        table.add_column(column, justify="right", no_wrap=True, min_width=len(column))
    for stage in page["stages"]:
        table.add_row(Text(stage["stage"], "bold"))
        for touchpoint in stage["touchpoints"]:
            for row in _rows(touchpoint):
                table.add_row(*row)
    return table


def _rows(touchpoint: dict[str, Any]) -> list[tuple[str | Text, ...]]:
    name = Text.assemble(" ", ("● ", DOTS[touchpoint["status"]]), touchpoint["name"])
    measures = touchpoint["measures"]
    if not measures:
        return [(name,)]
    return [(name if place == 0 else "", *_figure(measure)) for place, measure in enumerate(measures)]


def _figure(measure: dict[str, Any]) -> tuple[str | Text, ...]:
    metric = measure["metric"]
    return (
        figure.name(measure),
        Text(figure.value(metric, measure["value"]), "bold"),
        figure.interval(metric, measure["low"], measure["high"]),
        f"{measure['n']:,}",
        measure["window"],
    )


def weeks(measure: dict[str, Any], points: list[dict[str, Any]]) -> Table:
    """A series of percentages as bars, coloured by the thresholds of the measure it is of."""
    metric = measure["metric"]
    table = Table(box=None, pad_edge=False, show_header=False)
    for point in points:
        full = round(point["value"] / 100 * _BAR)
        bar = Text("█" * full, _colour(measure, point["value"])).append("░" * (_BAR - full), "dim")
        between = figure.interval(metric, point["low"], point["high"])
        said = f"[bold]{figure.value(metric, point['value'])}[/]  [dim]{between}, n {point['n']:,}[/]"
        table.add_row(f"week of {point['from'][:10]}", bar, said)
    return table


def _colour(measure: dict[str, Any], value: float) -> str:
    if value < (measure["red_below"] or 0):
        return "red"
    return "yellow" if value < (measure["yellow_below"] or 0) else "green"
