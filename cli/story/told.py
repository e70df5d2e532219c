"""What the owner of the story's moment was told, in Slack and by mail."""

import re
from datetime import datetime

from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from cli.story.reading import Reading, Received

CHANNEL, MAILBOX = "#delivery", "delivery@nordwind.example"
"""How examples/retail reaches the owner of that moment."""
_LINK = re.compile(r"<(\S+?)\|([^>]+)>")  # as Slack writes them


def threads(reading: Reading, *, since: datetime) -> dict[str, Received]:
    """Receiver → the first message to him since then, as it reads now; what came later is in its thread."""
    found: dict[str, Received] = {}
    for message in reading.messages():
        if message.to in (CHANNEL, MAILBOX) and message.at >= since:
            found.setdefault(message.to, message)
    return found


def show(console: Console, message: Received) -> None:
    """The message as it was received."""
    what = "Slack" if message.kind == "slack" else "Mail"
    title = f"{what} to {message.to}, {message.at.astimezone():%H:%M:%S}"
    said = _LINK.sub(r"\2: \1", message.text.strip())
    console.print(Panel(Text(said), title=Text(title, "bold"), title_align="left", padding=(0, 1)))
