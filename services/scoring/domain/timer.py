"""The firing of a promise's timer: a miss, and a row of the customer's timeline like an event's."""

from datetime import datetime

import msgspec

from services.scoring.domain import books
from services.scoring.domain.arrival import RulesAt
from services.scoring.domain.fold import VERSION
from services.scoring.domain.ledger import InstanceKey, Ledger, TimelineRow, Unsettled
from services.scoring.domain.promise import fire as fire_book
from services.scoring.domain.state import Promise
from shared.events.event import identity

SOURCE = "voc:scoring"
MISSED = "voc.promise-missed"


def fire(ledger: Ledger, key: InstanceKey, at: datetime, *, rules_at: RulesAt) -> None:
    """Fire the timers of one instance whose time has come by `at`; instance and customer are in the ledger.

    The rules that were in force when a promise was due say whether its miss opens a case. The customer's persona stays:
    it is evaluated at the customer's own events.
    """
    waiting = Unsettled(ledger.customers[key[0]].persona, at)
    for touchpoint, book in ledger.instances[key].promises.items():
        for missed in fire_book(book, at):
            ledger.timeline.append(_row(key, touchpoint, missed, (at, rules_at(missed.due_at).version)))
        books.settle(ledger, key, touchpoint, waiting, rules_at)


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
