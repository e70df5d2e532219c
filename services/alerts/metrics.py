"""What alerts tells Prometheus: one table."""

from prometheus_client import Counter, Gauge, Histogram

TAKEN = Counter("voc_alerts_messages_taken_total", "Messages of scoring taken in, by what came of them", ["reason"])
QUARANTINED = Counter("voc_alerts_messages_quarantined_total", "Messages that cannot be read, set aside", ["topic"])
ATTEMPTS = Counter(
    "voc_alerts_attempts_total", "Attempts to deliver, by how they ended", ["channel", "what", "outcome"]
)
LATENCY = Histogram(
    "voc_alerts_delivery_seconds",
    "From the event that is told of to the provider's answer",
    ["channel"],
    buckets=(0.1, 0.3, 0.5, 1, 2, 5, 10, 30, 60, 300, 900, 3600),
)
PAUSED = Counter("voc_alerts_receivers_paused_total", "Times that a provider asked for a pause", ["channel"])
UNDER_WAY = Gauge("voc_alerts_deliveries_under_way", "Deliveries that this process is busy with")
LEFT = Counter("voc_alerts_leases_ended_total", "Deliveries taken on from a process that left them", ["channel"])
WAITING = Gauge("voc_alerts_deliveries_waiting", "Deliveries that wait, of all processes", ["state"])
OLDEST_SECONDS = Gauge("voc_alerts_oldest_waiting_seconds", "How long the oldest of them has waited; 0 where none does")
OPEN_EPISODES = Gauge("voc_alerts_episodes_open", "Moments of truth that are red")
UNTOLD_EPISODES = Gauge(
    "voc_alerts_episodes_untold", "Moments of truth that are red for five minutes and nobody has heard of it"
)
TROUBLES = Gauge(
    "voc_alerts_troubles_open", "Troubles of the programme itself that last; with no admin, told only here"
)
BROKEN = Gauge("voc_alerts_receivers_broken", "Receivers that refuse what is sent to them, and owners who have none")
