"""A programme whose map has everything that a reader is shown."""

from shared.programme.model import (
    InstanceRule,
    Journey,
    Measure,
    MomentOfTruth,
    Person,
    Persona,
    Programme,
    Promise,
    Stage,
    Touchpoint,
    Treatment,
)

HOUR, DAY = 3600, 86_400


def _action(name: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return (("type", ("voc.interaction",)), ("action", (name,)))


ORDER_PLACED = Touchpoint(touchpoint="order-placed", name="Ordered", channels=("web",), match=_action("placed"))
PARCEL_ARRIVES = Touchpoint(
    touchpoint="parcel-arrives",
    name="The parcel arrives",
    channels=("courier",),
    people=(Person(role="courier"), Person(role="hub planning", visible=False)),
    match=_action("delivered"),
    promise=Promise(says="On the promised day", opened_by="placed", kept_by="delivered"),
    moment_of_truth=MomentOfTruth(
        owner="delivery",
        measures=(
            Measure(metric="csat", window=7 * DAY, red_below=60, yellow_below=75),
            Measure(metric="promise_kept", window=48 * HOUR, red_below=85, yellow_below=92),
        ),
    ),
)
ORDER_TO_DOOR = Journey(
    journey="order-to-door",
    name="From order to door",
    instance=InstanceRule(closes_on=("delivered",), idle_after=DAY),
    stages=(
        Stage(stage="purchase", name="Purchase", touchpoints=(ORDER_PLACED,)),
        Stage(stage="delivery", name="Delivery", touchpoints=(PARCEL_ARRIVES,)),
    ),
)
EVERYDAY = Persona(
    persona="everyday",
    name="Everyday",
    default=True,
    priority=1,
    treatment=Treatment(strategy="Keep the date", do=("say early",), avoid=("upsell",)),
)
SHOP = Programme(name="Shop", timezone="Europe/Berlin", journeys=(ORDER_TO_DOOR,), personas=(EVERYDAY,))
