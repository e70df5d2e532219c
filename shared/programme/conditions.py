"""Reads what a feature must be (personas) and when a case is opened."""

import re
from difflib import get_close_matches
from typing import Any

from shared.metrics.known import METRICS
from shared.metrics.scales import scale_of
from shared.programme import features
from shared.programme.model import Condition, PromiseMissed, ScoreIs, Signal
from shared.programme.reading import Fields, Spot, Wrong
from shared.programme.values import listed, number, positive, scalar, text

KINDS = "a condition: at_least, at_most, in, is, or from and to"
WHEN = "a condition such as `nps <= 3`, or `promise missed`"

_score = re.compile(r"([\w.-]{1,100})\s*(<=|>=|==|=|<|>)\s*(-?[0-9]{1,9}(?:\.[0-9]{1,9})?)")


def signal(spot: Spot) -> Signal:
    """Weighted evidence."""
    with spot.fields() as fields:
        return Signal(condition=_condition(fields), weight=fields.get("weight", positive, 1.0))


def condition(spot: Spot) -> Condition:
    """A condition of a gate."""
    with spot.fields() as fields:
        return _condition(fields)


def _condition(fields: Fields) -> Condition:
    found = Condition(
        feature=fields.need("feature", _feature),
        at_least=fields.get("at_least", number(), None),
        at_most=fields.get("at_most", number(), None),
        one_of=fields.get("in", listed(scalar), None),
        equals=fields.get("is", scalar, None),
        start=fields.get("from", number(), None),
        end=fields.get("to", number(), None),
    )
    if fields.sound:
        _check(found, fields.spot)
    return found


def _feature(spot: Spot) -> str:
    try:
        features.feature(text(spot))
    except ValueError as error:
        raise Wrong(str(error)) from None
    return spot.raw


def _check(found: Condition, spot: Spot) -> None:
    ramp = (found.start, found.end)
    given = [
        found.at_least is not None or found.at_most is not None,
        found.one_of is not None,
        found.equals is not None,
        ramp != (None, None),
    ]
    if sum(given) != 1:
        spot.fault(KINDS, "none" if not any(given) else "more than one")
    elif None in ramp and given[3]:
        spot.fault("both ends of the ramp, from and to", "one of them")
    elif ramp[0] == ramp[1] and given[3]:
        spot.fault("a ramp whose ends differ", f"from {ramp[0]:g} to {ramp[1]:g}")
    elif found.at_least is not None and found.at_most is not None and found.at_least > found.at_most:
        spot.fault("at_least not above at_most", f"{found.at_least:g} and {found.at_most:g}")
    elif found.one_of == ():
        spot.fault("at least one value in `in`", "an empty list")
    else:
        _check_values(found, spot)


def _check_values(found: Condition, spot: Spot) -> None:
    values: list[Any] = [found.at_least, found.at_most, found.equals, found.start, found.end, *(found.one_of or ())]
    values = [value for value in values if value is not None]
    feature = features.feature(found.feature)
    if feature.numeric and not all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
        spot.fault(f"numbers, which {found.feature} is compared with", "something else")
    elif feature.kind == "share_of_channel" and not all(0 <= value <= 1 for value in values):
        spot.fault("shares from 0 to 1", ", ".join(f"{value:g}" for value in values))


def when(spot: Spot) -> ScoreIs | PromiseMissed:
    """When a case is opened."""
    words = " ".join(text(spot).split())
    if words == "promise missed":
        return PromiseMissed()
    found = _score.fullmatch(words)
    if found is None:
        raise Wrong(WHEN)
    _check_score(metric := found[1], value := float(found[3]))
    return ScoreIs(metric=metric, comparison="=" if found[2] == "==" else found[2], value=value)  # type: ignore[arg-type]  # the pattern allows no other


def _check_score(metric: str, value: float) -> None:
    known = METRICS.get(metric)
    if known is None:
        close = get_close_matches(metric, METRICS, n=1, cutoff=0.75)
        if close:
            raise Wrong(f"a metric (did you mean {close[0]!r}? a metric of your own wants a name less like it)")
        return
    if known.kind != "answer":
        answers = ", ".join(name for name, other in METRICS.items() if other.kind == "answer")
        raise Wrong(f"a metric that customers answer ({answers}); for promises write `promise missed`")
    scale = scale_of(metric, None)
    if not scale.low <= value <= scale.high:
        raise Wrong(f"a score of {metric}, from {scale.low} to {scale.high}")
