"""The project's own files as the tests of the house read them."""

import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]


def pyproject() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def name_of(requirement: str) -> str:
    """`sqlalchemy[asyncio]>=2.1; marker` → sqlalchemy, spelt as the packaging rules compare it."""
    return re.split(r"[^A-Za-z0-9._-]", requirement.strip(), maxsplit=1)[0].lower().replace("_", "-").replace(".", "-")


def locked(lock: Path) -> dict[str, set[str]]:
    """Package → its locked lines, without the hashes."""
    found: dict[str, set[str]] = {}
    for line in lock.read_text().splitlines():
        if line and not line.startswith(" "):
            found.setdefault(name_of(line), set()).add(line.rstrip(" \\"))
    return found


def files(*suffixes: str) -> list[Path]:
    """What is in version control, or about to be, with one of the suffixes."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    paths = [ROOT / line for line in listed.stdout.splitlines()]
    return [path for path in paths if path.suffix in suffixes and path.is_file()]


def table(markdown: str) -> list[list[str]]:
    """The cells of every table row in a page, headings and rules left out."""
    rows = [line.strip().strip("|").split("|") for line in markdown.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in row] for row in rows]
    headings = {index for index, row in enumerate(cells[1:]) if set("".join(row)) <= set("-: ")}
    return [row for index, row in enumerate(cells) if index not in headings and index - 1 not in headings]
