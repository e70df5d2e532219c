"""A customer's runs through journeys, each with how it is remembered."""

from collections import defaultdict
from datetime import datetime

import msgspec

from services.insights.domain import shapes
from services.insights.domain.instance import instance
from services.insights.domain.peak_end import peak_end
from services.insights.domain.place import programme_at
from services.insights.domain.record import Customer, Run, Score
from shared.programme.history import History

_Key = tuple[str, str]
"""(journey, instance)"""


def instances(customer: Customer, history: History, now: datetime) -> list[shapes.Instance]:
    """The runs in their order. A run expires by the map in force, and was gone through by that of its own time."""
    scores: defaultdict[_Key, list[Score]] = defaultdict(list)
    reached: defaultdict[_Key, set[str]] = defaultdict(set)
    for score in customer.scores:
        scores[score.journey, score.instance].append(score)
    for step in customer.reached:
        reached[step.journey, step.instance].add(step.touchpoint)
    return [
        _remembered(run, scores[run.journey, run.instance], reached[run.journey, run.instance], history, now)
        for run in customer.runs
    ]


def _remembered(run: Run, scores: list[Score], reached: set[str], history: History, now: datetime) -> shapes.Instance:
    shown = instance(run, _idle_after(run, history, now), now)
    journey = programme_at(history, run.last_at).journey(run.journey)
    found = peak_end(journey, scores, reached, provisional=shown.status == "open")
    return msgspec.structs.replace(shown, peak_end=found)


def _idle_after(run: Run, history: History, now: datetime) -> int | None:
    journey = programme_at(history, now).journey(run.journey)
    return journey.instance.idle_after if journey else None
