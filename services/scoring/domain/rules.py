"""One version of the programme, compiled for folding: who matches, what opens, keeps and closes."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple
from zlib import crc32
from zoneinfo import ZoneInfo

import msgspec

from services.scoring.domain.case_rules import CaseRules
from services.scoring.domain.eras import FIRST, Era
from services.scoring.domain.response import further
from services.scoring.domain.steady import steady
from shared.events.model import FEEDBACK, Feedback, Interaction, Outcome
from shared.events.promised import promised_instant
from shared.events.told.persona import Treatment
from shared.programme.match import Matcher
from shared.programme.model import Journey, Persona, Programme
from shared.programme.weigh.weighing import Weighing

UNASSIGNED = "unassigned"
NOBODY = "none"


class PromiseRule(NamedTuple):
    """A promise of a touchpoint, as the fold needs it. `due` is a field of the opening event's data, `by` the field
    that tells instances of the promise's journey apart, `perspective` whose journey that is, None for a customer's."""

    journey: str
    major: int
    touchpoint: str
    opened_by: str
    kept_by: str
    due: str
    grace: timedelta
    by: str
    perspective: str | None


class Spot(NamedTuple):
    """All that the programme says of an event, its instance's number excepted.

    `journey` may be known without a touchpoint. `by` is the field of data that tells instances apart. `closes` and
    `abandons`: the event ends its instance so. `opens` and `keeps` are promises, also of a journey it does not match.
    """

    journey: str | None = None
    major: int = 0
    touchpoint: str | None = None
    by: str = "instance"
    closes: bool = False
    abandons: bool = False
    opens: tuple[PromiseRule, ...] = ()
    keeps: tuple[PromiseRule, ...] = ()


NOWHERE = Spot()
_MOST_SPOTS = 20_000  # senders choose actions and names: what is remembered of them has an end


class Rules:
    """Lookups by action, so that an event costs a few dictionary reads.

    `treatments` are what is told of each persona's, `cautious` those that need confidence.
    `asked` are the fields that decide where feedback belongs, those excepted that are kept of every response. `prompt`:
    a promise is settled with the event that speaks of it, since a persona or a case may hang on it; else once a batch.
    """

    def __init__(self, version: int, programme: Programme, era: Era = FIRST) -> None:
        self.version = version
        self.era = era
        self.settle = timedelta(seconds=programme.settle)
        self.zone = ZoneInfo(programme.timezone)
        self.default_persona = next((p.persona for p in programme.personas if p.default), UNASSIGNED)
        self.weighing = Weighing(programme.personas)
        self.steady = steady(self.weighing.weighed)
        self.persona_names = {persona.persona: persona.name for persona in programme.personas}
        self.treatments = {persona.persona: _treatment(persona) for persona in programme.personas}
        self.treated = {persona.persona: _treated(persona) for persona in programme.personas}
        self.cautious = {
            p.persona: p.treatment for p in programme.personas if p.treatment and p.treatment.needs_confidence
        }
        self.cases = CaseRules(programme)
        self.prompt = bool(self.cases.on_promises) or "promise.missed" in self.weighing.features
        self._matcher = Matcher(programme)
        self._journeys = {journey.journey: journey for journey in programme.journeys}
        self._promises = [promise for journey in programme.journeys for promise in _promises(journey)]
        self._spots: dict[tuple[str | None, ...], Spot] = {}
        asked = self._matcher.fields_for(FEEDBACK) | {journey.instance.by for journey in programme.journeys}
        self.asked = further(asked)

    def spot(self, kind: str, data: Interaction | Feedback | Outcome, raw: bytes) -> Spot:
        """What the programme says of an event of type `kind`. Remembered where the map looks at nothing but names."""
        action = data.action if data.__class__ is Interaction else None
        touchpoint = None if data.__class__ is Outcome else data.touchpoint  # type: ignore[union-attr]
        key = (kind, action, data.journey, touchpoint)
        found = self._spots.get(key)
        if found is None:
            found = self._spot(kind, action, touchpoint, data, raw)
            if len(self._spots) < _MOST_SPOTS and self._matcher.by_names_alone(kind, action, data.journey, touchpoint):
                self._spots[key] = found
        return found

    def _spot(
        self, kind: str, action: str | None, touchpoint: str | None, data: Interaction | Feedback | Outcome, raw: bytes
    ) -> Spot:
        matched = self._matcher.match(kind, data, data.journey, touchpoint, raw)
        name = matched.journey if matched else data.journey if data.journey in self._journeys else None
        asked = data.journey or name
        concerned = [rule for rule in self._promises if asked in (None, rule.journey)]
        opens = tuple(r for r in concerned if action is not None and r.opened_by == action)
        keeps = tuple(r for r in concerned if action is not None and r.kept_by == action)
        if name is None:
            return Spot(opens=opens, keeps=keeps)
        journey = self._journeys[name]
        rule = journey.instance
        return Spot(
            name,
            journey.major,
            matched.touchpoint if matched else None,
            rule.by,
            action in rule.closes_on,
            action in rule.abandons_on,
            opens,
            keeps,
        )

    def due_at(self, text: str) -> datetime | None:
        """The instant of a promised date or time, in this programme's zone."""
        return promised_instant(text, self.zone)


def _treatment(persona: Persona) -> Treatment | None:
    known = persona.treatment
    return None if known is None else Treatment(strategy=known.strategy, do=known.do, avoid=known.avoid)


def _treated(persona: Persona) -> int:
    """A number for what customers of a persona are told to be treated by, to notice when it changes; never 0."""
    return crc32(msgspec.json.encode((persona.name, _treatment(persona)))) or 1


def _promises(journey: Journey) -> Iterator[PromiseRule]:
    for touchpoint in journey.touchpoints:
        promise = touchpoint.promise
        if promise is not None:
            yield PromiseRule(
                journey.journey,
                journey.major,
                touchpoint.touchpoint,
                promise.opened_by,
                promise.kept_by,
                promise.due,
                timedelta(seconds=promise.grace),
                journey.instance.by,
                None if journey.perspective == "customer" else journey.perspective,
            )
