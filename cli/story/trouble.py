"""The story's bad minute: the carrier of the north begins to miss its word, and the owner of that moment is told."""

from time import monotonic

import msgspec
from rich.console import Console

from cli.story import script as scripts
from cli.story import told
from cli.story.act import Act
from cli.story.address import address
from cli.story.reading import Reading
from cli.story.script import Script
from cli.story.watch import Milestone, watch
from deploy.local.home import Home
from examples.retail import live
from shared.clock import now


def tell(console: Console, home: Home, script: Script, reading: Reading, key: str, *, began: float) -> None:
    """Play the act, and show the messages as they were received. `began` is when the demo did. Raises VocError."""
    console.rule("[bold]Now, live: the carrier of the north begins to miss its word[/]", align="left")
    at = now()
    scripts.keep(home, msgspec.structs.replace(script, trouble_at=at))

    def received(to: str) -> bool:
        return to in told.threads(reading, since=at)

    milestones = [
        Milestone(f"told in Slack: {told.CHANNEL}", lambda: received(told.CHANNEL)),
        Milestone(f"told by mail: {told.MAILBOX}", lambda: received(told.MAILBOX)),
    ]
    with Act(list(live.trouble(script.shop, at)), address("ingest"), key) as act:
        watch(console, reading, act, milestones)
        console.print(
            f"[green]✓[/] whose moment it is was told  [dim]{monotonic() - began:.0f} s after you typed it[/]"
        )
        console.rule("[bold]As they received it[/]", align="left")
        for message in told.threads(reading, since=at).values():
            told.show(console, message)
        act.finish()
