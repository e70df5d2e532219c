"""`voc status`: how the local stack is."""

import os
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from cli.called import called
from cli.printed import print_json
from cli.stack_home import there

if TYPE_CHECKING:
    from deploy.local.status import PartStatus

AsJson = Annotated[bool, typer.Option("--json", help="for programs; the database's url has its password")]

_PHASES = {
    "starting": "[yellow]starting[/]",
    "waiting": "[yellow]starts again[/]",
    "stopping": "[yellow]stopping[/]",
    "failed": "[red]failed[/]",
}


def status(as_json: AsJson = False) -> None:
    """Ask each part now whether it can do its work.

    Exit code 1 where one that should run is not healthy or nobody watches over it, and where none runs at all.
    """
    from deploy.local.status import status as ask

    found = ask(there(), os.environ)
    if as_json:
        print_json(found)
    else:
        _show(found)
    wanted = [part for part in found.values() if part.pid or part.phase or part.external]
    if not wanted or not all(part.healthy and not part.unwatched for part in wanted):
        raise typer.Exit(1)


def _show(found: "dict[str, PartStatus]") -> None:
    console = Console(highlight=False)
    table = Table("part", "state", "pid", "address", "", box=None, pad_edge=False)
    for name, part in found.items():
        table.add_row(*_row(name, part))
    console.print(table)
    if any(part.unwatched for part in found.values()):
        said = f"Nobody watches over what runs: the supervisor has ended. `{called()} up` starts another one."
        console.print(f"[red]{said}[/]", soft_wrap=True)


def _row(name: str, part: "PartStatus") -> tuple[str, ...]:
    from rich.markup import escape

    from deploy.local.status import without_password

    where = "external" if part.external else str(part.pid or "")
    return name, _state(part), where, without_password(part.url or ""), escape(part.message or "")


def _state(part: "PartStatus") -> str:
    if part.healthy:
        return "[green]healthy[/]"
    return _PHASES.get(part.phase or "") or ("[red]not healthy[/]" if part.pid or part.external else "[dim]down[/]")
