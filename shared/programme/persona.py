"""Personas: how they are told apart, and how their customers are treated."""

import msgspec

from shared.programme.journey import Scalar

_YAML_WORDS = {"one_of": "in", "equals": "is", "start": "from", "end": "to"}  # what Python keeps for itself


class Condition(msgspec.Struct, frozen=True, kw_only=True, rename=_YAML_WORDS):
    """What a feature must be: `at_least`, `at_most` (or both), `in`, `is`, or a ramp.

    A ramp's membership goes from 0 at `start` to 1 at `end`, and falls with the value where `start` is the greater.
    """

    feature: str
    at_least: float | None = None
    at_most: float | None = None
    one_of: tuple[Scalar, ...] | None = None
    equals: Scalar | None = None
    start: float | None = None
    end: float | None = None


class Signal(msgspec.Struct, frozen=True, kw_only=True):
    """Weighted evidence for a persona; the weight is above 0."""

    condition: Condition
    weight: float = 1.0


class Treatment(msgspec.Struct, frozen=True, kw_only=True):
    """How customers of a persona are to be handled. `needs_confidence`: it is skipped for those of whom one is not sure
    enough (`weigh.rating`)."""

    strategy: str
    do: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    needs_confidence: bool = False


class Persona(msgspec.Struct, frozen=True, kw_only=True):
    """A described archetype. `priority` settles ties, the lower first; its default is the place in the file."""

    persona: str
    name: str
    default: bool = False
    treatment: Treatment | None = None
    signals: tuple[Signal, ...] = ()
    must: tuple[Condition, ...] = ()
    must_not: tuple[Condition, ...] = ()
    priority: int
