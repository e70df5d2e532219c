from datetime import UTC, datetime
from pathlib import Path

from bench.report import Figure, record

NOON = datetime(2026, 2, 3, 12, tzinfo=UTC)
FAST = Figure(what="door", ours=12_000, unit="events/s", other=24_000, other_name="bare", wanted=10_000, note="warm")
ALONE = Figure(what="memory", ours=1.234, unit="MB/h")


def test_a_section_names_ours_the_other_side_and_the_ratio(tmp_path: Path) -> None:
    record("ingest", [FAST, ALONE], command="python -m bench ingest", path=tmp_path / "r.md", at=NOON)
    page = (tmp_path / "r.md").read_text()
    assert "| door | 12,000 events/s | 24,000 events/s (bare) | 0.50 | 10,000 events/s |" in page
    assert "| memory | 1.23 MB/h |  |  |  |" in page
    assert "- door: warm" in page
    assert "`python -m bench ingest`, 2026-02-03 12:00 UTC" in page


def test_a_newer_run_replaces_its_own_section_only(tmp_path: Path) -> None:
    path = tmp_path / "r.md"
    record("scoring", [FAST], command="first", path=path, at=NOON)
    record("ingest", [FAST], command="other", path=path, at=NOON)
    record("scoring", [ALONE], command="second", path=path, at=NOON)
    page = path.read_text()
    assert [line for line in page.splitlines() if line.startswith("#")] == ["# Results", "## ingest", "## scoring"]
    assert "`second`" in page
    assert "`other`" in page
    assert "`first`" not in page
    assert page.count("A ratio is ours by the other's.") == 1


def test_a_goal_for_the_ratio_is_told_as_one(tmp_path: Path) -> None:
    beside = Figure(what="door", ours=18_000, unit="events/s", other=3_000, other_name="peer", wanted_ratio=2.5)
    record("ingest", [beside], command="c", path=tmp_path / "r.md", at=NOON)
    assert "| door | 18,000 events/s | 3,000 events/s (peer) | 6.00 | 2.5 × |" in (tmp_path / "r.md").read_text()
