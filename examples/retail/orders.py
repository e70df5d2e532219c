"""From order to door: what is bought, promised, brought, and thought of it.

In the last week the carrier of the north begins to miss its promise. The parcels come two to four days late, and
who was let down says so.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from examples.retail.customers import BASKET, ORDERS, Customer
from examples.retail.event import Event, event, later, score, stamp

BERLIN = ZoneInfo("Europe/Berlin")


@dataclass(frozen=True)
class Order:
    """One order and its fate. `delivered_at` is None where it was cancelled."""

    number: str
    placed_at: datetime
    promised_on: str
    delivered_at: datetime | None
    late: bool
    amount: float


def orders(person: Customer, days: int, trouble_at: datetime) -> Iterator[Order]:
    """The orders of a person within `days` of being known."""
    chance = person.chance("orders")
    rate = ORDERS[person.kind] / 28
    pause = chance.uniform(0.01, 0.3) if person.kind == "newcomer" else chance.expovariate(rate)
    at = person.known_at + timedelta(days=pause)
    for place in range(12):
        if at > person.known_at + timedelta(days=days):
            return
        yield _order(person, place, at, trouble_at)
        at += timedelta(days=max(1.0, chance.expovariate(rate)))


def _order(person: Customer, place: int, at: datetime, trouble_at: datetime) -> Order:
    number = f"N-{person.number:05}-{place + 1}"
    chance = person.chance(number)
    promised = (at.astimezone(BERLIN) + timedelta(days=chance.choice([2, 3, 3, 4]))).date()
    noon = datetime.combine(promised, datetime.min.time(), BERLIN) + timedelta(hours=chance.uniform(9, 20))
    risk = 0.62 if person.region == "north" and noon > trouble_at else 0.035
    late = chance.random() < risk
    delivered = noon + timedelta(days=chance.uniform(2, 4)) if late else noon - timedelta(days=chance.choice([0, 0, 1]))
    cancelled = chance.random() < 0.03
    amount = round(chance.uniform(*BASKET[person.kind]), 2)
    delivered_at = None if cancelled else max(delivered, at + timedelta(hours=18))
    return Order(number, at, promised.isoformat(), delivered_at, late and not cancelled, amount)


def story(person: Customer, order: Order) -> Iterator[Event]:
    """Everything that happens around one order."""
    chance = person.chance(f"{order.number}/story")
    channel = _channel(person, chance)
    yield from _buying(person, order, channel, chance)
    if order.delivered_at is None:
        at = later(order.placed_at, chance, 1, 20)
        yield _step(person, order, "cancelled", at, "shop", channel=channel)
        return
    shipped_at = order.placed_at + (order.delivered_at - order.placed_at) * chance.uniform(0.2, 0.6)
    yield _step(person, order, "shipped", shipped_at, "warehouse", channel="email")
    yield _step(person, order, "delivered", order.delivered_at, "carrier", channel="courier")
    yield from _asked(person, order, chance)
    if chance.random() < (0.1 if order.late else 0.015):
        at = later(order.delivered_at, chance, 24, 96)
        yield event("outcome", "crm", f"{order.number}-churned", at, person.subject, kind="churned", reason="delivery")


def _buying(person: Customer, order: Order, channel: str, chance: Random) -> Iterator[Event]:
    if chance.random() < 0.3:
        at = order.placed_at - timedelta(minutes=chance.uniform(3, 90))
        yield event(
            "interaction", "shop", f"{order.number}-viewed", at, person.subject,
            action="viewed", channel=channel, attributes={"page": chance.choice(["product", "product", "magazine"])},
        )  # fmt: skip
    seconds = round(chance.lognormvariate(5.1, 0.5), 1)
    yield _step(
        person, order, "placed", order.placed_at, "shop",
        channel=channel, promised_at=order.promised_on, duration_seconds=seconds,
    )  # fmt: skip
    yield event(
        "outcome", "shop", f"{order.number}-purchased", order.placed_at + timedelta(seconds=2), person.subject,
        kind="purchased", amount=order.amount, currency="EUR", journey="order-to-door", instance=order.number,
    )  # fmt: skip
    if chance.random() < 0.08:
        at = order.placed_at + timedelta(minutes=1)
        ease = _answer("ease", score(chance, 1, 7, 0.8))
        yield _feedback(person, order, "checkout", at, at, "on-site", answers=[ease])


def _asked(person: Customer, order: Order, chance: Random) -> Iterator[Event]:
    """Half of the customers are asked about the delivery, and not all answer; some say why a minute later."""
    assert order.delivered_at is not None
    if chance.random() < 0.5:
        return
    invited_at = later(order.delivered_at, chance, 1, 5)
    yield _step(person, order, "survey-invited", invited_at, "surveys", channel="email")
    if chance.random() < (0.4 if order.late else 0.35):
        return
    at = later(invited_at, chance, 0.1, 40)
    csat = _answer("csat", score(chance, 1, 5, 0.3 if order.late else 0.86))
    part = _feedback(person, order, "parcel-arrives", at, order.delivered_at, "surveys", answers=[csat])
    if chance.random() < 0.3:
        part["data"]["complete"] = False
        yield part
        said = "It came days after the promised one." if order.late else "All as promised, thank you."
        yield _feedback(
            person, order, "parcel-arrives", at + timedelta(minutes=1), order.delivered_at, "surveys", "-why",
            comment=said, language="en", complete=True,
        )  # fmt: skip
    else:
        yield part
    if chance.random() < 0.4:
        yield _weeks_later(person, order, later(order.delivered_at, chance, 100, 300), chance)


def _weeks_later(person: Customer, order: Order, at: datetime, chance: Random) -> Event:
    mood = 0.55 if order.late else 0.84
    answers = [_answer("nps", score(chance, 0, 10, mood)), _answer("expectation", score(chance, -2, 2, mood - 0.1))]
    return _feedback(person, order, "first-weeks", at, at, "surveys", "-nps", answers=answers)


def _channel(person: Customer, chance: Random) -> str:
    return "web" if chance.random() < (0.85 if person.kind == "planner" else 0.5) else "app"


def _step(person: Customer, order: Order, action: str, at: datetime, source: str, **data: object) -> Event:
    return event(
        "interaction", source, f"{order.number}-{action}", at, person.subject,
        journey="order-to-door", instance=order.number, action=action, **data,
    )  # fmt: skip


def _feedback(
    person: Customer,
    order: Order,
    touchpoint: str,
    at: datetime,
    lived_at: datetime,
    source: str,
    part: str = "",
    **said: object,
) -> Event:
    response = f"{order.number}-{touchpoint}"
    return event(
        "feedback", source, f"{response}{part}", at, person.subject,
        journey="order-to-door", touchpoint=touchpoint, instance=order.number, channel="email", survey=touchpoint,
        response=response, experienced_at=stamp(lived_at), **said,
    )  # fmt: skip


def _answer(metric: str, value: int) -> dict[str, object]:
    return {"metric": metric, "score": value}
