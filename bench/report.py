"""What a comparison found, as a table for people and as its section of docs/results.md."""

import os
import platform
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

import msgspec
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from shared.clock import now

RESULTS = Path(__file__).resolve().parents[1] / "docs" / "results.md"

_HEAD = """\
# Results

What `make bench` measured, each figure beside what it was measured against in the same run. Every comparison is a file
of that name in `bench/`; its section below is of its newest recorded run, and says with which command, when and where.
A ratio is ours by the other's.
"""


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """How to measure. `quick`: a short run with less data, to see that it works; its figures are not recorded.

    The rest is for `bench.ingest`: peers that run already, by their URLs, and ten minutes more for its memory.
    """

    quick: bool = False
    soak: bool = False
    karapace: str | None = None
    hub: str | None = None
    hub_key: str = ""

    def words(self) -> list[str]:
        """The options that were given, as the command line has them; what differs elsewhere is not told."""
        given = {"--quick": self.quick, "--soak": self.soak, "--karapace URL": self.karapace, "--hub URL": self.hub}
        return [word for word, value in given.items() if value]


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One thing measured. `other` is the other side's figure in the same unit; `wanted` the goal where there is one, or
    `wanted_ratio` where it is a goal for the ratio.
    """

    what: str
    ours: float
    unit: str
    other: float | None = None
    other_name: str = ""
    wanted: float | None = None
    wanted_ratio: float | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Ours by the other's; None where there is no other side."""
        return self.ours / self.other if self.other else None


def show(name: str, figures: Sequence[Figure], console: Console) -> None:
    """Print a comparison's figures as a table."""
    table = Table(*_COLUMNS, title=name, box=SIMPLE, title_justify="left")
    for figure in figures:
        table.add_row(*_cells(figure))
    console.print(table)
    for figure in figures:
        if figure.note:
            console.print(f"  {figure.what}: {figure.note}", highlight=False)


def record(name: str, figures: Sequence[Figure], *, command: str, path: Path = RESULTS, at: datetime) -> None:
    """Write a comparison's section of the page, in place of its former one; the sections are in order of name."""
    sections = _sections(path.read_text() if path.exists() else _HEAD)
    sections[name] = section(name, figures, command=command, at=at)
    path.write_text("\n".join([_HEAD, *(sections[key] for key in sorted(sections))]))


def section(name: str, figures: Sequence[Figure], *, command: str, at: datetime | None = None) -> str:
    """A comparison's section as Markdown, with a line break at its end."""
    lines = [f"## {name}", "", f"`{command}`, {(at or now()):%Y-%m-%d %H:%M} UTC, on {machine()}.", ""]
    lines += _row(_COLUMNS), _row(["---", "---:", "---:", "---:", "---:"])
    lines += [_row(_cells(figure)) for figure in figures]
    notes = [f"- {figure.what}: {figure.note}" for figure in figures if figure.note]
    return "\n".join([*lines, *([""] if notes else []), *notes, ""])


def machine() -> str:
    """What the figures were measured on, in a few words."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    system = f"{platform.system()} {platform.release().partition('-')[0]}"
    return f"{os.cpu_count()} × {_processor()}, {memory:.0f} GiB, {system}, Python {platform.python_version()}"


_COLUMNS = ("what", "ours", "other side", "ratio", "wanted")


def _cells(figure: Figure) -> list[str]:
    other = "" if figure.other is None else f"{_number(figure.other)} {figure.unit} ({figure.other_name})"
    ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}"
    wanted = "" if figure.wanted is None else f"{_number(figure.wanted)} {figure.unit}"
    if figure.wanted_ratio is not None:
        wanted = f"{figure.wanted_ratio:.3g} ×"
    return [figure.what, f"{_number(figure.ours)} {figure.unit}", other, ratio, wanted]


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _sections(page: str) -> dict[str, str]:
    parts = page.split("\n## ")[1:]
    return {part.partition("\n")[0]: f"## {part.rstrip()}\n" for part in parts}


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    names = [line for line in info.read_text().splitlines() if "model name" in line] if info.exists() else []
    return names[0].partition(":")[2].strip() if names else platform.machine()
