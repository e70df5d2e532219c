"""Measures in sentences and in facts: why one is red, what it was when somebody was told, what it is now."""

from collections.abc import Iterator

from services.alerts.domain.episode import measure_key
from services.alerts.domain.wording.card import Fact
from services.alerts.domain.wording.figures import figure, measure_name, plain, red_at, threshold, thresholds, value
from services.alerts.domain.wording.instants import window
from services.alerts.domain.wording.text import one_line
from shared.events.told.moment import Figure, MeasureDecided, MomentDecided, Split


def why_red(measure: MeasureDecided, *, counted: bool = False) -> str:
    """`Promise kept is 78.4 % in the last 24 h: red below 85 %.`; `counted` says of how many.

    Rule S1 takes its proof from the long window or from the short one, and keeps red until it is clearly better: the
    sentence names the window that is beyond the threshold, and never a value beside a threshold that it does not cross.
    """
    found, seconds = _telling(measure)
    of = f" (n = {found.n:,})" if counted or seconds != measure.window else ""
    said = f"{_is(measure, found)} in the last {window(seconds)}{of}"
    if seconds != measure.window:
        return f"{said}: {red_at(measure)}. Over the last {window(measure.window)} it is {_value(measure)}."
    if found.value is None or _beyond(measure, found.value):
        return f"{said}: {red_at(measure)}."
    return f"{said}: it turned {red_at(measure)}, and stays so until it is clearly better for a while."


def since_told(measure: MeasureDecided, then: MeasureDecided, when: str) -> str:
    """What it is, beside what its owner was told on `when`."""
    now = f"{_is(measure, measure.figure)} in the last {window(measure.window)}"
    was = value(measure.metric, then.figure.value) if then.figure.value is not None else "without a value"
    return f"{now}; it was {was} when you were told on {when}."


def then_and_now(then: MeasureDecided, moment: MomentDecided) -> str:
    """What it is in `moment`, beside what it was when it turned red."""
    found, seconds = _telling(then)
    was = "without a value" if found.value is None else value(then.metric, found.value, beside=threshold(then))
    within = f" in the last {window(seconds)}" if seconds != then.window else ""
    now = same(then, moment)
    if moment.remapped:
        return f"{measure_name(then)} was {was}{within} when it turned red; by the new map all is counted anew."
    if now is None or moment.removed:
        return f"{measure_name(then)} was {was}{within} when it turned red; it is measured here no more."
    return f"{_is(now, now.figure)}; it was {was}{within} when it turned red ({red_at(then)})."


def same(measure: MeasureDecided, moment: MomentDecided) -> MeasureDecided | None:
    """The measure as it is in `moment`."""
    return next((one for one in moment.measures if measure_key(one) == measure_key(measure)), None)


def figures(measure: MeasureDecided | None) -> Iterator[Fact]:
    """Its facts, the weightiest first."""
    if measure is None:
        return
    metric, length = measure.metric, window(measure.window)
    yield from _windows(measure)
    yield Fact("Threshold", thresholds(measure))
    if measure.before is not None:
        yield Fact(f"The {length} before", plain(metric, measure.before))
    yield from _moved("Persona", metric, measure.persona)
    yield from _moved("Channel", metric, measure.channel)
    if measure.short is not None and measure.short_window and not _by_the_short_one(measure):
        yield Fact(f"Last {window(measure.short_window)} alone", plain(metric, measure.short))


def _windows(measure: MeasureDecided) -> Iterator[Fact]:
    """With their intervals: the short window where it is the one that proves, and the long one."""
    metric, beside = measure.metric, threshold(measure)
    if measure.short is not None and measure.short_window and _by_the_short_one(measure):
        name = f"{measure_name(measure)}, last {window(measure.short_window)}"
        yield Fact(name, figure(metric, measure.short, beside=beside))
    yield Fact(f"{measure_name(measure)}, last {window(measure.window)}", figure(metric, measure.figure, beside=beside))


def _telling(measure: MeasureDecided) -> tuple[Figure, int]:
    """The figure that says why it is red, and its window in seconds."""
    if measure.short is not None and measure.short_window and _by_the_short_one(measure):
        return measure.short, measure.short_window
    return measure.figure, measure.window


def _by_the_short_one(measure: MeasureDecided) -> bool:
    """Whether the short window proves it and the long one does not: its value is not beyond the threshold."""
    if measure.status != "red" or measure.short is None or measure.short.value is None:
        return False
    if measure.figure.value is None or _beyond(measure, measure.figure.value):
        return False
    bound = measure.upper if measure.red_below is not None else measure.lower
    return bound is not None and _beyond(measure, bound)


def _beyond(measure: MeasureDecided, number: float) -> bool:
    if measure.red_below is not None:
        return number < measure.red_below
    return measure.red_above is not None and number > measure.red_above


def _is(measure: MeasureDecided, found: Figure) -> str:
    if found.value is None:
        return f"{measure_name(measure)} has no value"
    return f"{measure_name(measure)} is {value(measure.metric, found.value, beside=threshold(measure))}"


def _value(measure: MeasureDecided) -> str:
    assert measure.figure.value is not None
    return value(measure.metric, measure.figure.value, beside=threshold(measure))


def _moved(what: str, metric: str, split: Split | None) -> Iterator[Fact]:
    if split is not None:
        said = f"{one_line(split.name)}: {plain(metric, split.now)}, before {plain(metric, split.before)}"
        yield Fact(f"{what} that moved most", said)
