"""Steady is said only where looking closely finds no change, and it is said where nothing is near to one."""

from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from services.scoring.domain.hysteresis import candidate, next_holder
from services.scoring.domain.steady import steady
from shared.programme.model import Condition, Persona, Signal
from shared.programme.weigh.features import Action, Attribute, Features
from shared.programme.weigh.rating_code import compiled
from tests.histories import BEGIN

NAMES = ["calls", "buys", "returns"]
AT = BEGIN + timedelta(days=30)
_times = st.integers(0, 12)


def persona(name: str, priority: int, full: float, gates: tuple[Condition, ...]) -> Persona:
    """Half of it speaks by how often they did it, half by what may not be known."""
    often = Signal(condition=Condition(feature=f"count.{name}", start=0, end=full), weight=2)
    tier = Signal(condition=Condition(feature="attribute.tier", equals=name), weight=2)
    return Persona(persona=name, name=name, priority=priority, signals=(often, tier), must=gates)


def customer(counts: dict[str, int], tier: str | None) -> Features:
    known = {} if tier is None else {"tier": Attribute(tier, (BEGIN, "urn:shop", "e"))}
    return Features(BEGIN, attributes=known, actions={name: Action(n, BEGIN) for name, n in counts.items()})


@st.composite
def shops(draw: st.DrawFn) -> list[Persona]:
    gates = st.sampled_from([(), (Condition(feature="count.buys", at_least=1),)])
    names = draw(st.lists(st.sampled_from(NAMES), min_size=0, max_size=3, unique=True))
    return [persona(name, draw(st.integers(1, 3)), draw(st.sampled_from([4, 8, 10])), draw(gates)) for name in names]


@settings(max_examples=400)
@given(
    personas=shops(),
    counts=st.dictionaries(st.sampled_from(NAMES), _times),
    tier=st.sampled_from([None, *NAMES]),
    holder=st.sampled_from([None, "retired", *NAMES]),
)
def test_who_is_steady_is_held_on_by_the_whole_rule(
    personas: list[Persona], counts: dict[str, int], tier: str | None, holder: str | None
) -> None:
    features = customer(counts, tier)
    if steady(personas)(features, AT, holder):
        assert looked_at_closely(personas, features, AT, holder) == (holder, None)


def looked_at_closely(
    personas: list[Persona], features: Features, at: datetime, holder: str | None
) -> tuple[str | None, object]:
    ratings = compiled(personas)(features, at)
    held = next((rating for rating in ratings if rating.persona == holder), None)
    return next_holder(held, candidate(ratings, held.persona if held else None), None, at)


def test_nobody_near_is_steady_whoever_holds_or_nobody_does() -> None:
    personas = [persona(name, 1, 10, ()) for name in NAMES]
    assert steady(personas)(customer({"calls": 10, "buys": 1}, None), AT, "calls")
    assert steady(personas)(customer({"calls": 2}, None), AT, None)
    assert steady([])(customer({}, None), AT, None)


def test_another_one_near_enough_or_a_holder_who_sinks_is_looked_at() -> None:
    personas = [persona(name, 1, 10, ()) for name in NAMES]
    assert not steady(personas)(customer({"calls": 6, "buys": 8}, None), AT, "calls")
    assert not steady(personas)(customer({"calls": 4}, None), AT, "calls")
    assert not steady(personas)(customer({"calls": 10}, None), AT, None)
    assert not steady(personas)(customer({}, None), AT, "retired")
