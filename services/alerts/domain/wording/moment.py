"""A moment of truth is red, has become worse, is red no more."""

from collections.abc import Iterator

from services.alerts.domain.letter import Recovered, Red, Worse
from services.alerts.domain.wording.card import Card, Fact, Sign
from services.alerts.domain.wording.figures import figure, measure_name, plain, red_at, threshold, thresholds, value
from services.alerts.domain.wording.instants import instant, span, window
from services.alerts.domain.wording.text import one_line
from shared.events.told.moment import MeasureDecided, MomentDecided, Split, Status

_PEOPLE = {"customer": "customers", "employee": "employees", "partner": "partners"}
_SIGNS: dict[Status, Sign] = {"red": "red", "yellow": "yellow", "green": "green", "unknown": "unknown"}


def red(letter: Red) -> Card:
    """The first message of an episode, and the living one as long as it is red."""
    moment = letter.moment
    deciding = deciding_measure(moment)
    lines = [*_decided(deciding), *_also(moment, deciding), *_reservations(moment)]
    return Card(
        sign="red",
        subject=subject(moment),
        headline=f"{one_line(moment.touchpoint_name)} is red",
        lines=tuple(lines),
        facts=(*_whose(letter), Fact("Red since", instant(letter.opened_at, letter.zone)), *_figures(deciding)),
        links=letter.links,
        foot=foot(moment, letter.zone),
    )


def worse(letter: Worse) -> Card:
    """The same moment against what its owner was told last."""
    moment = letter.moment
    deciding = deciding_measure(moment)
    told = instant(letter.told.decided_at, letter.zone)
    lines = [*_since_told(moment, letter.told, told), *_reservations(moment)]
    return Card(
        sign="red",
        subject=subject(moment),
        headline=f"{one_line(moment.touchpoint_name)} has become worse",
        lines=tuple(lines),
        facts=(*_whose(letter), Fact("Red since", instant(letter.opened_at, letter.zone)), *_figures(deciding)),
        links=letter.links,
        foot=foot(moment, letter.zone),
    )


def recovered(letter: Recovered) -> Card:
    """How long it was red, and what it is now."""
    moment, opened = letter.moment, letter.opened
    red_then = [measure for measure in opened.measures if measure.status == "red"]
    lasted = f"It was red for {span(letter.closed_at - letter.opened_at)}."
    return Card(
        sign=_SIGNS[moment.status],
        subject=subject(opened),
        headline=f"{one_line(opened.touchpoint_name)} {_is_now(moment)}",
        lines=(lasted, *(_then_and_now(then, moment) for then in red_then), *_reservations(moment)),
        facts=(
            *_whose(letter),
            Fact("Red from", instant(letter.opened_at, letter.zone)),
            Fact("Red until", instant(letter.closed_at, letter.zone)),
            *_figures(_same(red_then[0], moment) if red_then else deciding_measure(moment)),
        ),
        links=letter.links,
        foot=foot(moment, letter.zone),
    )


def subject(moment: MomentDecided) -> str:
    """The same in every message of the episode, for mail programs that thread by it."""
    return f"Red: {one_line(moment.touchpoint_name)} · {one_line(moment.journey_name)}"


def deciding_measure(moment: MomentDecided) -> MeasureDecided | None:
    """The measure that the status is the status of."""
    if moment.deciding is None or moment.deciding >= len(moment.measures):
        return None
    return moment.measures[moment.deciding]


def foot(moment: MomentDecided, zone: str) -> str:
    """Where the decision comes from."""
    return f"Decided {instant(moment.decided_at, zone)} by rule {moment.rule}, programme version {moment.programme}"


def _decided(measure: MeasureDecided | None) -> Iterator[str]:
    if measure is not None:
        yield f"{_now(measure)} in the last {window(measure.window)}: {red_at(measure)}."


def _now(measure: MeasureDecided) -> str:
    if measure.figure.value is None:
        return f"{measure_name(measure)} has no value"
    return f"{measure_name(measure)} is {value(measure.metric, measure.figure.value, beside=threshold(measure))}"


def _also(moment: MomentDecided, deciding: MeasureDecided | None) -> Iterator[str]:
    for measure in moment.measures:
        if measure is not deciding and measure.status == "red":
            yield f"Also red: {_now(measure)} (n = {measure.figure.n:,}), {red_at(measure)}."


def _since_told(moment: MomentDecided, told: MomentDecided, when: str) -> Iterator[str]:
    """Each red measure beside what was told of it, the deciding one first."""
    deciding = deciding_measure(moment)
    for measure in sorted(moment.measures, key=lambda m: m is not deciding):
        if measure.status != "red":
            continue
        then = _same(measure, told)
        if then is None or then.status != "red" or then.figure.value is None:
            yield f"Now also red: {_now(measure)} (n = {measure.figure.n:,}), {red_at(measure)}."
        elif then.figure != measure.figure:
            yield f"{_now(measure)}; it was {value(measure.metric, then.figure.value)} when you were told on {when}."


def _then_and_now(then: MeasureDecided, moment: MomentDecided) -> str:
    now = _same(then, moment)
    was = "" if then.figure.value is None else f"{value(then.metric, then.figure.value, beside=threshold(then))}"
    if now is None or moment.removed:
        return f"{measure_name(then)} was {was or 'without a value'} when it turned red; it is measured here no more."
    return f"{_now(now)}; it was {was or 'without a value'} when it turned red ({red_at(then)})."


def _same(measure: MeasureDecided, moment: MomentDecided) -> MeasureDecided | None:
    key = (measure.metric, measure.stat, measure.window)
    return next((m for m in moment.measures if (m.metric, m.stat, m.window) == key), None)


def _is_now(moment: MomentDecided) -> str:
    if moment.removed:
        return "is on the map no more"
    match moment.status:
        case "green":
            return "is green again"
        case "unknown":
            return "is red no more: too little has come to judge it"
        case status:
            return f"is red no more, it is {status}"


def _reservations(moment: MomentDecided) -> Iterator[str]:
    if moment.initial and moment.status == "red":
        yield "This is the first decision about it: it may have been red for longer."
    if moment.incomplete:
        yield "Decided while events were still waiting to be counted: the figures may be incomplete."


def _whose(letter: Red | Worse | Recovered) -> Iterator[Fact]:
    moment = letter.moment
    yield Fact("Journey", one_line(moment.journey_name))
    yield Fact("For", _PEOPLE.get(moment.perspective, moment.perspective))
    yield Fact("Owner", one_line(letter.to))


def _figures(measure: MeasureDecided | None) -> Iterator[Fact]:
    if measure is None:
        return
    metric, length = measure.metric, window(measure.window)
    yield Fact(f"{measure_name(measure)}, last {length}", figure(metric, measure.figure, beside=threshold(measure)))
    yield Fact("Threshold", thresholds(measure))
    if measure.before is not None:
        yield Fact(f"The {length} before", plain(metric, measure.before))
    yield from _moved("Persona", metric, measure.persona)
    yield from _moved("Channel", metric, measure.channel)
    if measure.short is not None and measure.short_window:
        yield Fact(f"Last {window(measure.short_window)} alone", plain(metric, measure.short))


def _moved(what: str, metric: str, split: Split | None) -> Iterator[Fact]:
    if split is not None:
        said = f"{one_line(split.name)}: {plain(metric, split.now)}, before {plain(metric, split.before)}"
        yield Fact(f"{what} that moved most", said)
