"""The way of the story's events: a programme to read them by, the public door, scoring."""

from time import monotonic

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from cli.database import database
from cli.local_key import local_key
from cli.sending.files import Sending
from cli.sending.source import Source
from cli.story.address import address
from cli.story.folded import until_folded
from cli.story.nordwind import History
from deploy.local.home import Home
from shared.clock import now
from shared.errors import VocError
from shared.http.keys import Scope
from shared.programme import store
from shared.programme.model import Programme


async def prepare(home: Home, programme: Programme) -> dict[Scope, str]:
    """Apply the programme, and make a key to send and one to read with."""
    async with database("voc demo") as connection:
        await store.apply(connection, programme, now=now())
    scopes: tuple[Scope, ...] = ("ingest", "read")
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
    """Until every event counts and no promise is undecided that could be decided."""
    began = monotonic()
    columns = (TextColumn("Scoring"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        bar = progress.add_task("Scoring", total=history.events)
        until_folded(address("scoring"), history.events, told=lambda folded: progress.update(bar, completed=folded))
    console.print(f"[green]✓[/] {history.events:,} events are scored  [dim]{monotonic() - began:.1f} s[/]")
