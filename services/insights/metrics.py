"""What insights tells Prometheus: one table."""

from prometheus_client import Counter, Gauge, Histogram

ANSWERED = Counter("voc_insights_answers_total", "Requests answered", ["route", "status"])
ANSWER_SECONDS = Histogram(
    "voc_insights_answer_seconds",
    "Time from a request to its answer",
    ["route"],
    buckets=(0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10),
)
PROGRAMME = Gauge("voc_insights_programme_version", "Id of the programme's version applied last; 0 while there is none")
