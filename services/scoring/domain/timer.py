"""The firing of a promise's timer: a miss, and a row of the customer's timeline like an event's."""

from collections.abc import Callable
from datetime import datetime

import msgspec

from services.scoring.domain import books
from services.scoring.domain.fold import VERSION
from services.scoring.domain.ledger import InstanceKey, Ledger, TimelineRow
from services.scoring.domain.promise import fire as fire_book
from services.scoring.domain.state import Promise
from shared.events.event import identity

SOURCE = "voc:scoring"
MISSED = "voc.promise-missed"


def fire(ledger: Ledger, key: InstanceKey, at: datetime, *, version_at: Callable[[datetime], int]) -> None:
    """Fire the timers of one instance whose time has come by `at`; instance and customer are in the ledger.

    `version_at` tells the programme's version that was in force when a promise was due.
    """
    persona = ledger.customers[key[0]].persona
    for touchpoint, book in ledger.instances[key].promises.items():
        for missed in fire_book(book, at):
            ledger.timeline.append(_row(key, touchpoint, missed, (at, version_at(missed.due_at))))
        books.settle(ledger, key, touchpoint, persona)


def _row(key: InstanceKey, touchpoint: str, missed: Promise, fired: tuple[datetime, int]) -> TimelineRow:
    customer, journey, number = key
    at, version = fired
    _, opened_source, opened_id = missed.opened
    name = msgspec.json.encode([journey, touchpoint, number, opened_source, opened_id, missed.due_at]).decode()
    data = {
        "journey": journey,
        "touchpoint": touchpoint,
        "instance": number or None,
        "due_at": missed.due_at,
        "opened": {"source": opened_source, "id": opened_id},
    }
    event = {
        "specversion": "1.0",
        "id": name,
        "source": SOURCE,
        "type": MISSED,
        "subject": customer,
        "time": missed.due_at,
        "data": data,
    }
    return (
        customer,
        missed.due_at,
        at,
        identity(SOURCE, name),
        name,
        SOURCE,
        MISSED,
        journey,
        touchpoint,
        number or None,
        version,
        VERSION,
        msgspec.json.encode(event),
    )
