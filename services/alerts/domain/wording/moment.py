"""A moment of truth is red, has become worse, is red no more."""

from collections.abc import Iterator

from services.alerts.domain.letter import Recovered, Red, Worse
from services.alerts.domain.wording.card import Card, Fact, Sign
from services.alerts.domain.wording.instants import instant, span
from services.alerts.domain.wording.measure import figures, same, since_told, then_and_now, why_red
from services.alerts.domain.wording.text import one_line
from shared.events.told.moment import MeasureDecided, MomentDecided, Status

_PEOPLE = {"customer": "customers", "employee": "employees", "partner": "partners"}
_SIGNS: dict[Status, Sign] = {"red": "red", "yellow": "yellow", "green": "green", "unknown": "unknown"}


def red(letter: Red) -> Card:
    """The first message of an episode, and the living one as long as it is red."""
    moment = letter.moment
    deciding = deciding_measure(moment)
    lines = [*_why(moment, deciding), *_reservations(moment)]
    return Card(
        sign="red",
        subject=subject(moment),
        headline=f"{one_line(moment.touchpoint_name)} is red",
        lines=tuple(lines),
        facts=(*_whose(letter), Fact("Red since", instant(letter.opened_at, letter.zone)), *figures(deciding)),
        links=letter.links,
        foot=foot(moment, letter.zone),
    )


def worse(letter: Worse) -> Card:
    """The same moment against what its owner was told last: what is red by now comes first, with its figures."""
    moment, told = letter.moment, instant(letter.told.decided_at, letter.zone)
    reds = _newly_red(moment, letter.told)
    news = reds[0] if reds else deciding_measure(moment)
    lines = [f"Now also red: {why_red(measure, counted=True)}" for measure in reds]
    lines += [*_since_told(moment, letter.told, told), *_reservations(moment)]
    return Card(
        sign="red",
        subject=subject(moment),
        headline=f"{one_line(moment.touchpoint_name)} has become worse",
        lines=tuple(lines),
        facts=(*_whose(letter), Fact("Red since", instant(letter.opened_at, letter.zone)), *figures(news)),
        links=letter.links,
        foot=foot(moment, letter.zone),
    )


def recovered(letter: Recovered) -> Card:
    """How long it was red, and what has become of each measure that turned red in this spell."""
    moment, opened, turned = letter.moment, letter.opened, letter.turned
    lasted = f"It was red for {span(letter.closed_at - letter.opened_at)}."
    return Card(
        sign=_SIGNS[moment.status],
        subject=subject(opened),
        headline=f"{one_line(opened.touchpoint_name)} {_is_now(moment)}",
        lines=(lasted, *(then_and_now(then, moment) for then in turned), *_reservations(moment)),
        facts=(
            *_whose(letter),
            Fact("Red from", instant(letter.opened_at, letter.zone)),
            Fact("Red until", instant(letter.closed_at, letter.zone)),
            *figures(same(turned[0], moment) if turned else deciding_measure(moment)),
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


def _why(moment: MomentDecided, deciding: MeasureDecided | None) -> Iterator[str]:
    """Each red measure, the deciding one first."""
    if deciding is not None:
        yield why_red(deciding)
    for measure in moment.measures:
        if measure is not deciding and measure.status == "red":
            yield f"Also red: {why_red(measure, counted=True)}"


def _newly_red(moment: MomentDecided, told: MomentDecided) -> list[MeasureDecided]:
    """What is red and was not when its owner was told: the news, the deciding one first."""
    deciding = deciding_measure(moment)
    reds = [measure for measure in moment.measures if measure.status == "red" and not _was_red(measure, told)]
    return sorted(reds, key=lambda measure: measure is not deciding)


def _was_red(measure: MeasureDecided, told: MomentDecided) -> bool:
    then = same(measure, told)
    return then is not None and then.status == "red"


def _since_told(moment: MomentDecided, told: MomentDecided, when: str) -> Iterator[str]:
    """What was told already and has other figures by now."""
    for measure in moment.measures:
        then = same(measure, told)
        if measure.status == "red" and then is not None and then.status == "red" and then.figure != measure.figure:
            yield since_told(measure, then, when)


def _is_now(moment: MomentDecided) -> str:
    if moment.removed:
        return "is on the map no more"
    if moment.remapped:
        return "is judged anew: its map has a new version"
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
    yield Fact("Owner", one_line(letter.owner or letter.to))
