"""docs/metrics.md is what the tables say."""

import subprocess
import sys
from pathlib import Path

import pytest

from shared.metrics.known import METRICS
from shared.metrics.page import main, page
from shared.metrics.scales import SCALES

TREE = Path(__file__).parents[4]


def test_the_page_in_the_tree_is_fresh() -> None:
    assert main(["--check", str(TREE / "docs" / "metrics.md")]) == 0


def test_the_page_names_every_metric_and_scale() -> None:
    text = page()
    assert all(f"| `{name}` |" in text for name in METRICS)
    assert all(f"| `{scale.scale_id}` |" in text for scale in SCALES.values())


@pytest.mark.parametrize("text", [None, "", page()[:-1]])
def test_a_stale_or_missing_page_is_told(text: str | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "metrics.md"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    assert main(["--check", str(path)]) == 1
    assert "is stale" in capsys.readouterr().err


def test_the_command_writes_the_page() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "shared.metrics.page"], cwd=TREE, capture_output=True, check=True, encoding="utf-8"
    )
    assert run.stdout == page()


def test_every_answered_metric_has_exactly_one_usual_scale() -> None:
    answered = [metric.name for metric in METRICS.values() if metric.kind == "answer"]
    assert sorted(scale.metric for scale in SCALES.values() if scale.usual) == sorted(answered)
