"""A month of Nordwind's customers as CloudEvents, a line each, the oldest first.

`python -m examples.retail.history --days 28 --customers 2000 > FILE` writes them. The same arguments give the same
events, to the byte.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from examples.retail.contacts import contacts, kiosk, returns, shifts
from examples.retail.customers import Customer, customer, introduction
from examples.retail.event import Event, stamp
from examples.retail.orders import orders, story

ENDS_AT = datetime(2026, 11, 23, 18, tzinfo=UTC)


def events(
    *, days: int = 28, customers: int = 2000, seed: str = "nordwind", ends_at: datetime = ENDS_AT, trouble_days: int = 7
) -> Iterator[Event]:
    """All events up to `ends_at`, the oldest first. The carrier's trouble fills the last `trouble_days`."""
    starts_at = ends_at - timedelta(days=days)
    trouble_at = ends_at - timedelta(days=trouble_days)
    found: list[Event] = []
    for number in range(1, customers + 1):
        found += life(customer(number, seed, starts_at, days), days, trouble_at)
    found += kiosk(seed, starts_at, days, customers // 4)
    found += shifts(seed, starts_at, days)
    last = stamp(ends_at)
    found = [event for event in found if event["time"] <= last]
    yield from sorted(found, key=lambda event: (event["time"], event["source"], event["id"]))


def life(person: Customer, days: int, trouble_at: datetime) -> Iterator[Event]:
    """Everything that one person does and says."""
    yield from introduction(person)
    for order in orders(person, days, trouble_at):
        yield from story(person, order)
        yield from contacts(person, order, trouble_at)
        yield from returns(person, order)


def main() -> None:
    """Write the events as JSON lines."""
    parser = argparse.ArgumentParser(description="A month of an invented shop's customers, as CloudEvents.")
    parser.add_argument("--days", type=int, default=28)
    parser.add_argument("--customers", type=int, default=2000)
    parser.add_argument("--seed", default="nordwind")
    parser.add_argument("--ends-at", type=datetime.fromisoformat, default=ENDS_AT, help="an instant with its offset")
    given = parser.parse_args()
    if given.ends_at.tzinfo is None:
        parser.error("--ends-at wants an offset, such as 2026-11-23T18:00+00:00")
    for event in events(days=given.days, customers=given.customers, seed=given.seed, ends_at=given.ends_at):
        sys.stdout.write(json.dumps(event, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
