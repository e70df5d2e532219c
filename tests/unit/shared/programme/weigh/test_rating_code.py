"""The compiled function says what features and conditions say one by one."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.programme.model import Condition, Persona, Signal
from shared.programme.weigh.feature_value import value_of
from shared.programme.weigh.features import Action, Amounts, Attribute, Features, Scores
from shared.programme.weigh.membership import holds, membership
from shared.programme.weigh.rating_code import compiled
from tests.histories import BEGIN

NUMERIC = [
    "count.a", "count.'b", "days_since.a", "share_of_channel.a", "amount.sum", "amount.mean", "amount.max",
    "score.a.last", "score.a.mean", "outcome.a", "promise.missed", "tenure_days",
]  # fmt: skip
_number = st.one_of(st.integers(-3, 5), st.sampled_from([0.25, 0.5, 0.75, 2.5]))
_scalar = st.one_of(_number, st.booleans(), st.sampled_from(["a", "b", "1", "true", '"; import os']))
_stamp = (BEGIN, "urn:shop", "e")


def _conditions(feature: str, values: st.SearchStrategy[Any]) -> st.SearchStrategy[Condition]:
    ramp = st.tuples(_number, _number).filter(lambda ends: ends[0] != ends[1])
    return st.one_of(
        st.builds(lambda low: Condition(feature=feature, at_least=low), _number),
        st.builds(lambda high: Condition(feature=feature, at_most=high), _number),
        st.builds(lambda a, b: Condition(feature=feature, at_least=min(a, b), at_most=max(a, b)), _number, _number),
        st.builds(lambda ends: Condition(feature=feature, start=ends[0], end=ends[1]), ramp),
        st.builds(lambda value: Condition(feature=feature, equals=value), values),
        st.builds(lambda of: Condition(feature=feature, one_of=tuple(of)), st.lists(values, min_size=1, max_size=3)),
    )


conditions = st.one_of(
    st.sampled_from(NUMERIC).flatmap(lambda name: _conditions(name, _number)),
    st.sampled_from(["attribute.a", "attribute.b.c"]).flatmap(lambda name: _conditions(name, _scalar)),
)
signals = st.builds(lambda of, weight: Signal(condition=of, weight=weight), conditions, st.sampled_from([0.5, 1, 3]))
few = st.lists(conditions, max_size=2).map(tuple)
personas = st.builds(
    lambda name, told, must, must_not: Persona(
        persona=name, name=name, priority=1, signals=tuple(told), must=must, must_not=must_not
    ),
    st.sampled_from(["one", "other's", "{third}"]),
    st.lists(signals, min_size=1, max_size=4),
    few,
    few,
)


@st.composite
def customers(draw: st.DrawFn) -> Features:
    some = Features(BEGIN)
    names = st.sampled_from(["a", "'b", "b.c"])
    value = st.one_of(_scalar, st.none(), st.sampled_from([[1], {"a": 1}, 10**400]))
    some.attributes = draw(st.dictionaries(names, value.map(lambda known: Attribute(known, _stamp))))
    ago = st.integers(-50, 50).map(lambda hours: BEGIN + timedelta(hours=hours))
    some.actions = draw(st.dictionaries(names, st.builds(Action, st.integers(1, 4), ago)))
    some.channels = draw(st.dictionaries(names, st.integers(1, 3)))
    some.outcomes = draw(st.dictionaries(names, st.integers(1, 3)))
    some.amounts = draw(st.none() | st.builds(Amounts, st.integers(1, 3), st.integers(-9, 9), st.integers(-9, 9)))
    score = st.builds(
        lambda n, total, last: Scores(n, total, last, _stamp), st.integers(0, 2), st.integers(0, 9), _number
    )
    some.scores = draw(st.dictionaries(names, score))
    some.promises_missed = draw(st.integers(0, 3))
    return some


@settings(max_examples=600, deadline=None)
@given(some=customers(), rated=st.lists(personas, min_size=1, max_size=3), hours=st.integers(-100, 100))
def test_compiled_and_plain_say_the_same(some: Features, rated: list[Persona], hours: int) -> None:
    at = BEGIN + timedelta(hours=hours)

    def met(gate: Condition) -> bool:
        value = value_of(gate.feature)(some, at)
        return value is not None and holds(gate)(value)

    for persona, rating in zip(rated, compiled(rated)(some, at), strict=True):
        values = [(s, value_of(s.condition.feature)(some, at)) for s in persona.signals]
        known = [(s.weight, membership(s.condition)(value)) for s, value in values if value is not None]
        available = sum(weight for weight, _ in known)
        expected = sum(weight * degree for weight, degree in known) / available if available else 0
        assert rating.score == pytest.approx(expected)
        assert rating.coverage == pytest.approx(available / sum(s.weight for s in persona.signals))
        assert rating.excluded is not (all(map(met, persona.must)) and not any(map(met, persona.must_not)))
        assert (rating.persona, rating.priority) == (persona.persona, 1)
