"""`voc up`: have the local stack run."""

import asyncio
import os
from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from cli.called import called
from cli.stack_home import home
from cli.stopped import Stopped

if TYPE_CHECKING:
    from deploy.local.part import Part
    from shared.http.keys import Scope

Parts = Annotated[list[str] | None, typer.Argument(metavar="PART", help="kafka, postgres, ingest, …; all without")]


def up(parts: Parts = None) -> None:
    """Start what does not run yet, with what it needs, and return when all of it is ready.

    An address given in VOC_KAFKA_BOOTSTRAP_SERVERS or VOC_DATABASE_URL comes first: that part is not started. Nor is
    the inbox, which stands in for Slack and a mail server, where VOC_SLACK_API_URL and VOC_SMTP_URL are both given.
    When a part fails, what has been started stays; `voc down` stops it.
    """
    console, voc = Console(highlight=False), called()
    try:
        bring_up(console, parts or ())
    except KeyboardInterrupt:
        said = f"Stopped waiting. What has been started runs on: `{voc} status` shows how it is, `{voc} down` stops it."
        raise Stopped(said) from None
    _let_pages_ask()
    console.print(
        f"[dim]Logs are in {home().logs}; `{voc} status` shows how it is, `{voc} down` stops it.[/]", soft_wrap=True
    )


def _let_pages_ask() -> None:
    """Have the keys by which the inbox's pages ask what runs (deploy/local/inbox/look.py).

    A database that is away just now is no reason to fail: what was asked for is up, and the pages say what they lack.
    """
    from cli.local_key import local_key
    from cli.stack_home import use_local_stack
    from deploy.local.stack import read
    from shared.errors import Unavailable

    scopes: dict[str, Scope] = {"insights": "read", "alerts": "alerts"}
    running = read(home()).parts
    if wanted := [scope for part, scope in scopes.items() if "inbox" in running and part in running]:
        use_local_stack()
        with suppress(Unavailable):
            for scope in wanted:
                asyncio.run(local_key(home(), scope))


def bring_up(console: Console, parts: Iterable[str]) -> None:
    """The parts with these names, all without any, and what they need; tells of each. Raises StackError."""
    from deploy.local import control
    from deploy.local.part import chosen, with_needs
    from deploy.local.stack import PartState, read
    from deploy.local.status import without_password

    control.check_ports()
    wanted, elsewhere = with_needs(chosen(parts), os.environ)
    control.require_ports(home(), wanted)
    for part, address in elsewhere:
        _see_to_elsewhere(console, part, address)
    before = read(home()).parts
    if any(part.name == "kafka" for part in wanted):
        _fetch_kafka(console)

    def tell(name: str, state: PartState) -> None:
        if state.phase == "ready":
            ran = name in before and before[name].runs and before[name].process == state.process
            how = "runs already" if ran else f"{state.seconds:.1f} s"
            console.print(f"[green]✓[/] {name:<9} {without_password(state.address)}  [dim]{how}[/]")
        else:
            console.print(f"[red]✗[/] {name}")

    with console.status("Starting " + ", ".join(part.name for part in wanted)):
        control.up(home(), wanted, told=tell)


def _see_to_elsewhere(console: Console, part: "Part", address: str) -> None:
    """Say that a part is not ours to start, and fail where it does not answer."""
    from deploy.local.failure import StackError
    from deploy.local.part import AND
    from deploy.local.status import fault_elsewhere, without_password

    if why := fault_elsewhere(part.name, address):
        raise StackError(
            f"{part.name} at {without_password(address)} does not answer ({why}); start it, "
            f"or unset {AND.join(part.given)} to have one started here."
        )
    console.print(f"[green]✓[/] {part.name:<9} {without_password(address)}  [dim]external[/]")


def _fetch_kafka(console: Console) -> None:
    """Kafka's jars with a bar, the first time; the broker's start then finds them."""
    from deploy.local import jars

    if jars.are_there():
        return
    columns = (TextColumn("Fetching Kafka"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console) as progress:
        bar = progress.add_task("Kafka", total=None)
        jars.fetch(lambda there, of: progress.update(bar, completed=there, total=of))
