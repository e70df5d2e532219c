"""`voc demo`: an invented shop's month, from the door to the figures, on a stack of its own."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from rich.console import Console

if TYPE_CHECKING:
    from cli.story.nordwind import History
    from deploy.local.home import Home
    from shared.programme.model import Programme


def demo() -> None:
    """Start everything afresh in .voc-demo, send a month of an invented shop's events, show what they say.

    The stack stays up. A stack of your own, in .voc, is left alone.
    """
    from cli.stack_home import use_local_stack
    from cli.story import fresh
    from cli.up import bring_up

    console = Console(highlight=False)
    console.print("[bold]Nordwind: a shop that does not exist, and a month of its customers[/]")
    with console.status("Clearing what an earlier demo left"):
        place = fresh.move_in()
    with ThreadPoolExecutor(1) as aside:
        told = aside.submit(_write, place)  # while the stack starts
        bring_up(console, ())
    use_local_stack()
    _tell(console, place, *told.result())


def _write(place: "Home") -> "tuple[History, Programme]":
    """The month as a file, and the programme to read it by. Also imports what is needed next, which takes a second."""
    from cli.story import nordwind, road, shown  # noqa: F401
    from shared.clock import now
    from shared.programme.load import load

    return nordwind.write(place.path / "history.ndjson", ends_at=now()), load(nordwind.PROGRAMME)


def _tell(console: Console, place: "Home", history: "History", programme: "Programme") -> None:
    from cli.story import road, shown

    with console.status("Applying examples/retail"):
        keys = asyncio.run(road.prepare(place, programme))
    road.send(console, history, keys["ingest"])
    road.await_folded(console, history)
    shown.show(console, history, keys["read"])
    shown.say_goodbye(console, history, keys["read"])
