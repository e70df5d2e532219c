"""`make setup` does what its help says, as far as a dry run tells."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.processes import ROOT


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A tree that is set up, with the Python that runs this."""
    for name in ("Makefile", "requirements.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").symlink_to(sys.executable)
    (tmp_path / ".venv" / ".installed").touch()
    return tmp_path


def would_do(tree: Path, *arguments: str) -> str:
    environ = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL", "PYTHON")}
    command = ["make", "--dry-run", "setup", *arguments]
    return subprocess.run(command, cwd=tree, env=environ, capture_output=True, text=True, check=True).stdout


def test_what_is_set_up_is_left_alone(tree: Path) -> None:
    assert "pip install" not in would_do(tree)
    assert "pip install" not in would_do(tree, f"PYTHON={sys.executable}")


def test_another_python_makes_the_environment_anew(tree: Path) -> None:
    other = tree / "python9.9"
    other.write_text("#!/bin/sh\necho 9.9.9\n")
    other.chmod(0o755)
    said = would_do(tree, f"PYTHON={other}")
    assert (
        f'test -z "yes" && .venv/bin/python -m pip --version >/dev/null 2>&1; }} || {other} -m venv --clear .venv'
        in said
    )
    assert "pip install" in said
