"""Pages that are made from tables in the code: written anew, or compared with the file in the tree."""

import argparse
import sys
from collections.abc import Callable, Iterable
from pathlib import Path


def main(page: Callable[[], str], module: str, path: str, arguments: list[str] | None = None) -> int:
    """Write the page to stdout, or with `--check PATH` compare a file with it: exit code 1 and a sentence when that
    file is stale. `module` is run to write it, to `path` in the tree."""
    command = f"python -m {module}"
    parser = argparse.ArgumentParser(prog=command, description=f"Write {path}, made from tables in the code.")
    parser.add_argument("--check", metavar="PATH", type=Path, help="compare PATH with the page instead of writing it")
    file: Path | None = parser.parse_args(arguments).check
    if file is None:
        sys.stdout.write(page())
        return 0
    if file.is_file() and file.read_text(encoding="utf-8") == page():
        return 0
    sys.stderr.write(f"{file} is stale: write it again with `{command} > {file}`\n")
    return 1


def table(columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A Markdown table."""
    lines = (columns, ("---",) * len(columns), *rows)
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)
