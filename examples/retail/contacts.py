"""Getting help, bringing things back, and what people tell a machine in passing."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from examples.retail.customers import Customer, Shop
from examples.retail.event import Event, event, later, score, stamp
from examples.retail.orders import Order

LATE_REASONS = ("where is my order", "where is my order", "delivery")
OTHER_REASONS = ("size", "product", "invoice", "return")


def contacts(person: Customer, order: Order) -> Iterator[Event]:
    """Who waits asks where the parcel is; a few ask about something else."""
    chance = person.chance(f"{order.number}/contact")
    if chance.random() > (0.7 if order.late else 0.35):
        return
    asked_at = _when(order, chance)
    number = f"H-{order.number[2:]}"
    answer = chance.lognormvariate(6.4, 0.7)
    solved = chance.random() < (0.55 if order.late else 0.94)
    channel = chance.choice(["chat", "chat", "phone", "email"])
    reason = chance.choice(LATE_REASONS if order.late else OTHER_REASONS)

    def step(action: str, at: datetime, **data: object) -> Event:
        return event(
            "interaction", "contact-centre", f"{number}-{action}", at, person.subject,
            journey="get-help", instance=number, action=action, channel=channel, **data,
        )  # fmt: skip

    promised = stamp(asked_at + timedelta(hours=1))
    yield step("asked", asked_at, promised_at=promised, attributes={"reason": reason, "order": order.number})
    answered_at = asked_at + timedelta(seconds=answer)
    if chance.random() < 0.03:
        yield step("gave-up", later(asked_at, chance, 2, 30), result="abandoned")
        return
    yield step("answered", answered_at, response_seconds=round(answer, 1), actor="agent")
    solved_at = later(answered_at, chance, 0.1, 20)
    result = "succeeded" if solved else "failed"
    yield step("solved", solved_at, result=result, effort=chance.choice([1, 1, 2] if solved else [2, 3, 4]))
    yield from _afterwards(person, order, number, solved_at, chance, solved=solved)


def _when(order: Order, chance: Random) -> datetime:
    if order.late and order.delivered_at is not None:
        return order.promised_at + (order.delivered_at - order.promised_at) * chance.random()
    return later(order.placed_at, chance, 2, 150)


def _afterwards(
    person: Customer, order: Order, number: str, at: datetime, chance: Random, *, solved: bool
) -> Iterator[Event]:  # fmt: skip
    if chance.random() < 0.6:
        mood = 0.9 if solved else 0.3
        yield event(
            "feedback", "contact-centre", f"{number}-feedback", later(at, chance, 0.1, 6), person.subject,
            journey="get-help", touchpoint="problem-solved", instance=number, channel="email", survey="after-contact",
            response=number, experienced_at=stamp(at), complete=True,
            answers=[
                {"metric": "effectiveness", "score": score(chance, 0, 2, mood + 0.2)},
                {"metric": "ces", "score": score(chance, 1, 7, mood), "scale": [1, 7]},
            ],
        )  # fmt: skip
    if not solved and chance.random() < 0.5:
        at = later(at, chance, 24, 96)
        kind = chance.choice(["refunded", "complained"])
        amount = {"amount": order.amount, "currency": "EUR"} if kind == "refunded" else {}
        yield event(
            "outcome", "accounting", f"{number}-{kind}", at, person.subject,
            kind=kind, journey="get-help", instance=number, **amount,
        )  # fmt: skip


def returns(person: Customer, order: Order) -> Iterator[Event]:
    """Some bring a thing back to the store, and wait there."""
    chance = person.chance(f"{order.number}/return")
    if order.delivered_at is None or chance.random() > 0.2:
        return
    yield event(
        "interaction", "store-till", f"{order.number}-returned-item", later(order.delivered_at, chance, 30, 200),
        person.subject, journey="order-to-door", instance=order.number, action="returned-item", channel="store",
        wait_seconds=round(chance.lognormvariate(5.2, 0.6)),
    )  # fmt: skip


def kiosk(shop: Shop) -> Iterator[Event]:
    """The machine beside the returns desk: no customer, one question, in opening hours."""
    chance = shop.chance("kiosk")
    for number in range(shop.days * 7):
        at = shop.starts_at + timedelta(days=number // 7, hours=chance.uniform(9, 19))
        yield event(
            "feedback", "store-kiosk", f"kiosk-{number:05}", at, None,
            journey="order-to-door", touchpoint="returns-desk", channel="store", survey="kiosk", complete=True,
            answers=[{"metric": "enjoyment", "score": score(chance, 1, 7, 0.76)}],
        )  # fmt: skip


def shifts(shop: Shop) -> Iterator[Event]:
    """Whom the customer does not see: hub planners say each evening how well the step works for them."""
    chance = shop.chance("shifts")
    for number in range(shop.days * 2):
        at = shop.starts_at + timedelta(days=number // 2, hours=17, minutes=chance.uniform(0, 90))
        yield event(
            "feedback", "staff-pulse", f"shift-{number:03}", at, None,
            journey="order-to-door", touchpoint="order-sent", perspective="employee", survey="shift-end",
            answers=[{"metric": "ease", "score": score(chance, 1, 7, 0.75)}],
        )  # fmt: skip
