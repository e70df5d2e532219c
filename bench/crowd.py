"""A crowd of customers with two orders each, as bytes in order of time: placed, delivered, help, answer, by turns.

They are what bench/programme tells apart: a third plans trips, a quarter buys with vouchers, a third has a tier.
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
SPAN = timedelta(days=90)


def _known_of(customer: int) -> str:
    tier = ("gold", "silver", "none", "none", "none", "none")[customer % 6]
    trips = "true" if customer % 3 == 0 else "false"
    return f'"tier":"{tier}","plans_trips":{trips},"voucher_share":{0.8 if customer % 4 == 1 else 0.1}'


def records(
    first: int,
    count: int,
    *,
    total: int,
    customers: int,
    seed: int = 7,
    begin: datetime = BEGIN,
    span: timedelta = SPAN,
) -> Iterator[tuple[bytes, bytes]]:
    """(key, event) of the events `first` to `first + count` of `total`, spread evenly over `span`."""
    chance = random.Random(seed + first)
    apart = span / total
    for number in range(first, first + count):
        customer = chance.randrange(customers)
        order = 2 * customer + chance.randrange(2)
        at = begin + apart * number
        stamp = at.isoformat(timespec="milliseconds")
        kind = number % 4
        if kind == 0:
            due = (at + timedelta(days=3)).isoformat(timespec="seconds")
            data = (
                f'"journey":"order-to-door","instance":"{order}","action":"placed","channel":"web",'
                f'"promised_at":"{due}","attributes":{{"value":{order % 300}.9,{_known_of(customer)}}}'
            )
        elif kind == 1:
            data = f'"journey":"order-to-door","instance":"{order}","action":"delivered","channel":"courier"'
        elif kind == 2:
            data = f'"action":"answered","channel":"app","response_seconds":{chance.randrange(1, 9000) / 10}'
        else:
            data = (
                f'"journey":"order-to-door","touchpoint":"parcel-arrives","instance":"{order}","channel":"email",'
                f'"answers":[{{"metric":"csat","score":{chance.randrange(1, 6)}}}],'
                '"comment":"It came in the afternoon and the box was whole."'
            )
        event = "feedback" if kind == 3 else "interaction"
        subject = f"crm:{customer:06d}"
        yield (
            subject.encode(),
            f'{{"specversion":"1.0","id":"{number}","source":"urn:bench:shop","type":"voc.{event}",'
            f'"subject":"{subject}","time":"{stamp}","datacontenttype":"application/json","data":{{{data}}}}}'.encode(),
        )
