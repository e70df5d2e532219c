"""`voc key`: who may come in by which door."""

import asyncio
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from cli.database import database
from shared.http import kept_keys
from shared.http.keys import Scope

app = typer.Typer(help="Who may come in: keys with a scope, stored as digests.", no_args_is_help=True)

Name = Annotated[str, typer.Option("--name", help="who uses it: shop, crm, anna; a name is used once, for ever")]
InScope = Annotated[Scope, typer.Option("--scope", help="ingest sends events, read reads, alerts acts, admin does all")]
Known = Annotated[str, typer.Argument(metavar="NAME", help="a name that `voc key list` shows")]
AsJson = Annotated[bool, typer.Option("--json", help="for programs")]


@app.command()
def create(name: Name, scope: InScope) -> None:
    """Make a key and print it alone. It is shown this once: only its digest is kept."""
    print(asyncio.run(_create(name, scope)))


@app.command("list")
def show(as_json: AsJson = False) -> None:
    """Show all keys, by name: never a key itself."""
    keys = asyncio.run(_kept())
    if as_json:
        print(msgspec.json.format(msgspec.json.encode(keys), indent=2).decode())
        return
    table = Table("name", "scope", "made", "revoked", box=None, pad_edge=False)
    for key in keys:
        revoked = f"{key.revoked_at:%Y-%m-%d %H:%M} UTC" if key.revoked_at else ""
        table.add_row(key.name, key.scope, f"{key.created_at:%Y-%m-%d %H:%M} UTC", revoked)
    Console(highlight=False).print(table if keys else "There are no keys; `voc key create` makes one.")


@app.command()
def revoke(name: Known) -> None:
    """Let a key hold no longer. The services take it up within five seconds."""
    asyncio.run(_revoke(name))
    print(f"{name} is revoked.")


async def _create(name: str, scope: Scope) -> str:
    async with database("voc key") as connection:
        return await kept_keys.create(connection, name=name, scope=scope)


async def _kept() -> list[kept_keys.KeptKey]:
    async with database("voc key") as connection:
        return await kept_keys.kept(connection)


async def _revoke(name: str) -> None:
    async with database("voc key") as connection:
        await kept_keys.revoke(connection, name)
