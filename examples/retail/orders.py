"""From order to door: what is bought, sent, announced, brought, and thought of it, while all is well enough."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from examples.retail.customers import BASKET, ORDERS, Customer
from examples.retail.event import Event, event, later, score, stamp

BERLIN = ZoneInfo("Europe/Berlin")
LATE = 0.02
"""The share of parcels that come after the time that their carrier announced, in good weeks."""


@dataclass(frozen=True)
class Order:
    """One order and its fate. `promised_at` is the carrier's word of the day it comes; `delivered_at` is None where it
    was cancelled, and where nobody knows yet."""

    number: str
    placed_at: datetime
    promised_at: datetime
    delivered_at: datetime | None
    amount: float

    @property
    def late(self) -> bool:
        return self.delivered_at is not None and self.delivered_at > self.promised_at


def orders(person: Customer, days: int) -> Iterator[Order]:
    """The orders of a person within `days` of being known."""
    chance = person.chance("orders")
    rate = ORDERS[person.kind] / 28
    pause = chance.uniform(0.01, 0.3) if person.kind == "newcomer" else chance.expovariate(rate)
    at = person.known_at + timedelta(days=pause)
    for place in range(20):
        if at > person.known_at + timedelta(days=days):
            return
        yield _order(person, place, at)
        at += timedelta(days=max(1.0, chance.expovariate(rate)))


def _order(person: Customer, place: int, at: datetime) -> Order:
    number = f"N-{person.number:05}-{place + 1}"
    chance = person.chance(number)
    day = (at.astimezone(BERLIN) + timedelta(days=chance.choice([2, 3, 3, 4]))).date()
    promised_at = datetime.combine(day, datetime.min.time(), BERLIN) + timedelta(hours=chance.choice(range(10, 21)))
    off = timedelta(minutes=chance.uniform(15, 90))
    delivered_at = promised_at + off if chance.random() < LATE else promised_at - off
    cancelled = chance.random() < 0.03
    amount = round(chance.uniform(*BASKET[person.kind]), 2)
    return Order(number, at, promised_at, None if cancelled else delivered_at, amount)


def story(person: Customer, order: Order) -> Iterator[Event]:
    """Everything that happens around one order."""
    chance = person.chance(f"{order.number}/story")
    yield from bought(person, order, chance)
    if order.delivered_at is None:
        at = later(order.placed_at, chance, 1, 20)
        yield step(person, order, "cancelled", at, "shop", channel="web")
        return
    yield sent(person, order, chance)
    announced_at = min(order.promised_at, order.delivered_at) - timedelta(minutes=chance.uniform(60, 240))
    yield announced(person, order, announced_at)
    yield delivered(person, order, order.delivered_at)
    yield from _asked(person, order, chance)
    if chance.random() < (0.1 if order.late else 0.015):
        at = later(order.delivered_at, chance, 24, 96)
        yield event("outcome", "crm", f"{order.number}-churned", at, person.subject, kind="churned", reason="delivery")


def bought(person: Customer, order: Order, chance: Random) -> Iterator[Event]:
    """From looking to paying; the shop names the day by which it will send."""
    channel = "web" if chance.random() < (0.85 if person.kind == "planner" else 0.5) else "app"
    if chance.random() < 0.3:
        at = order.placed_at - timedelta(minutes=chance.uniform(3, 90))
        yield event(
            "interaction", "shop", f"{order.number}-viewed", at, person.subject,
            action="viewed", channel=channel, attributes={"page": chance.choice(["product", "product", "magazine"])},
        )  # fmt: skip
    sent_by = (order.placed_at.astimezone(BERLIN) + timedelta(days=2)).date().isoformat()
    seconds = round(chance.lognormvariate(5.1, 0.5), 1)
    yield step(
        person, order, "placed", order.placed_at, "shop",
        channel=channel, sent_by=sent_by, duration_seconds=seconds,
    )  # fmt: skip
    yield event(
        "outcome", "shop", f"{order.number}-purchased", order.placed_at + timedelta(seconds=2), person.subject,
        kind="purchased", amount=order.amount, currency="EUR", journey="order-to-door", instance=order.number,
    )  # fmt: skip
    if chance.random() < 0.2:
        at = order.placed_at + timedelta(minutes=1)
        ease = answer("ease", score(chance, 1, 7, 0.84))
        yield feedback(person, order, "checkout", at, at, "on-site", answers=[ease])


def sent(person: Customer, order: Order, chance: Random) -> Event:
    """The warehouse hands the parcel over."""
    way = order.promised_at - order.placed_at
    return step(
        person, order, "shipped", order.placed_at + way * chance.uniform(0.2, 0.5), "warehouse", channel="email"
    )


def announced(person: Customer, order: Order, at: datetime) -> Event:
    """The carrier says until when it will be there."""
    return step(person, order, "announced", at, "carrier", channel="app", promised_at=stamp(order.promised_at))


def delivered(person: Customer, order: Order, at: datetime) -> Event:
    """It is there."""
    return step(person, order, "delivered", at, "carrier", channel="courier")


def _asked(person: Customer, order: Order, chance: Random) -> Iterator[Event]:
    """Half of the customers are asked about the delivery, and not all answer; some say why a minute later."""
    assert order.delivered_at is not None
    if chance.random() < 0.5:
        return
    invited_at = later(order.delivered_at, chance, 1, 5)
    yield step(person, order, "survey-invited", invited_at, "surveys", channel="email")
    if chance.random() < (0.4 if order.late else 0.35):
        return
    at = later(invited_at, chance, 0.1, 40)
    csat = answer("csat", score(chance, 1, 5, 0.3 if order.late else 0.88))
    part = feedback(person, order, "parcel-arrives", at, order.delivered_at, "surveys", answers=[csat])
    if chance.random() < 0.3:
        part["data"]["complete"] = False
        yield part
        said = "It came an hour after I had to leave." if order.late else "All as announced, thank you."
        yield feedback(
            person, order, "parcel-arrives", at + timedelta(minutes=1), order.delivered_at, "surveys", "-why",
            comment=said, language="en", complete=True,
        )  # fmt: skip
    else:
        yield part
    if chance.random() < 0.5:
        yield _weeks_later(person, order, later(order.delivered_at, chance, 100, 300), chance)


def _weeks_later(person: Customer, order: Order, at: datetime, chance: Random) -> Event:
    mood = 0.55 if order.late else 0.88
    answers = [answer("nps", score(chance, 0, 10, mood)), answer("expectation", score(chance, -2, 2, mood - 0.1))]
    return feedback(person, order, "first-weeks", at, at, "surveys", "-nps", answers=answers)


def step(person: Customer, order: Order, action: str, at: datetime, source: str, **data: object) -> Event:
    """Something that happens to this order."""
    return event(
        "interaction", source, f"{order.number}-{action}", at, person.subject,
        journey="order-to-door", instance=order.number, action=action, **data,
    )  # fmt: skip


def feedback(
    person: Customer,
    order: Order,
    touchpoint: str,
    at: datetime,
    lived_at: datetime,
    source: str,
    part: str = "",
    **said: object,
) -> Event:
    """What the customer says of a step of this order; `part` tells parts of one response apart."""
    response = f"{order.number}-{touchpoint}"
    return event(
        "feedback", source, f"{response}{part}", at, person.subject,
        journey="order-to-door", touchpoint=touchpoint, instance=order.number, channel="email", survey=touchpoint,
        response=response, experienced_at=stamp(lived_at), **said,
    )  # fmt: skip


def answer(metric: str, value: int) -> dict[str, object]:
    """One answered question."""
    return {"metric": metric, "score": value}
