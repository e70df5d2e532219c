"""`voc demo`: an invented shop's weeks, and what happens to them while one watches, on a stack of its own."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer
from rich.console import Console

from cli.stopped import Stopped

if TYPE_CHECKING:
    from cli.story.nordwind import History
    from cli.story.script import Script
    from deploy.local.home import Home
    from shared.programme.model import Programme

app = typer.Typer(help="Tell a story that shows what this is for: start, watch, be told.")


@app.callback(invoke_without_command=True)
def demo(ctx: typer.Context) -> None:
    """Start everything afresh in .voc-demo, send eight weeks of an invented shop, and let a carrier fail.

    The stack stays up, and `voc demo recover` mends the carrier. A stack of your own, in .voc, is left alone.
    """
    if ctx.invoked_subcommand is None:
        with _stoppable():
            _demo(Console(highlight=False))


@app.command()
def recover() -> None:
    """Mend the carrier, and watch until whoever was told of the red has been told that it is over."""
    from cli.story import fresh, recovery, script

    console = Console(highlight=False)
    with _stoppable():
        place = fresh.come_back()
        recovery.tell(console, place, script.found(place))


def _demo(console: Console) -> None:
    from time import monotonic

    from cli.stack_home import use_local_stack
    from cli.story import fresh, script
    from cli.up import bring_up
    from shared.clock import now

    began = monotonic()
    console.print("[bold]Nordwind, an invented shop: eight weeks of its customers, and a bad minute[/]")
    with console.status("Clearing what an earlier demo left"):
        place = fresh.move_in()
    begun = script.Script(ends_at=now())
    script.keep(place, begun)
    with ThreadPoolExecutor(1) as aside:
        written = aside.submit(_write, place, begun)  # while the stack starts
        bring_up(console, ())
    use_local_stack()
    _tell(console, place, begun, *written.result(), began=began)


def _write(place: "Home", script: "Script") -> "tuple[History, Programme]":
    """The weeks as a file, and the programme to read them by. Also imports what is needed next: a second."""
    from cli.story import nordwind, reading, road, shown, trouble  # noqa: F401
    from shared.programme.load import load

    return nordwind.write(place.path / "history.ndjson", script.shop), load(nordwind.PROGRAMME)


def _tell(
    console: Console, place: "Home", script: "Script", history: "History", programme: "Programme", *, began: float
) -> None:
    from cli.story import road, shown, trouble
    from cli.story.reading import Reading

    with console.status("Applying examples/retail"):
        keys = asyncio.run(road.prepare(place, programme))
    road.send(console, history, keys["ingest"])
    road.await_folded(console, history)
    with Reading(keys) as reading:
        road.await_decisions(console, reading)
        trouble.tell(console, place, script, reading, keys["ingest"], began=began)
        shown.show(console, reading, script)
        shown.say_goodbye(console, reading)


@contextmanager
def _stoppable() -> Iterator[None]:
    """Ctrl-C leaves the stack as it is at that moment, and says so."""
    try:
        yield
    except KeyboardInterrupt:
        from cli.called import called
        from cli.story.fresh import HOME

        voc = called()
        raise Stopped(
            f"\nStopped. What has been started runs on: `{voc} demo` tells it all anew, "
            f"`VOC_HOME={HOME} {voc} down` stops it."
        ) from None
