"""What the owner of the story's moment was told, in Slack and by mail."""

from collections.abc import Iterable
from datetime import datetime

from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from cli.story.reading import Reading, Received

CHANNEL, MAILBOX = "#delivery", "delivery@nordwind.example"
"""How examples/retail reaches the owner of that moment."""


def last(messages: Iterable[Received], to: str, *, since: datetime, thread: str | None = None) -> Received | None:
    """The newest message to a receiver since then, of one thread where one is named."""
    ours = [one for one in messages if one.to == to and one.at >= since and thread in (None, one.thread)]
    return ours[-1] if ours else None


def threads(reading: Reading, *, since: datetime) -> dict[str, str | None]:
    """Receiver → the thread in which he was first told since then."""
    found: dict[str, str | None] = {}
    for message in reading.messages():
        if message.to in (CHANNEL, MAILBOX) and message.at >= since:
            found.setdefault(message.to, message.thread)
    return found


def show(console: Console, message: Received) -> None:
    """The message as it was received."""
    what = "Slack" if message.kind == "slack" else "Mail"
    title = f"{what} to {message.to}, {message.at.astimezone():%H:%M:%S}"
    console.print(Panel(Text(message.text.strip()), title=Text(title, "bold"), title_align="left", padding=(0, 1)))
