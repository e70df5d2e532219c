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
STAYS = Programme(
    name="Stays",
    timezone="Europe/Berlin",
    journeys=(
        Journey(
            journey="a-stay",
            name="A stay",
            instance=InstanceRule(by="booking.no", closes_on=("left",)),
            stages=(
                Stage(
                    stage="on-site",
                    name="On site",
                    touchpoints=(
                        Touchpoint(
                            touchpoint="room",
                            name="The room",
                            match=_interaction("room-ready"),
                            promise=Promise(
                                says="Ready when we said",
                                opened_by="booked",
                                due="booking.ready_at",
                                kept_by="room-ready",
                            ),
                        ),
                        Touchpoint(
                            touchpoint="house",
                            name="The house",
                            match=(("type", ("voc.feedback",)), ("house", ("berlin",))),
                        ),
                        Touchpoint(touchpoint="whole", name="All of it", match=(("complete", (True,)),)),
                    ),
                ),
            ),
        ),
        HELP,
    ),
    personas=RETAIL.personas,
)
"""Its runs are told apart, its promise is due and two of its steps are matched by fields that are no usual ones."""
