"""`voc status`: how the local stack is."""

import os
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cli.stack_home import home

AsJson = Annotated[bool, typer.Option("--json", help="for programs; the database's url has its password")]


def status(as_json: AsJson = False) -> None:
    """Ask each part now whether it can do its work."""
    import msgspec

    from deploy.local.status import PartStatus, without_password
    from deploy.local.status import status as ask

    found = ask(home(), os.environ)
    if as_json:
        print(msgspec.json.format(msgspec.json.encode(found), indent=2).decode())
        return

    def row(name: str, part: PartStatus) -> tuple[str, ...]:
        how = "[green]healthy[/]" if part.healthy else "[red]not healthy[/]" if part.url else "[dim]down[/]"
        where = "external" if part.external else str(part.pid or "")
        return name, how, where, without_password(part.url or ""), part.message or ""

    table = Table("part", "state", "pid", "address", "", box=None, pad_edge=False)
    for name, part in found.items():
        table.add_row(*row(name, part))
    Console(highlight=False).print(table)
