"""Watches an act: what came in, how the moment's figures and status move, and who was told, as it happens."""

import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from rich.console import Console
from rich.live import Live
from rich.text import Text

from cli.called import called
from cli.story import figure
from cli.story.act import Act
from cli.story.journey import DOTS
from cli.story.reading import Reading
from shared.errors import Unavailable

_LOOK_AGAIN = 0.25
_PATIENCE = 90.0  # seconds after the act's last event


class Milestone(NamedTuple):
    """Something that is waited for: how it is told when it has happened, and how that is found out."""

    says: str
    reached: Callable[[], object]


def watch(console: Console, reading: Reading, act: Act, milestones: Sequence[Milestone]) -> None:
    """Until all of it has happened. Raises VocError, and Unavailable when it takes too long."""
    began, deadline = time.monotonic(), None
    waiting, status = list(milestones), reading.moment()["status"]
    with Live(console=console, transient=True, refresh_per_second=8) as live:
        while waiting:
            act.check()
            moment = reading.moment()
            live.update(_now(act, moment))
            seconds = time.monotonic() - began
            if moment["status"] != status:
                status = moment["status"]
                console.print(_line(seconds, f"{moment['name']} is", moment))
            for milestone in [one for one in waiting if one.reached()]:
                waiting.remove(milestone)
                console.print(_line(seconds, milestone.says))
            deadline = deadline or (time.monotonic() + _PATIENCE if act.over else None)
            if waiting and deadline and time.monotonic() > deadline:
                raise _too_long(waiting[0])
            time.sleep(_LOOK_AGAIN)


def _line(seconds: float, says: str, moment: dict[str, Any] | None = None) -> Text:
    line = Text.assemble((f"{seconds:5.1f} s  ", "dim"), says)
    if moment is not None:
        status = moment["status"]
        line.append(f" {status}", f"bold {DOTS[status]}").append(f"  {_figures(moment)}", "dim")
    return line


def _now(act: Act, moment: dict[str, Any]) -> Text:
    dot = ("● ", DOTS[moment["status"]])
    return Text.assemble(dot, f"{act.sent:,} of {act.total:,} events  ", (_figures(moment), "bold"))


def _figures(moment: dict[str, Any]) -> str:
    return ", ".join(
        f"{figure.name(measure)} {figure.value(measure['metric'], measure['value'])}" for measure in moment["measures"]
    )


def _too_long(milestone: Milestone) -> Unavailable:
    return Unavailable(
        f"Waited {_PATIENCE:.0f} s in vain for this: “{milestone.says}”. `{called()} status` says how the parts are, "
        "and their logs are beside the demo's data in .voc-demo/logs."
    )
