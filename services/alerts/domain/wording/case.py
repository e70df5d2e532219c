"""One customer needs help now."""

from collections.abc import Iterator

from services.alerts.domain.letter import Case
from services.alerts.domain.wording.card import Card, Fact
from services.alerts.domain.wording.figures import digits, metric_name
from services.alerts.domain.wording.instants import instant, span
from services.alerts.domain.wording.text import clean, one_line
from shared.events.told.case import CaseOpened
from shared.programme.durations import written


def case(letter: Case) -> Card:
    """Who it is, what happened, how such customers are to be treated, and until when."""
    opened = letter.case
    return Card(
        sign="case",
        subject=_subject(opened),
        headline=f"{_capital(one_line(opened.rule))}: {one_line(opened.customer)} needs an answer",
        lines=(_happened(letter), *_within(letter)),
        facts=tuple(_facts(letter)),
        verbatim=clean(opened.comment) or None if opened.comment else None,
        links=letter.links,
        foot=f"Case {opened.case}, rule “{one_line(opened.rule)}”, programme version {opened.programme}",
    )


def _subject(opened: CaseOpened) -> str:
    """Without the customer: subjects are shown on locked screens. With a part of the case's id: mail programs take what
    has the same subject for one conversation."""
    where = opened.touchpoint_name or opened.touchpoint or opened.journey_name or opened.journey
    return " · ".join(one_line(part) for part in (f"Case {opened.case[:6]}: {opened.rule}", where) if part)


def _happened(letter: Case) -> str:
    opened, at = letter.case, instant(letter.case.happened_at, letter.zone)
    if opened.score is not None and opened.metric is not None:
        scale = ""
        if opened.scale_low is not None and opened.scale_high is not None:
            scale = f" on a scale from {digits(opened.scale_low)} to {digits(opened.scale_high)}"
        return f"Answered {digits(opened.score)}{scale} ({metric_name(opened.metric)}) on {at}."
    promised = f" “{one_line(opened.promise)}”" if opened.promise else ""
    due = f", due {instant(opened.due_at, letter.zone)}," if opened.due_at else ""
    return f"Our promise{promised}{due} has passed unkept: the customer is waiting."


def _within(letter: Case) -> Iterator[str]:
    opened = letter.case
    if opened.reply_within is None:
        return
    within = written(opened.reply_within, business=True) if opened.business else span(opened.reply_within)
    by = f", by {instant(letter.reply_by, letter.zone)}" if letter.reply_by else ""
    yield f"Reply within {within}{by}."


def _facts(letter: Case) -> Iterator[Fact]:
    opened, treatment = letter.case, letter.case.treatment
    yield Fact("Customer", one_line(opened.customer))
    yield Fact("Persona", one_line(opened.persona))
    if treatment is not None:
        yield Fact("Treatment", one_line(treatment.strategy))
        if treatment.do:
            yield Fact("Do", ", ".join(map(one_line, treatment.do)))
        if treatment.avoid:
            yield Fact("Avoid", ", ".join(map(one_line, treatment.avoid)))
    if where := opened.touchpoint_name or opened.touchpoint:
        yield Fact("Where", one_line(where))
    if journey := opened.journey_name or opened.journey:
        yield Fact("Journey", one_line(journey))
    if opened.instance:
        yield Fact("Which one", one_line(opened.instance))
    yield Fact("Owner", one_line(letter.to))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
