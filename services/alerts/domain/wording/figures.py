"""Values for people: rounded, with their unit, and never so that a value looks equal to a threshold it is not."""

from services.alerts.domain.wording.instants import parts, span
from shared.events.told.moment import Figure, MeasureDecided
from shared.metrics.known import metric_named

_NAMES = {
    "nps": "NPS",
    "csat": "Satisfaction (CSAT)",
    "ces": "Little effort (CES)",
    "effectiveness": "Goal achieved",
    "ease": "Ease",
    "enjoyment": "Enjoyment",
    "expectation": "Better than expected",
    "preference": "Preference",
    "promise_kept": "Promise kept",
    "response_seconds": "Time to our answer",
    "wait_seconds": "Waiting time",
    "duration_seconds": "Time it takes",
}
_STATS = {"p50": "median"}


def metric_name(metric: str) -> str:
    """What people call a metric; a custom one by its own name."""
    return _NAMES.get(metric) or metric.replace("_", " ")


def measure_name(measure: MeasureDecided) -> str:
    """`Satisfaction (CSAT)`, `Waiting time (90th percentile)`."""
    if metric_named(measure.metric).kind != "duration":
        return metric_name(measure.metric)
    stat = measure.stat or "p50"
    return f"{metric_name(measure.metric)} ({_STATS.get(stat) or stat.removeprefix('p') + 'th percentile'})"


def value(metric: str, number: float, *, beside: float | None = None) -> str:
    """`78.4 %`, `−12 points`, `2 h 5 min`; with as many digits as it takes to differ from the threshold `beside`."""
    unit = metric_named(metric).unit
    if unit == "seconds":
        return _seconds(number, beside)
    return f"{digits(number, beside=beside)}{' %' if unit == 'percent' else ' points' if unit == 'points' else ''}"


def digits(number: float, *, beside: float | None = None) -> str:
    """One digit behind the point, none where it is zero; up to four where fewer would say that it is `beside`."""
    for places in (1, 2, 3, 4):
        if beside is None or number == beside or round(number, places) != round(beside, places):
            break
    shown = f"{abs(round(number, places)):.{places}f}".rstrip("0").rstrip(".")
    return f"−{shown}" if round(number, places) < 0 else shown


def figure(metric: str, found: Figure, *, beside: float | None = None) -> str:
    """`78.4 % (95 % interval 74.1–82.3 %), n = 412`."""
    if found.value is None:
        return f"no value, n = {found.n:,}"
    interval = ""
    if found.low is not None and found.high is not None:
        interval = f" (95 % interval {_range(metric, found.low, found.high)})"
    return f"{value(metric, found.value, beside=beside)}{interval}, n = {found.n:,}"


def plain(metric: str, found: Figure) -> str:
    """`93.1 % (n = 398)`."""
    if found.value is None:
        return f"no value (n = {found.n:,})"
    return f"{value(metric, found.value)} (n = {found.n:,})"


def threshold(measure: MeasureDecided) -> float | None:
    """What red begins at."""
    return measure.red_below if measure.red_below is not None else measure.red_above


def thresholds(measure: MeasureDecided) -> str:
    """`red below 85 %, yellow below 92 %`."""
    pairs = (
        ("red below", measure.red_below),
        ("yellow below", measure.yellow_below),
        ("red above", measure.red_above),
        ("yellow above", measure.yellow_above),
    )
    return ", ".join(f"{says} {value(measure.metric, at)}" for says, at in pairs if at is not None)


def red_at(measure: MeasureDecided) -> str:
    """`red below 85 %`."""
    return thresholds(measure).partition(",")[0]


def _range(metric: str, low: float, high: float) -> str:
    if metric_named(metric).unit == "seconds":
        return f"{span(low)} – {span(high)}"
    unit = value(metric, high).removeprefix(digits(high))
    joint = "–" if low >= 0 else " to "
    return f"{digits(low)}{joint}{digits(high)}{unit}"


def _seconds(number: float, beside: float | None) -> str:
    shown = span(number)
    if beside is None or number == beside or shown != span(beside):
        return shown
    whole = parts(round(number), count=4)
    return whole if whole != parts(round(beside), count=4) else f"{number:.3f} s"
