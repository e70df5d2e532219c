"""Pages made from tables: written, and told when they are stale."""

import subprocess
import sys
from pathlib import Path

import pytest

from shared.page import main, table

TREE = Path(__file__).parents[3]
MADE = {
    "shared.metrics.page": "docs/metrics.md",
    "shared.events.page": "docs/events.md",
    "shared.kafka.asyncapi": "docs/asyncapi.yaml",
}


def page() -> str:
    return "# A page\n\n… made\n"


def check(path: Path) -> int:
    return main(page, "made.page", "docs/page.md", ["--check", str(path)])


def test_a_fresh_page_is_well(tmp_path: Path) -> None:
    path = tmp_path / "page.md"
    path.write_text(page(), encoding="utf-8")
    assert check(path) == 0


@pytest.mark.parametrize("text", [None, "", page()[:-1], page() + "\n"])
def test_a_stale_or_missing_page_is_told(text: str | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "page.md"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    assert check(path) == 1
    assert capsys.readouterr().err == f"{path} is stale: write it again with `python -m made.page > {path}`\n"


@pytest.mark.parametrize(("module", "path"), MADE.items())
def test_the_command_writes_the_page_of_the_tree(module: str, path: str) -> None:
    run = subprocess.run([sys.executable, "-m", module], cwd=TREE, capture_output=True, check=True, encoding="utf-8")
    assert run.stdout == (TREE / path).read_text(encoding="utf-8")


def test_make_check_looks_at_every_made_page() -> None:
    makefile = (TREE / "Makefile").read_text()
    for module, path in MADE.items():
        assert f"python -m {module} --check {path}\n" in makefile


def test_a_table_has_a_rule_below_its_columns() -> None:
    assert table(("a", "b"), [("1", "2")]) == "| a | b |\n| --- | --- |\n| 1 | 2 |\n"
