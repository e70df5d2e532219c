"""What people are told to type."""

from pathlib import Path

import pytest

from cli.called import called


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    return _program(tmp_path / "ours")


def _program(folder: Path) -> Path:
    folder.mkdir()
    (folder / "voc").touch(0o755)
    return folder / "voc"


def test_it_is_voc_where_that_is_this_one(ours: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", [str(ours), "up"])
    monkeypatch.setenv("PATH", str(ours.parent))
    assert called() == "voc"


def test_it_is_a_path_where_there_is_no_voc_or_another(
    ours: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", [str(ours), "up"])
    monkeypatch.setenv("PATH", str(tmp_path))
    assert called() == str(ours)
    monkeypatch.setenv("PATH", str(_program(tmp_path / "another").parent))
    assert called() == str(ours)


def test_what_was_started_as_a_module_has_no_such_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["cli/main.py", "up"])
    assert called() == "voc"
