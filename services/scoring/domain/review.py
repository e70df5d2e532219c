"""Who was decided by personas of before is looked at again when a new version of the programme holds (domain.md P8).

It is a row of the customer's timeline like an event's: whoever folds a timeline again meets it where it happened.
"""

from datetime import datetime

import msgspec

from services.scoring.domain import persona
from services.scoring.domain.fold import VERSION
from services.scoring.domain.ledger import Ledger, TimelineRow
from services.scoring.domain.rules import Rules
from shared.events.event import identity

SOURCE = "voc:scoring"
REVIEWED = "voc.persona-reviewed"


def review(ledger: Ledger, name: str, rules: Rules, at: datetime) -> bool:
    """Evaluate a customer of the ledger by `rules`, which hold at `at`, with all that is known; whether the persona is
    another one. Event time is the last event's, or that from which the rules hold, whichever is later."""
    customer = ledger.customers[name]
    previous, begins_at = customer.persona, rules.era.begins_at
    instant = customer.last_at if begins_at is None else max(customer.last_at, begins_at)
    customer.reviewed_at = instant if instant > customer.last_at else None
    persona.decide(ledger, name, customer, rules, instant)
    ledger.timeline.append(_row(name, customer.persona, previous, rules.version, (instant, at)))
    return customer.persona != previous


def _row(name: str, now: str, previous: str, version: int, times: tuple[datetime, datetime]) -> TimelineRow:
    instant, at = times
    event_id = msgspec.json.encode([name, version]).decode()
    event = {
        "specversion": "1.0",
        "id": event_id,
        "source": SOURCE,
        "type": REVIEWED,
        "subject": name,
        "time": instant,
        "data": {"programme": version, "persona": now, "previous": previous},
    }
    raw, key = msgspec.json.encode(event), identity(SOURCE, event_id)
    return (name, instant, at, key, event_id, SOURCE, REVIEWED, None, None, None, version, VERSION, raw)
