"""The way of the story's history: a programme to read it by, the public door, scoring, the first decisions."""

import time
from time import monotonic

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from cli.called import called
from cli.database import database
from cli.local_key import local_key
from cli.sending.files import Sending
from cli.sending.source import Source
from cli.story.address import address
from cli.story.folded import until_folded
from cli.story.journey import DOTS
from cli.story.nordwind import History
from cli.story.reading import Reading
from deploy.local.home import Home
from shared.clock import now
from shared.errors import Unavailable, VocError
from shared.http.keys import Scope
from shared.programme import store
from shared.programme.model import Programme

_PATIENCE = 60.0


async def prepare(home: Home, programme: Programme) -> dict[Scope, str]:
    """Apply the programme, and make keys to send, to read, and to ask alerts with."""
    async with database("voc demo") as connection:
        await store.apply(connection, programme, now=now())
    return await local_keys(home)


async def local_keys(home: Home) -> dict[Scope, str]:
    """The demo's keys, by what they are for."""
    scopes: tuple[Scope, ...] = ("ingest", "read", "alerts")
    return {scope: await local_key(home, scope) for scope in scopes}


def send(console: Console, history: History, key: str) -> None:
    """As `voc send` does. Raises VocError."""
    sending = Sending([Source(path=history.path, format="json")], address("ingest"), rebased=False)
    bookmark = sending.bookmark(from_start=True)
    began = monotonic()
    sending.go(bookmark, key, console=console, refused=None)
    if bookmark.refused:
        raise VocError(f"The door refused {bookmark.refused} of the story's events: {bookmark.shown[0][1].problems}")
    console.print(f"[green]✓[/] {bookmark.accepted:,} events are through the door  [dim]{monotonic() - began:.1f} s[/]")


def await_folded(console: Console, history: History) -> None:
    """Until every event counts."""
    began = monotonic()
    columns = (TextColumn("Scoring"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        bar = progress.add_task("Scoring", total=history.events)
        until_folded(address("scoring"), history.events, told=lambda folded: progress.update(bar, completed=folded))
    console.print(f"[green]✓[/] {history.events:,} events are scored  [dim]{monotonic() - began:.1f} s[/]")


def await_decisions(console: Console, reading: Reading) -> None:
    """Until the moment of the story has its first status: settled, and decided. Raises VocError if it is not green."""
    began = monotonic()
    with console.status("Waiting for the first decisions"):
        while (moment := reading.moment())["status"] == "unknown":
            if monotonic() - began > _PATIENCE:
                raise Unavailable(
                    f"{moment['name']} has no status after {_PATIENCE:.0f} s; `{called()} status` says how scoring is."
                )
            time.sleep(0.2)
    status = moment["status"]
    if status != "green":
        raise VocError(f"{moment['name']} is {status} before anything went wrong; `{called()} demo` tells it anew.")
    seconds = f"[dim]{monotonic() - began:.1f} s[/]"
    console.print(f"[green]✓[/] {moment['name']} is [{DOTS[status]}]{status}[/]  {seconds}")
