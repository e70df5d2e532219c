"""Events that no touchpoint matches are told, where there are any."""

import prometheus_client

from deploy.local.off_map import sentence
from services.scoring import metrics


def test_what_is_off_the_map_is_said_by_the_metrics_of_scoring() -> None:
    metrics.FOLDED.inc(0)
    said = prometheus_client.generate_latest().decode()
    assert "voc_scoring_events_off_map_total" in said
    assert "voc_scoring_events_folded_total" in said


def test_it_is_a_sentence_where_there_is_any() -> None:
    folded = "# TYPE voc_scoring_events_folded_total counter\nvoc_scoring_events_folded_total 12345.0\n"
    assert sentence(folded) is None
    assert sentence(folded + "voc_scoring_events_off_map_total 0.0\n") is None
    assert sentence(folded + "voc_scoring_events_off_map_total 1234.0\n") == (
        "1,234 of 12,345 events since its start are off the map: no touchpoint matches them"
    )
