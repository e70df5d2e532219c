"""Why the door cannot take something just now: a word for the metric, a sentence for the sender."""

from typing import Literal

from shared.errors import Unavailable

Reason = Literal[
    "no-kafka",
    "no-keys",
    "no-programme",
    "no-privacy",
    "stalled",
    "late",
    "no-store",
    "full",
    "slow-body",
    "long-bodies",
    "connections",
]

SENTENCES: dict[Reason, str] = {
    "no-kafka": "Kafka is not there yet.",
    "no-keys": "The keys cannot be looked up just now.",
    "no-programme": "The programme cannot be looked up yet.",
    "no-privacy": "What the programme says of personal data cannot be done just now; ingest's health page says why.",
    "stalled": "Kafka does not acknowledge just now.",
    "late": "Kafka did not acknowledge in time.",
    "no-store": "What waits to be fetched cannot be stored just now.",
    "full": "As much waits for Kafka as may.",
    "slow-body": "The request's body did not come in in time.",
    "long-bodies": "Too many long bodies come in at once.",
    "connections": "Too many connections are open.",
}


class NotNow(Unavailable):
    """Answered by 503: the same request may be taken a moment later, and repeats count once."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(SENTENCES[reason])
        self.reason = reason
