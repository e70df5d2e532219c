"""What a shop's customers do, made up by chance: orders with promises, deliveries, answers, chats and a kiosk."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

BEGIN = datetime(2026, 5, 1, tzinfo=UTC)


def orders(count: int, seed: int = 1) -> list[dict[str, Any]]:
    """Orders with promises, deliveries in time, late or never, answers in two parts, chats, a kiosk."""
    chance = random.Random(seed)
    events = []
    for number in range(count):
        at = BEGIN + timedelta(minutes=chance.randrange(60 * 24 * 20))
        who = f"crm:{chance.randrange(count // 3 + 1)}"
        due = at + timedelta(days=chance.choice([1, 2, 4000]))
        base = {"journey": "order-to-door", "instance": str(number)}
        events.append(event(f"{number}-placed", who, at, base | {"action": "placed", "promised_at": due.isoformat()}))
        if chance.random() < 0.9:
            came = at + timedelta(hours=chance.randrange(10, 80))
            events.append(event(f"{number}-came", who, came, base | {"action": "delivered", "channel": "courier"}))
        if chance.random() < 0.6:
            said = at + timedelta(days=3)
            part = base | {"touchpoint": "parcel-arrives", "response": f"r{number}"}
            answer = {"metric": "csat", "score": chance.randrange(1, 6)}
            events.append(feedback(f"{number}-score", who, said, part | {"answers": [answer]}))
            events.append(feedback(f"{number}-words", who, said + timedelta(minutes=3), part | {"comment": "Danke."}))
        if chance.random() < 0.3:
            chat = {"action": "chatted", "channel": "web", "response_seconds": chance.random() * 600}
            events.append(event(f"{number}-chat", who, at, chat))
        if chance.random() < 0.2:
            kiosk = {"touchpoint": "parcel-arrives", "answers": [{"metric": "nps", "score": chance.randrange(11)}]}
            events.append(feedback(f"{number}-kiosk", None, at, kiosk))
    return events


def event(name: str, who: str, at: datetime, data: dict[str, Any]) -> dict[str, Any]:
    head = {"specversion": "1.0", "id": name, "source": "urn:shop", "type": "voc.interaction", "subject": who}
    return head | {"time": at.isoformat(), "data": data}


def feedback(name: str, who: str | None, at: datetime, data: dict[str, Any]) -> dict[str, Any]:
    head = {"specversion": "1.0", "id": name, "source": "urn:survey", "type": "voc.feedback", "time": at.isoformat()}
    return head | ({"subject": who} if who else {}) | {"data": data}
