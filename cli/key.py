"""`voc key`: who may come in by which door, until when, and with how much."""

import asyncio
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated, TypeVar

import typer
from rich.table import Column, Table

from cli.database import database
from cli.expiry import expiry
from cli.printed import print_json
from cli.wide import console
from shared.clock import now
from shared.http import kept_keys
from shared.http.keys import Scope
from shared.http.quota import Quota, quota
from shared.http.rotation import Rotated, rotate
from shared.programme.durations import seconds

app = typer.Typer(help="Who may come in: keys with a scope, stored as digests.", no_args_is_help=True)

Name = Annotated[str, typer.Option("--name", help="who uses it: shop, crm, anna; a name is used once, for ever")]
InScope = Annotated[Scope, typer.Option("--scope", help="ingest sends events, read reads, alerts acts, admin does all")]
Expires = Annotated[
    str | None, typer.Option("--expires", metavar="90d|DATE", help="until when it holds; without it, for ever")
]
Rate = Annotated[str | None, typer.Option("--rate", metavar="500/s", help="events it may send; without it, any number")]
Burst = Annotated[
    int | None, typer.Option("--burst", help="so many of them at once; without it, what one unit of the rate brings")
]
Overlap = Annotated[str, typer.Option("--overlap", metavar="24h", help="how long the old key holds beside the new one")]
Known = Annotated[str, typer.Argument(metavar="NAME", help="a name that `voc key list` shows")]
AsJson = Annotated[bool, typer.Option("--json", help="for programs")]

Read = TypeVar("Read")


@app.command()
def create(name: Name, scope: InScope, expires: Expires = None, rate: Rate = None, burst: Burst = None) -> None:
    """Make a key and print it alone. It is shown this once: only its digest is kept."""
    if burst is not None and rate is None:
        raise typer.BadParameter("--burst goes with --rate")
    limit = None if rate is None else _read("--rate", lambda: quota(rate, burst))
    print(asyncio.run(_create(name, scope, _until(expires), limit)))


@app.command("list")
def show(as_json: AsJson = False) -> None:
    """Show all keys, by name: never a key itself."""
    keys = asyncio.run(_kept())
    if as_json:
        print_json(keys)
        return
    table = Table(
        Column("name", overflow="fold"),
        "scope",
        "made",
        "expires",
        "last used",
        "quota",
        "revoked",
        box=None,
        pad_edge=False,
    )
    for key in keys:
        moments = [_minute(key.created_at), _minute(key.expires_at), _minute(key.last_used_at)]
        table.add_row(key.name, key.scope, *moments, str(key.quota or ""), _minute(key.revoked_at))
    console().print(table if keys else "There are no keys; `voc key create --name NAME --scope SCOPE` makes one.")


@app.command()
def revoke(name: Known) -> None:
    """Let a key hold no longer. The services take it up within five seconds."""
    asyncio.run(_revoke(name))
    print(f"{name} is revoked.")


@app.command("rotate")
def stand_in(name: Known, overlap: Overlap = "24h", expires: Expires = None) -> None:
    """Make a key that stands in for another one, and print it alone. Both hold until the overlap is over."""
    both = timedelta(seconds=_read("--overlap", lambda: seconds(overlap)))
    made = asyncio.run(_rotate(name, both, _until(expires)))
    print(f"{made.name} holds from now on, {name} until {_minute(made.old_until)}.", file=sys.stderr)
    print(made.key)


def _until(expires: str | None) -> datetime | None:
    return None if expires is None else _read("--expires", lambda: expiry(expires, now()))


def _read(option: str, read: Callable[[], Read]) -> Read:
    """What an option says; a mistake in it is one of usage, exit code 2."""
    try:
        return read()
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint=option) from error


def _minute(at: datetime | None) -> str:
    return "" if at is None else f"{at:%Y-%m-%d %H:%M} UTC"


async def _create(name: str, scope: Scope, expires_at: datetime | None, limit: Quota | None) -> str:
    async with database("voc key") as connection:
        return await kept_keys.create(connection, name=name, scope=scope, expires_at=expires_at, quota=limit)


async def _kept() -> list[kept_keys.KeptKey]:
    async with database("voc key") as connection:
        return await kept_keys.kept(connection)


async def _revoke(name: str) -> None:
    async with database("voc key") as connection:
        await kept_keys.revoke(connection, name)


async def _rotate(name: str, overlap: timedelta, expires_at: datetime | None) -> Rotated:
    async with database("voc key") as connection:
        return await rotate(connection, name, overlap=overlap, expires_at=expires_at)
