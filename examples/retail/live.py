"""What happens while one watches: the carrier of the north begins to miss its word, and later is mended.

Every event comes with the seconds, from the start of its act, at which it is to be sent: its own time. The same shop,
start and act give the same events.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from examples.retail.customers import Customer, Shop
from examples.retail.event import Event, event, stamp
from examples.retail.orders import Order, announced, answer, delivered, feedback
from examples.retail.tours import IN_THE_VANS, NORTH, waiting

Timed = tuple[float, Event]

WORD_SECONDS = 2.0
"""How long after the carrier's word the parcel is to be there: an afternoon, told in seconds."""
BROUGHT_AFTER = 1.2
TROUBLE_EVERY = 0.05
MENDED_EVERY = 0.04
KEPT_IN_THE_NORTH = 10  # one in so many
ELSEWHERE = 15
STAR = 3
"""Whose story is shown at the end: the parcel of that number."""
SAID = (1, 2, 2, 3, 2, 2, 3, 2, 4, 2, 2, 3, 2, 2)
"""What those who wait in vain answer, one after the other. One in fourteen is a case."""


def trouble(shop: Shop, starts_at: datetime) -> Iterator[Timed]:
    """Nine of ten parcels of the north do not come when announced, and who waits says so; elsewhere all is well."""
    found: list[Timed] = []
    for place in range(NORTH + ELSEWHERE):
        at = place * TROUBLE_EVERY
        if place % 4 == 1 and place // 4 < ELSEWHERE:
            found += _kept(shop, NORTH + place // 4, starts_at, at)
        else:
            number = place - min((place + 2) // 4, ELSEWHERE)
            found += _north(shop, number, starts_at, at)
    yield from sorted(found, key=_when)


def mended(shop: Shop, starts_at: datetime, trouble_at: datetime, *, before: int = 0) -> Iterator[Timed]:
    """The carrier has more vans: what was missed is brought, late, and every parcel that was still waiting in time.

    `before`: how often this act was begun before; each time other parcels are waiting.
    """
    found: list[Timed] = []
    for number in range(NORTH):
        if not _is_kept(number):
            person, order = waiting(shop, number, trouble_at)
            at = number * MENDED_EVERY
            found.append((at, delivered(person, order, starts_at + timedelta(seconds=at))))
    for number in range(NORTH + ELSEWHERE, IN_THE_VANS):
        found += _kept(shop, before * IN_THE_VANS + number, starts_at, (number - ELSEWHERE) * MENDED_EVERY)
    yield from sorted(found, key=_when)


def star(shop: Shop) -> str:
    """The subject of the customer whose story is shown."""
    return waiting(shop, STAR, shop.ends_at)[0].subject


def _is_kept(number: int) -> bool:
    return number % KEPT_IN_THE_NORTH == KEPT_IN_THE_NORTH - 1


def _north(shop: Shop, number: int, starts_at: datetime, at: float) -> Iterator[Timed]:
    if _is_kept(number):
        yield from _kept(shop, number, starts_at, at)
        return
    person, order, word = _announced(shop, number, starts_at, at)
    yield at, word
    said_at = at + WORD_SECONDS + 0.5
    score = 1 if number == STAR else SAID[number % len(SAID)]
    comment = "The van drove past twice. I stayed at home for nothing." if number == STAR else None
    yield said_at, _said(person, order, starts_at, said_at, score, comment)
    if number == STAR:
        yield said_at + 0.5, _where_is_it(person, order, starts_at + timedelta(seconds=said_at + 0.5))


def _kept(shop: Shop, number: int, starts_at: datetime, at: float) -> Iterator[Timed]:
    person, order, word = _announced(shop, number, starts_at, at)
    yield at, word
    yield at + BROUGHT_AFTER, delivered(person, order, starts_at + timedelta(seconds=at + BROUGHT_AFTER))
    if number % 2:
        said_at = at + BROUGHT_AFTER + 0.5
        yield said_at, _said(person, order, starts_at, said_at, 3 if number % 30 == 1 else 4 + number % 4 // 2, None)


def _announced(shop: Shop, number: int, starts_at: datetime, at: float) -> tuple[Customer, Order, Event]:
    said_at = starts_at + timedelta(seconds=at)
    person, order = waiting(shop, number, said_at + timedelta(seconds=WORD_SECONDS))
    return person, order, announced(person, order, said_at)


def _said(
    person: Customer, order: Order, starts_at: datetime, at: float, score: int, comment: str | None
) -> Event:  # fmt: skip
    said_at = starts_at + timedelta(seconds=at)
    return feedback(
        person, order, "parcel-arrives", said_at, order.promised_at, "courier-app",
        answers=[answer("csat", score)], comment=comment, language="en" if comment else None, complete=True,
    )  # fmt: skip


def _where_is_it(person: Customer, order: Order, at: datetime) -> Event:
    return event(
        "interaction", "contact-centre", f"H-{order.number[2:]}-asked", at, person.subject,
        journey="get-help", instance=f"H-{order.number[2:]}", action="asked", channel="chat",
        promised_at=stamp(at + timedelta(hours=1)), attributes={"reason": "where is my order", "order": order.number},
    )  # fmt: skip


def _when(timed: Timed) -> float:
    return timed[0]
