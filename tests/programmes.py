"""Programmes that tests run on, as values."""

from shared.programme.model import InstanceRule, Journey, Persona, Programme, Promise, Stage, Touchpoint


def _interaction(action: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return (("type", ("voc.interaction",)), ("action", (action,)))


DELIVERY = Journey(
    journey="order-to-door",
    name="From order to door",
    instance=InstanceRule(closes_on=("delivered",), abandons_on=("cancelled",), idle_after=45 * 86_400),
    stages=(
        Stage(
            stage="purchase",
            name="Purchase",
            touchpoints=(Touchpoint(touchpoint="order-placed", name="Ordered", match=_interaction("placed")),),
        ),
        Stage(
            stage="delivery",
            name="Delivery",
            touchpoints=(
                Touchpoint(
                    touchpoint="parcel-arrives",
                    name="The parcel arrives",
                    match=_interaction("delivered"),
                    promise=Promise(says="On the promised day", opened_by="placed", kept_by="delivered"),
                ),
            ),
        ),
    ),
)
HELP = Journey(
    journey="get-help",
    name="Getting help",
    stages=(
        Stage(
            stage="contact",
            name="Contact",
            touchpoints=(
                Touchpoint(touchpoint="chat", name="A chat", match=_interaction("chatted")),
                Touchpoint(
                    touchpoint="call-back",
                    name="The call back",
                    match=_interaction("called-back"),
                    promise=Promise(says="Within the day", opened_by="chatted", kept_by="called-back", grace=3600),
                ),
            ),
        ),
    ),
)
RETAIL = Programme(
    name="Retail",
    timezone="Europe/Berlin",
    journeys=(DELIVERY, HELP),
    personas=(Persona(persona="everyday", name="Everyday", default=True, priority=1),),
)
