"""Today's tours: the parcels that were brought in the last hours, and those that are still in the vans.

A measure of an hour wants answers of that hour: 24 parcels a quarter-hour are brought, all well enough.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache

from examples.retail.customers import BASKET, Customer, Shop
from examples.retail.event import Event
from examples.retail.orders import Order, announced, answer, bought, delivered, feedback, sent

HOURS = 2.75  # a window of an hour, the one before it, a quarter to begin at, and half an hour in which a stack starts
EVERY_SECONDS = 37.5
IN_THE_VANS = 700
"""How many parcels are on the road when the history ends: enough for the trouble and for its end."""
NORTH = 70


def brought(shop: Shop) -> Iterator[Event]:
    """The tours until now. One parcel in forty came too late; three of five were asked, and nobody was angry."""
    people, count = known(shop, None), round(HOURS * 3600 / EVERY_SECONDS)
    for number in range(count):
        at = shop.ends_at - timedelta(seconds=(count - number) * EVERY_SECONDS)
        promised_at = at + timedelta(minutes=-5 if number % 40 == 20 else 25)
        person, order = parcel(shop, f"B-{number:05}", promised_at, people[number % len(people)])
        yield from _until_sent(person, order)
        yield announced(person, order, at - timedelta(minutes=60))
        yield delivered(person, order, at)
        if number % 5 < 3:
            csat = answer("csat", 3 if number % 30 == 1 else 4 + number % 2)
            said_at = at + timedelta(seconds=30)
            yield feedback(person, order, "parcel-arrives", said_at, at, "courier-app", answers=[csat], complete=True)


def in_the_vans(shop: Shop) -> Iterator[Event]:
    """What became of the waiting parcels so far: ordered and sent."""
    for number in range(IN_THE_VANS):
        yield from _until_sent(*waiting(shop, number, shop.ends_at))


def waiting(shop: Shop, number: int, promised_at: datetime) -> tuple[Customer, Order]:
    """The parcel of that number that is still in a van, and who waits for it. The first NORTH go north."""
    people = known(shop, "north" if number < NORTH else None)
    return parcel(shop, f"V-{number:05}", promised_at, people[number % len(people)])


def parcel(shop: Shop, name: str, promised_at: datetime, person: Customer) -> tuple[Customer, Order]:
    """The person, and the order of that name: placed two or three days before the history ends."""
    chance = shop.chance(f"parcel/{name}")
    placed_at = shop.ends_at - timedelta(hours=chance.uniform(46, 75))
    amount = round(chance.uniform(*BASKET[person.kind]), 2)
    return person, Order(f"N-{name}", placed_at, promised_at, None, amount)


@cache
def known(shop: Shop, region: str | None) -> tuple[Customer, ...]:
    """Who was a customer four days before the history ends, of one region or of all, in no order."""
    before = shop.ends_at - timedelta(days=4)
    found = [person for person in shop.people() if person.known_at < before and region in (None, person.region)]
    shop.chance(f"known/{region}").shuffle(found)
    return tuple(found)


def _until_sent(person: Customer, order: Order) -> Iterator[Event]:
    chance = person.chance(f"{order.number}/sent")
    yield from bought(person, order, chance)
    yield sent(person, order, chance)
