"""docs/metrics.md is what the tables say."""

from pathlib import Path

from shared.metrics.known import METRICS
from shared.metrics.page import page
from shared.metrics.scales import SCALES

TREE = Path(__file__).parents[4]


def test_the_page_in_the_tree_is_fresh() -> None:
    assert (TREE / "docs" / "metrics.md").read_text(encoding="utf-8") == page()


def test_the_page_names_every_metric_and_scale() -> None:
    text = page()
    assert all(f"| `{name}` |" in text for name in METRICS)
    assert all(f"| `{scale.scale_id}` |" in text for scale in SCALES.values())


def test_every_answered_metric_has_exactly_one_usual_scale() -> None:
    answered = [metric.name for metric in METRICS.values() if metric.kind == "answer"]
    assert sorted(scale.metric for scale in SCALES.values() if scale.usual) == sorted(answered)
