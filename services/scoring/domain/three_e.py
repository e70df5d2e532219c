"""The three E's of a response, once all of them are answered: an index of its own, counted like an answer."""

from collections.abc import Iterable

from services.scoring.domain.response import Standing
from shared.events.event import Stamp
from shared.events.model import Answer
from shared.metrics import three_e as index
from shared.metrics.three_e import E, three_e

METRIC = index.METRIC
SERIES = (METRIC, index.SCALE_ID)
"""Metric and scale that it counts under."""


def of_whole(answers: tuple[Answer, ...]) -> int | None:
    """The index of feedback that comes in one piece; None unless all three are answered, each by its first answer."""
    if len(answers) < len(E):
        return None
    return three_e({one.metric: (one.score, one.scale) for one in reversed(answers)})


def of_standing(answers: Iterable[Standing]) -> tuple[int, Stamp] | None:
    """The index of a response as it stands, and when it was given: with the last of the three, in whatever order the
    parts came."""
    found = {one.key: one for one in answers if one.key in E}
    value = three_e({name: (one.answer.score, one.answer.scale) for name, one in found.items()})
    return None if value is None else (value, max(one.stamp for one in found.values()))
