"""What scoring tells Prometheus: one table."""

from collections.abc import Iterable

from prometheus_client import Counter, Gauge, Histogram

from services.scoring.domain.ledger import Telling
from shared.events.told.case import CaseOpened
from shared.events.told.persona import PersonaChanged

FOLDED = Counter("voc_scoring_events_folded_total", "Events folded, each once")
DUPLICATES = Counter("voc_scoring_events_duplicate_total", "Events dropped because they were seen before")
OFF_MAP = Counter(
    "voc_scoring_events_off_map_total", "Events folded that reach no step of the map; parts of responses are left out"
)
QUARANTINED = Counter("voc_scoring_events_quarantined_total", "Records sent to the quarantine", ["reason"])
RETRIED = Counter("voc_scoring_batches_retried_total", "Batches repeated after an error that passes", ["error"])
DROPPED = Counter("voc_scoring_batches_dropped_total", "Batches dropped because another worker had the partition")
BATCH_SECONDS = Histogram(
    "voc_scoring_batch_seconds",
    "Time from a decoded batch to its commit",
    buckets=(0.01, 0.03, 0.1, 0.2, 0.3, 0.5, 1, 2, 5, 10),
)
PROMISES_MISSED = Counter("voc_scoring_promises_missed_total", "Timers that found a promise unkept")
PERSONAS_CHANGED = Counter(
    "voc_scoring_personas_changed_total", "Customers whose persona or treatment changed, first ones included"
)
REVIEWED = Counter(
    "voc_scoring_personas_reviewed_total", "Customers looked at again since a new version of the programme holds"
)
TO_REVIEW = Gauge(
    "voc_scoring_personas_to_review",
    "About how many customers a new version of the programme is still to be asked about",
)
CASES_OPENED = Counter("voc_scoring_cases_opened_total", "Cases opened", ["rule"])
HALTED = Gauge("voc_scoring_partitions_halted", "Partitions that stopped with a sentence; see /readyz")
BEHIND = Gauge(
    "voc_scoring_events_behind",
    "Events in Kafka that are not folded yet, of all partitions this worker holds, stopped ones too",
)
PUBLISHED = Counter("voc_scoring_outbox_published_total", "Messages published from the outbox", ["topic"])
CUT = Counter(
    "voc_scoring_outbox_refused_total", "Messages that Kafka refused for good: the quarantine has them, cut", ["topic"]
)
DECIDED = Counter("voc_scoring_measures_decided_total", "Measures decided, each at its tick", ["status"])
STATUS_CHANGED = Counter("voc_scoring_moments_changed_total", "Moments of truth whose status changed", ["status"])
HELD = Gauge("voc_scoring_measures_held", "Measures whose tick has come, and wait for scoring to catch up")
ROUND_SECONDS = Histogram(
    "voc_scoring_round_seconds",
    "Time in which all measures that were due were decided",
    buckets=(0.005, 0.02, 0.1, 0.3, 0.5, 1, 2, 5, 10),
)


def count_told(told: Iterable[Telling]) -> None:
    """Count what a transaction has told, once it is durable."""
    for telling in told:
        if isinstance(telling.data, PersonaChanged):
            PERSONAS_CHANGED.inc()
        elif isinstance(telling.data, CaseOpened):
            CASES_OPENED.labels(telling.data.rule).inc()
