"""Eight weeks of Nordwind's customers as CloudEvents, a line each, the oldest first: all is well enough.

`python -m examples.retail.history > FILE` writes them. The same arguments give the same events, to the byte.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime

from examples.retail.contacts import contacts, kiosk, returns, shifts
from examples.retail.customers import Customer, Shop, introduction
from examples.retail.event import Event, stamp
from examples.retail.orders import orders, story
from examples.retail.tours import brought, in_the_vans

ENDS_AT = datetime(2026, 11, 23, 18, tzinfo=UTC)


def events(shop: Shop) -> Iterator[Event]:
    """All events up to its end, the oldest first."""
    found: list[Event] = []
    for person in shop.people():
        found += life(person, shop.days)
    found += brought(shop)
    found += in_the_vans(shop)
    found += kiosk(shop)
    found += shifts(shop)
    first, last = stamp(shop.starts_at), stamp(shop.ends_at)
    found = [event for event in found if first <= event["time"] <= last]
    yield from sorted(found, key=lambda event: (event["time"], event["source"], event["id"]))


def life(person: Customer, days: int) -> Iterator[Event]:
    """Everything that one person does and says."""
    yield from introduction(person)
    for order in orders(person, days):
        yield from story(person, order)
        yield from contacts(person, order)
        yield from returns(person, order)


def main() -> None:
    """Write the events as JSON lines."""
    parser = argparse.ArgumentParser(description="Weeks of an invented shop's customers, as CloudEvents.")
    parser.add_argument("--days", type=int, default=Shop.days)
    parser.add_argument("--customers", type=int, default=Shop.customers)
    parser.add_argument("--seed", default=Shop.seed)
    parser.add_argument("--ends-at", type=datetime.fromisoformat, default=ENDS_AT, help="an instant with its offset")
    given = parser.parse_args()
    if given.ends_at.tzinfo is None:
        parser.error("--ends-at wants an offset, such as 2026-11-23T18:00+00:00")
    for event in events(Shop(given.ends_at, given.days, given.customers, given.seed)):
        sys.stdout.write(json.dumps(event, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
