"""`voc programme` as it is typed: what it prints, where, and how it exits."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli.main import app
from tests.unit.shared.programme.folder import FILES, broken, write

MAP = "journeys/delivery.yaml"


@pytest.fixture
def voc(database_url: str, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("VOC_DATABASE_URL", database_url)
    monkeypatch.setenv("VOC_HOME", "no-stack-here")
    return CliRunner()


def run(voc: CliRunner, *words: str | Path) -> Result:
    return voc.invoke(app, ["programme", *(str(word) for word in words)])


def test_a_right_folder_is_counted(voc: CliRunner, tmp_path: Path) -> None:
    done = run(voc, "validate", write(tmp_path, FILES))
    assert done.exit_code == 0
    assert "Corner shop is right: 1 journey, 2 touchpoints, 2 personas, 2 owners, 3 sources" in done.stdout


def test_mistakes_are_lines_that_an_editor_can_follow(voc: CliRunner, tmp_path: Path) -> None:
    folder = write(tmp_path, broken("programme.yaml", "target: 80", "target: high"))
    for command in ("validate", "diff", "apply"):
        done = run(voc, command, folder)
        assert done.exit_code == 1
        assert f"{folder}/programme.yaml:5: goals[0].target: found 'high', expected a number" in done.stderr
        assert not done.stdout, "nothing was done"


def test_who_cannot_be_told_is_a_warning_and_no_mistake(voc: CliRunner, tmp_path: Path) -> None:
    folder = write(
        tmp_path, broken("owners.yaml", '[{slack: "#van"}, {email: van@shop.example}]', "[{pagerduty: key}]")
    )
    for command, said in (("validate", "Corner shop is right"), ("diff", "+ owner van")):
        done = run(voc, command, folder)
        assert done.exit_code == 0
        assert said in done.stdout
        assert "warning" not in done.stdout, "it is for people, not for what reads the answer"
        van, chief = done.stderr.splitlines()
        assert van.startswith(f"warning: {folder}/owners.yaml: owner van: alerts cannot send to pagerduty yet.")
        assert chief.startswith(f"warning: {folder}/owners.yaml: owner owner-in-chief: it has no receiver.")
    heard = write(
        tmp_path / "heard", FILES | {"owners.yaml": FILES["owners.yaml"] + "    notify: [{slack: '#chief'}]\n"}
    )
    assert not run(voc, "validate", heard).stderr


def test_apply_diff_apply(voc: CliRunner, tmp_path: Path) -> None:
    right = write(tmp_path / "right", FILES)
    first = run(voc, "apply", right, "--from", "2026-01-01")
    assert first.exit_code == 0
    assert "+ journey delivery" in first.stdout
    assert "warning" in first.stderr, "of the owner-in-chief, who has no receiver"
    assert "holds from the beginning of time (the first version always does)" in first.stdout

    again = run(voc, "apply", right)
    assert "No changes." in again.stdout
    assert "Nothing was applied: it is version 1 as it stands." in again.stdout

    other = write(tmp_path / "other", broken(MAP, "red_below: 55", "red_below: 50"))
    shown = run(voc, "diff", other)
    assert "~ red_below: 55 → 50" in shown.stdout
    assert "major" not in shown.stdout, "a threshold breaks no series"
    assert "Nothing was applied" in run(voc, "apply", right).stdout, "diff changes nothing"

    later = run(voc, "apply", other, "--from", "2026-06-01")
    assert "Version 2 of Corner shop holds from 2026-05-31 22:00:00 UTC." in later.stdout, "midnight in Paris"

    refused = run(voc, "apply", right, "--from", "2026-05-31T23:59+02:00")
    assert refused.exit_code == 1
    assert "Give a later --from" in refused.stderr


def test_an_instant_that_is_none(voc: CliRunner, tmp_path: Path) -> None:
    done = run(voc, "apply", write(tmp_path, FILES), "--from", "soon")
    assert done.exit_code == 2
    assert "soon" in done.output


def test_a_database_that_is_away(voc: CliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOC_DATABASE_URL", "postgresql://voc@127.0.0.1:9/voc")
    done = run(voc, "apply", write(tmp_path, FILES))
    assert done.exit_code == 1
    assert "PostgreSQL at 127.0.0.1:9 does not answer" in done.stderr
    assert "voc up" in done.stderr
