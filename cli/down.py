"""`voc down`: have the local stack not run."""

from typing import Annotated

import typer
from rich.console import Console

from cli.stack_home import there

Parts = Annotated[list[str] | None, typer.Argument(metavar="PART", help="kafka, postgres, ingest, …; all without")]


def down(parts: Parts = None) -> None:
    """Stop the parts, services first, and return when their ports are free. What they stored stays.

    A part that was named is left down until `voc up` asks for it again.
    """
    from deploy.local import control
    from deploy.local.part import chosen

    console, home = Console(highlight=False), there()
    with console.status("Stopping"):
        stopped = control.down(home, chosen(parts or ()))
    for name in stopped:
        console.print(f"[green]✓[/] {name} is down")
    if not stopped:
        console.print("Nothing was running.")
