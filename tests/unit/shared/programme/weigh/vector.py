"""V19 of tests/golden/vectors.json: three personas, as its own words write them, and a customer."""

import json
import re
from pathlib import Path
from typing import Any

from shared.programme.model import Condition, Persona, Signal
from shared.programme.weigh.features import Attribute, Features
from shared.programme.weigh.rating import Rating
from shared.programme.weigh.weighing import Weighing
from tests.histories import BEGIN

GOLDEN = Path(__file__).parents[4] / "golden" / "vectors.json"
V19 = next(v for v in json.loads(GOLDEN.read_text(encoding="utf-8")) if v["id"] == "V19")
RULE = re.compile(r"([\d.]+)\*(\w+)\((\w+)(?:,\{(\w+)\}|,([\d.]+),([\d.]+))?\)")


def signal(text: str) -> Signal:
    """`3*ramp_up(digital_share,.4,.9)` as a programme has it."""
    found = RULE.match(text)
    assert found is not None
    weight, kind, name, member, low, high = found.groups()
    words: dict[str, Any] = {"feature": f"attribute.{name}"}
    if kind == "in":
        words["one_of"] = (int(member) if member and member.isdigit() else member or "anything",)
    else:
        words["start"], words["end"] = (float(low), float(high))[:: 1 if kind == "ramp_up" else -1]
    return Signal(condition=Condition(**words), weight=float(weight))


def of_vector() -> tuple[Weighing, Features]:
    personas = [
        Persona(persona=name, name=name, priority=place, signals=tuple(map(signal, rules)))
        for place, (name, rules) in enumerate(V19["input"]["personas"].items(), 1)
    ]
    return Weighing(personas), known(**V19["input"]["features"])


def known(**attributes: Any) -> Features:
    customer = Features(BEGIN)
    customer.attributes = {name: Attribute(value, (BEGIN, "s", "e")) for name, value in attributes.items()}
    return customer


def by_name(weighing: Weighing, customer: Features) -> dict[str, Rating]:
    return {rating.persona: rating for rating in weighing.ratings(customer, BEGIN)}
