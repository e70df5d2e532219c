"""What people see of a run: a bar while it goes on, and the truth at its end."""

from pathlib import Path
from time import monotonic

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, DownloadColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from cli.sending.bookmark import SHOWN, Bookmark

_COLUMNS = (
    TextColumn("{task.description}"),
    BarColumn(),
    TaskProgressColumn(),
    DownloadColumn(),
    TextColumn("{task.fields[events]:,} events"),
    TextColumn("{task.fields[rate]:,.0f}/s"),
    TimeRemainingColumn(compact=True),
)


class Told:
    """The bar. Used as a context manager; on standard error, so that output can be piped on."""

    def __init__(self, console: Console, bookmark: Bookmark, *, total: int | None) -> None:
        self._progress = Progress(*_COLUMNS, console=console, disable=not console.is_terminal)
        self._began = monotonic()
        self._before = bookmark.answered
        self._bar = self._progress.add_task("Sending", total=total, events=self._before, rate=0.0)

    def __enter__(self) -> "Told":
        self._progress.start()
        return self

    def __exit__(self, *_why: object) -> None:
        self._progress.stop()

    def at(self, bookmark: Bookmark) -> None:
        events = bookmark.answered
        rate = (events - self._before) / max(monotonic() - self._began, 0.001)
        self._progress.update(self._bar, completed=bookmark.bytes_done, events=events, rate=rate)

    def waits(self, why: str) -> None:
        """Say that the door asks for patience, and why; the empty text: it goes on."""
        self._progress.update(self._bar, description=f"Waiting ({escape(why[:60])})" if why else "Sending")


def conclude(console: Console, bookmark: Bookmark, *, before: int, seconds: float, written: Path | None) -> None:
    """What was refused and why, to the console; and what became of all of it, in one line to standard output.

    `before` events were answered when an earlier run stopped; `written` is the file of what was refused.
    """
    several = len(bookmark.files) > 1
    for name, refusal in bookmark.shown:
        where = f"{name}:{refusal.line}" if several else f"line {refusal.line}"
        why = "; ".join(f"{problem.path}: {problem.message}".removeprefix(": ") for problem in refusal.problems)
        console.print(f"{where}: {why}", markup=False, soft_wrap=True)
    if bookmark.refused > SHOWN:
        where = f"{written} has them" if written else "--refused FILE writes them all"
        console.print(f"… and {bookmark.refused - SHOWN:,} more; {where}, with reasons.", markup=False, soft_wrap=True)
    this_run = f", {bookmark.answered - before:,} of them by this run" if before else ""
    print(f"{bookmark.accepted:,} events accepted, {bookmark.refused:,} refused{this_run}, in {seconds:.1f} s.")
