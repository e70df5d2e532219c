"""How a figure is written for people: rounded, with its unit, its interval and its n."""

from typing import Any

from shared.metrics.known import metric_named

_SIGNS = {"percent": " %", "seconds": " s"}


def value(metric: str, number: float | None) -> str:
    """`76.6 %`, `+12`, `240 s`; a dash where there is none."""
    if number is None:
        return "–"
    unit = metric_named(metric).unit
    if unit == "points":
        return f"{number:+.0f}".replace("-", "−")
    return f"{number:.{0 if unit == 'seconds' else 1}f}{_SIGNS.get(unit, '')}"


def interval(metric: str, low: float | None, high: float | None) -> str:
    """`71.9 to 80.7`, without its unit; empty where there is none."""
    if low is None or high is None:
        return ""
    return f"{value(metric, low)} to {value(metric, high)}".replace(" %", "").replace(" s", "")


def name(measure: dict[str, Any]) -> str:
    """The metric, with its percentile where it has one."""
    stat = measure["stat"]
    return f"{measure['metric']} {stat}" if stat and stat[1:].isdecimal() else str(measure["metric"])
