"""Response, wait and handling times become counts of logarithmic buckets (domain §2.16)."""

from services.scoring.domain.arrival import Arrival
from services.scoring.domain.ledger import Ledger
from shared.events.model import Interaction
from shared.metrics.sketch import duration_key
from shared.metrics.span import quarter_of

METRICS = ("response_seconds", "wait_seconds", "duration_seconds")
SCALE = "ms"


def count(ledger: Ledger, arrival: Arrival, persona: str) -> None:
    """Count the durations that an interaction at a touchpoint carries."""
    data, where = arrival.event.data, arrival.place
    assert type(data) is Interaction
    if data.response_seconds is None and data.wait_seconds is None and data.duration_seconds is None:
        return
    for metric in METRICS:
        seconds = getattr(data, metric)
        if seconds is not None:
            series = (
                where.journey or "",
                where.major,
                where.touchpoint or "",
                data.perspective or "customer",
                metric,
                SCALE,
                persona,
                data.channel or "",
            )
            ledger.count((series, quarter_of(arrival.stamp[0]), duration_key(seconds * 1000)), 1)
