"""The first sentences of a page that a link leads to: what whoever followed it wants to know."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

Answer = Mapping[str, Any]


def of_journey(journey: Answer) -> Iterator[str]:
    """How it stands, and which of its steps are red or yellow, by what."""
    yield f"It is {journey['status']}." if journey["status"] != "unknown" else "Nothing is decided about it yet."
    for stage in journey["stages"]:
        for step in stage["touchpoints"]:
            if step["status"] in ("red", "yellow"):
                yield f"{step['name']} is {step['status']}: {_measures(step['measures'])}."


def of_customer(customer: Answer) -> Iterator[str]:
    """Who it is, how to be treated, and what was promised."""
    persona = customer["persona_name"] or customer["persona"]
    yield f"{persona} since {customer['since']}, confidence {customer['confidence']:.2f}."
    if customer["treatment_skipped"]:
        yield "The persona's treatment is skipped: it needs more confidence than there is."
    elif treatment := customer["treatment"]:
        parts = {"Do": treatment["do"], "Avoid": treatment["avoid"]}
        said = "".join(f" {name}: {', '.join(what)}." for name, what in parts.items() if what)
        yield f"To be treated so: {treatment['strategy']}.{said}"
    promised = Counter(promise["state"] for promise in customer["promises"])
    if promised:
        yield f"Promises: {', '.join(f'{many} {state}' for state, many in sorted(promised.items()))}."


def of_episode(episode: Answer) -> Iterator[str]:
    """Since when it is red, or was, and by what; and who was told."""
    begun = episode["opened_by"]
    where = f"{begun['touchpoint_name']} ({begun['journey_name']})"
    if episode["closed_at"] is None:
        yield f"{where} is red since {episode['opened_at']}."
    else:
        because = episode["closed_because"]
        yield f"{where} was red from {episode['opened_at']} to {episode['closed_at']}: {because}."
    yield f"When it turned red: {_measures(begun['measures'])}."
    told = {f"{one['channel']} {one['to']} ({one['state']})": None for one in episode["deliveries"] if not one["edit"]}
    yield f"Told: {', '.join(told)}." if told else "Nobody was told."


def _measures(measures: list[Answer]) -> str:
    """Those that are red or yellow: the figure, of how many, and beyond what it would be red."""
    return "; ".join(_measure(one) for one in measures if one["status"] in ("red", "yellow")) or "no measure"


def _measure(one: Answer) -> str:
    figure = one.get("figure") or one  # of a decision, of the read API
    value = figure.get("value")
    shown = "without a value" if value is None else f"{value:.4g} of {figure.get('n')}"
    bounds = ((f"red {side}", one.get(f"red_{side}")) for side in ("below", "above"))
    bound = ", ".join(f"{name} {limit:g}" for name, limit in bounds if limit is not None)
    return f"{one['metric']} {shown}" + (f" ({bound})" if bound else "")
