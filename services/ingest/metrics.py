"""What ingest tells Prometheus: one table."""

from prometheus_client import Counter, Gauge, Histogram

ACCEPTED = Counter("voc_ingest_events_accepted_total", "Events that Kafka has acknowledged")
REFUSED = Counter(
    "voc_ingest_events_refused_total", "Events, and requests without a readable one, that were refused", ["reason"]
)
OVER_QUOTA = Counter("voc_ingest_over_quota_total", "Requests answered 429, by the name of their key", ["key"])
WEBHOOKS = Counter(
    "voc_ingest_deliveries_total",
    "Webhook deliveries, by what came of them: taken, ignored, refused, unproven",
    ["source", "outcome"],
)
UNKNOWN_QUESTIONS = Counter(
    "voc_ingest_unknown_questions_total", "Answers to questions that the source does not configure", ["source"]
)
FETCHES = Counter(
    "voc_ingest_fetches_total",
    "What thin deliveries announced, by what came of asking for it: fetched, failed, given-up",
    ["source", "outcome"],
)
NOTICES_WAITING = Gauge("voc_ingest_notices_waiting", "Announced answers that wait to be fetched")
UNAVAILABLE = Counter("voc_ingest_requests_unavailable_total", "Requests answered 503", ["reason"])
QUARANTINED = Counter("voc_ingest_events_quarantined_total", "Refused events that the quarantine has")
NOT_QUARANTINED = Counter(
    "voc_ingest_events_not_quarantined_total", "Refused events that Kafka was not there to take; the answer said why"
)
CONNECTIONS = Gauge("voc_ingest_connections", "Connections that are open")
CLOSED = Counter("voc_ingest_connections_closed_total", "Connections that the door closed for its limits", ["reason"])
ACKNOWLEDGED_SECONDS = Histogram(
    "voc_ingest_acknowledged_seconds",
    "From the first event of a group until Kafka has acknowledged the group",
    buckets=(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5),
)
WAITING_EVENTS = Gauge("voc_ingest_waiting_events", "Events that wait for Kafka")
WAITING_BYTES = Gauge("voc_ingest_waiting_bytes", "Their bytes")
REPLACED = Counter("voc_ingest_producers_replaced_total", "Times the producer failed and was made anew")

BRIDGE_READ = Counter("voc_ingest_bridge_records_total", "Records read of topics that the bridge connects", ["source"])
BRIDGE_PUBLISHED = Counter(
    "voc_ingest_bridge_events_total", "Events made of them that Kafka has acknowledged", ["source"]
)
BRIDGE_DROPPED = Counter(
    "voc_ingest_bridge_records_dropped_total",
    "Records that say nothing: a tombstone, or the map makes nothing of them",
    ["source", "reason"],
)
BRIDGE_QUARANTINED = Counter(
    "voc_ingest_bridge_records_quarantined_total", "Records that make no event: the quarantine has them", ["source"]
)
BRIDGE_LOST = Counter(
    "voc_ingest_bridge_records_lost_total",
    "Records that the topic's retention deleted before they were read",
    ["source"],
)
BRIDGE_MADE_AGAIN = Counter(
    "voc_ingest_bridge_generations_total",
    "Partitions that turned out to be another topic's, and were read from their beginning",
    ["source"],
)
BRIDGE_WAITS = Counter(
    "voc_ingest_bridge_waits_total",
    "Times that a bridge waited until Kafka takes events again, or until personal data can be protected",
    ["source", "reason"],
)
BRIDGE_LAG = Gauge(
    "voc_ingest_bridge_lag", "Records in a topic that are not read yet, of the partitions of this process", ["source"]
)
BRIDGE_STOPPED = Gauge(
    "voc_ingest_bridge_stopped",
    "1 where too many records in a row made no event, so that the source is not read on",
    ["source"],
)
QUARANTINE_KEPT = Counter(
    "voc_ingest_quarantine_kept_total",
    "Messages of voc.quarantine that this process has put into the index, repeats too",
    ["source", "kind"],
)
QUARANTINE_WAITING = Gauge(
    "voc_ingest_quarantine_waiting", "Things in the quarantine that wait; 0 in processes that do not keep its index"
)
QUARANTINE_REPLAYED = Counter(
    "voc_ingest_quarantine_replayed_total", "Things replayed, by what came of it", ["outcome"]
)
SOURCES_FAILING = Gauge(
    "voc_ingest_sources_failing", "Sources much of which is refused; 0 in processes that do not keep the index"
)
