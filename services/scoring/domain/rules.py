"""One version of the programme, compiled for folding: who matches, what opens, keeps and closes."""

from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from shared.events.promised import promised_instant
from shared.programme.match import Matcher
from shared.programme.model import Journey, Programme

UNASSIGNED = "unassigned"
NOBODY = "none"


class PromiseRule(NamedTuple):
    """A promise of a touchpoint, as the fold needs it. `due` is a field of the opening event's data."""

    journey: str
    major: int
    touchpoint: str
    due: str
    grace: timedelta


class InstanceRule(NamedTuple):
    """How instances of a journey are told apart and when they end."""

    major: int
    by: str
    closes_on: frozenset[str]
    abandons_on: frozenset[str]


class Rules:
    """Lookups by action, so that an event costs a few dictionary reads."""

    def __init__(self, version: int, programme: Programme) -> None:
        self.version = version
        self.matcher = Matcher(programme)
        self.zone = ZoneInfo(programme.timezone)
        self.journeys = {journey.journey: _instance_rule(journey) for journey in programme.journeys}
        self.default_persona = next((p.persona for p in programme.personas if p.default), UNASSIGNED)
        self._opens: dict[str, list[PromiseRule]] = {}
        self._keeps: dict[str, list[PromiseRule]] = {}
        for journey in programme.journeys:
            self._add_promises(journey)

    def opens(self, action: str, journey: str | None) -> list[PromiseRule]:
        """Promises that `action` opens, in `journey` if one is known."""
        return _in_journey(self._opens.get(action), journey)

    def keeps(self, action: str, journey: str | None) -> list[PromiseRule]:
        """Promises that `action` keeps, in `journey` if one is known."""
        return _in_journey(self._keeps.get(action), journey)

    def due_at(self, text: str) -> datetime | None:
        """The instant of a promised date or time, in this programme's zone."""
        return promised_instant(text, self.zone)

    def _add_promises(self, journey: Journey) -> None:
        for touchpoint in journey.touchpoints:
            promise = touchpoint.promise
            if promise is not None:
                grace = timedelta(seconds=promise.grace)
                rule = PromiseRule(journey.journey, journey.major, touchpoint.touchpoint, promise.due, grace)
                self._opens.setdefault(promise.opened_by, []).append(rule)
                self._keeps.setdefault(promise.kept_by, []).append(rule)


def _instance_rule(journey: Journey) -> InstanceRule:
    rule = journey.instance
    return InstanceRule(journey.major, rule.by, frozenset(rule.closes_on), frozenset(rule.abandons_on))


def _in_journey(rules: list[PromiseRule] | None, journey: str | None) -> list[PromiseRule]:
    if not rules:
        return []
    return rules if journey is None else [rule for rule in rules if rule.journey == journey]
