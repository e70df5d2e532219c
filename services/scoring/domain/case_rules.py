"""When one customer needs help now: a programme's rules, compiled once a version."""

import operator
from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

from shared.metrics.known import METRICS
from shared.metrics.scales import scale_of
from shared.programme.model import CaseRule, Programme, ScoreIs

_COMPARED: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
}


class OnScore(NamedTuple):
    """A rule on an answer: it compares so, on the scale that the rule was written for (None: on any)."""

    rule: CaseRule
    compares: Callable[[float, float], bool]
    value: float
    scale: str | None


class CaseRules:
    """Rules on answers by metric, rules on promises, and what people call journeys, touchpoints and promises."""

    def __init__(self, programme: Programme) -> None:
        self.on_scores: dict[str, list[OnScore]] = {}
        self.on_promises = [rule for rule in programme.cases if not isinstance(rule.when, ScoreIs)]
        for rule in programme.cases:
            if isinstance(rule.when, ScoreIs):
                when = rule.when
                usual = scale_of(when.metric, None).scale_id if when.metric in METRICS else None
                compares = _COMPARED[when.comparison]
                self.on_scores.setdefault(when.metric, []).append(OnScore(rule, compares, when.value, usual))
        self.journey_names = {journey.journey: journey.name for journey in programme.journeys}
        touchpoints = {(j.journey, t.touchpoint): t for j in programme.journeys for t in j.touchpoints}
        self.touchpoint_names = {where: touchpoint.name for where, touchpoint in touchpoints.items()}
        self.promises = {where: t.promise.says for where, t in touchpoints.items() if t.promise is not None}


def concerns(rule: CaseRule, journey: str | None, touchpoint: str | None) -> bool:
    """Whether a rule is about what happened there. One that names no place is about every place, and about none."""
    return rule.journey in (None, journey) and rule.touchpoint in (None, touchpoint)


def fresh(rule: CaseRule, age: timedelta) -> bool:
    """Whether something so long ago is no history yet."""
    return age <= timedelta(seconds=rule.fresh)
