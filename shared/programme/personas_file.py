"""Reads personas.yaml."""

from shared.programme.conditions import condition, signal
from shared.programme.model import Persona, Treatment
from shared.programme.names import new
from shared.programme.reading import Spot, Wrong
from shared.programme.values import boolean, listed, text, whole

RESERVED = ("none", "unassigned")
"""Personas of those whom nobody knows, and of those who fit none."""


def personas(spot: Spot) -> tuple[Persona, ...]:
    """All personas, at most one of them the default."""
    with spot.fields() as fields:
        return fields.need("personas", _personas)


def _personas(spot: Spot) -> tuple[Persona, ...]:
    found: list[Persona] = []
    for place, item in enumerate(spot.items(), start=1):
        found += item.read(lambda item: [_persona(item, place, found)], [])  # noqa: B023  # read at once
    return tuple(found)


def _persona(spot: Spot, place: int, before: list[Persona]) -> Persona:
    with spot.fields() as fields:
        name = fields.need("persona", _name)
        default = fields.get("default", boolean, False)
        other = next((persona.persona for persona in before if persona.default), None)
        if default and other is not None:
            spot.fault(f"one default persona, which {other!r} is already", "another one")
        treatment, signals = fields.get("treatment", _treatment, None), fields.get("signals", listed(signal), ())
        if treatment is not None and treatment.needs_confidence and not signals and fields.sound:
            spot.fault("signals, since its treatment needs confidence and without any there is none", "no signals")
        return Persona(
            persona=name,
            name=fields.get("name", text, name),
            default=default,
            treatment=treatment,
            signals=signals,
            must=fields.get("must", listed(condition), ()),
            must_not=fields.get("must_not", listed(condition), ()),
            priority=fields.get("priority", whole(0), place),
        )


def _name(spot: Spot) -> str:
    if spot.raw in RESERVED:
        raise Wrong(f"another name than {' and '.join(RESERVED)}, which stand for customers without a persona")
    return new("persona")(spot)


def _treatment(spot: Spot) -> Treatment:
    with spot.fields() as fields:
        return Treatment(
            strategy=fields.need("strategy", text),
            do=fields.get("do", listed(text), ()),
            avoid=fields.get("avoid", listed(text), ()),
            needs_confidence=fields.get("needs_confidence", boolean, False),
        )
