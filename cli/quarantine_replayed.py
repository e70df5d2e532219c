"""A replay, chunk after chunk: a bar while it goes on, and what came of it."""

from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from cli.ingest_api import IngestApi
from cli.quarantine_shown import plain
from shared.errors import VocError

SHOWN = 20
COUNTED = ("went", "events", "settled", "busy")


def replayed(ingest: IngestApi, selection: dict[str, Any], *, quiet: bool) -> dict[str, Any]:
    """The sum of all chunks, told where it is not `quiet`. Raises VocError where it had to stop, and says how far."""
    total: dict[str, Any] = {"dry_run": selection["dry_run"], **dict.fromkeys(COUNTED, 0), "refused": []}
    errors = Console(stderr=True, highlight=False, soft_wrap=True)
    columns = (TextColumn("Replaying"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(compact=True))
    with Progress(*columns, console=errors, disable=not errors.is_terminal or quiet) as progress:
        bar = progress.add_task("", total=None)
        for part in _parts(ingest, selection, total):
            done = total["went"] + len(total["refused"]) + total["busy"]
            progress.update(bar, completed=done, total=done + part["left"])
    if not quiet:
        _tell(errors, total)
    return total


def _parts(ingest: IngestApi, selection: dict[str, Any], total: dict[str, Any]) -> Any:
    cursor: str | None = None
    while True:
        try:
            part = ingest.post("/v1/quarantine/replay", selection | {"cursor": cursor})
        except VocError as error:
            raise VocError(f"{error} {total['went']:,} went before; type the same again to go on.") from error
        for name in COUNTED:
            total[name] += part[name]
        total["refused"] += part["refused"]
        yield part
        cursor = part["next"]
        if cursor is None:
            return


def _tell(errors: Console, total: dict[str, Any]) -> None:
    refused = total["refused"]
    for one in refused[:SHOWN]:
        why = "; ".join(f"{said['path']}: {said['message']}".removeprefix(": ") for said in one["problems"])
        errors.print(f"[red]{one['id']}[/] {escape(plain(why))}")
    if len(refused) > SHOWN:
        errors.print(f"… and {len(refused) - SHOWN:,} more; --json has them all.")
    would = "would go" if total["dry_run"] else "went"
    said = [f"{total['went']:,} {would}, as {total['events']:,} events", f"{len(refused):,} refused again"]
    if total["settled"]:
        said.append(f"{total['settled']:,} not there any more, or went before")
    if total["busy"]:
        said.append(f"{total['busy']:,} being replayed by somebody else, or were half a minute ago")
    print("; ".join(said) + ".")
