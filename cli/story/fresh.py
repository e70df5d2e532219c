"""A home of the demo's own, emptied each time: what an earlier demo left would count into this one's figures."""

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from cli.called import called
from cli.stack_home import home, use_local_stack
from deploy.local import control
from deploy.local import port as ports
from deploy.local.failure import PortTaken, StackError
from deploy.local.home import Home
from deploy.local.part import PARTS
from deploy.local.stack import read
from shared.errors import VocError

HOME = ".voc-demo"
_TOLD_ANEW = ("kafka", "postgres", "inbox", "keys", "send", "story.json")  # logs stay
_FOR_US = {f"VOC_{name.upper()}_PORT" for name in PARTS} | {
    "VOC_INBOX_SMTP_PORT",
    "VOC_CACHE",
    "VOC_MAVEN_URL",
    "VOC_LOG_LEVEL",
}

CHANNELS = ("#care", "#delivery", "#general", "#operations")
"""What the shop's Slack has. As with a real one, a channel that is mistyped in the programme is not there."""


def move_in() -> Home:
    """Make the demo's home this command's, whatever the environment says, so that no other stack is ever emptied."""
    usual = os.environ.get("VOC_HOME") or ".voc"
    place = move()
    control.check_ports()
    control.down(place, PARTS.values())
    _require_ports(Path(usual))
    _empty(place)
    return place


def move() -> Home:
    """The demo's home, with none of the settings of other stacks around it."""
    for name in not_for_us(os.environ):
        del os.environ[name]
    os.environ["VOC_HOME"] = HOME
    os.environ["VOC_INBOX_CHANNELS"] = ",".join(CHANNELS)
    return home()


def come_back() -> Home:
    """The demo's home, for a stack that runs there. Raises VocError where none does."""
    parts = read(Home(Path(HOME).absolute())).parts
    if missing := [name for name in PARTS if name not in parts or not parts[name].runs]:
        what = "The demo does not run here" if len(missing) == len(PARTS) else f"Of the demo, {missing[0]} does not run"
        raise VocError(f"{what}: `{called()} demo` first.")
    place = move()
    use_local_stack()
    return place


def not_for_us(names: Iterable[str]) -> list[str]:
    """The settings of other stacks, such as how their Kafka wants to be spoken to."""
    return [name for name in names if name.startswith("VOC_") and name not in _FOR_US]


def _empty(place: Home) -> None:
    for name in _TOLD_ANEW:
        path = place.path / name
        try:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        except FileNotFoundError:
            continue
        except OSError as error:
            raise StackError(
                f"What an earlier demo left in {place.path} cannot be deleted ({error.strerror}): "
                "delete it as whoever ran that one, and run this again."
            ) from error


def _require_ports(usual: Path) -> None:
    """Raises PortTaken with what to do, a line for each port, before anything is started."""
    running = read(Home(usual.absolute())).parts
    lines = []
    for part in PARTS.values():
        for name, port in part.ports_in(os.environ).items():
            if not ports.is_free(port):
                who, way = ports.holder(port)
                if part.name in running and running[part.name].runs and running[part.name].port == port:
                    who, way = f"your stack in {usual}", f"`{called()} down` stops it and keeps what it stored"
                lines.append(
                    f"The demo cannot start: port {port}, which {name} needs, is taken by {who}. Either {way}, "
                    f"or the demo moves by VOC_{name.upper()}_PORT."
                )
    if lines:
        raise PortTaken("\n".join(lines))
