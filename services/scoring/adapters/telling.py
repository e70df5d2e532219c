"""What the fold tells, as messages of its topics."""

from services.scoring.adapters.outbox import Message
from services.scoring.domain.ledger import Telling
from shared.events.told.case import CaseOpened
from shared.events.told.envelope import Told, write
from shared.events.told.persona import PersonaChanged
from shared.kafka.topics import CASES, PERSONAS

HEADERS = {"content-type": "application/cloudevents+json"}
TOPICS: dict[type[Told], str] = {PersonaChanged: PERSONAS.name, CaseOpened: CASES.name}


def message_of(telling: Telling) -> Message:
    """A CloudEvent, keyed by its subject."""
    data, name, subject, time, sequence = telling
    value = write(data, id=name, subject=subject, time=time, sequence=sequence)
    return Message(TOPICS[type(data)], subject.encode(), value, HEADERS)
