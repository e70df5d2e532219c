"""A customer's page: persona and treatment, runs through journeys, promises, timeline."""

from datetime import datetime

import msgspec

from services.insights.domain import cursor, shapes
from services.insights.domain.place import programme_at
from services.insights.domain.reasons import why
from services.insights.domain.record import Customer, Happened, Promised
from services.insights.domain.runs import instances
from services.insights.domain.summary import summary
from shared.programme.history import History
from shared.programme.model import Persona, Programme


def page(subject: str, customer: Customer, history: History, *, limit: int, now: datetime) -> shapes.Customer:
    """All that is known of a customer, with `limit` items of the timeline."""
    known, programme = customer.known, programme_at(history, now)
    reasons = why(known, history)
    persona = next((one for one in programme.personas if one.persona == known.persona), None)
    return shapes.Customer(
        subject=subject,
        identifiers=sorted(known.identifiers),
        persona=known.persona,
        persona_name=persona.name if persona else None,
        since=known.since,
        confidence=reasons.confidence,
        reasons=reasons.reasons,
        treatment=None if known.treatment_skipped else _treatment(persona),
        treatment_skipped=known.treatment_skipped,
        instances=instances(customer, history, now),
        promises=[_promise(promised, programme) for promised in customer.promises],
        timeline=_timeline(customer.timeline, limit),
    )


def _treatment(persona: Persona | None) -> shapes.Treatment | None:
    found = persona.treatment if persona else None
    if found is None:
        return None
    return shapes.Treatment(strategy=found.strategy, do=list(found.do), avoid=list(found.avoid))


def _promise(promised: Promised, programme: Programme) -> shapes.Promise:
    return shapes.Promise(
        journey=promised.journey,
        instance=promised.instance,
        touchpoint=promised.touchpoint,
        says=_says(promised, programme),
        due_at=promised.due_at,
        state=msgspec.convert(promised.state, shapes.PromiseState),
        decided_at=promised.decided_at,
    )


def _says(promised: Promised, programme: Programme) -> str | None:
    journey = programme.journey(promised.journey)
    for touchpoint in journey.touchpoints if journey else ():
        if touchpoint.touchpoint == promised.touchpoint and touchpoint.promise:
            return touchpoint.promise.says
    return None


def _timeline(rows: list[Happened], limit: int) -> shapes.Timeline:
    shown = rows[:limit]
    return shapes.Timeline(
        items=[
            shapes.TimelineItem(
                id=row.id,
                source=row.source,
                type=row.type,
                time=row.time,
                touchpoint=row.touchpoint,
                summary=summary(row.type, row.event),
            )
            for row in shown
        ],
        next=cursor.write(cursor.Place(shown[-1].time, shown[-1].position)) if len(rows) > limit else None,
    )
