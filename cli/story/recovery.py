"""The story's end: the carrier is mended, and who was told of the red is told that it is over, in the same place."""

import asyncio

import msgspec
from rich.console import Console

from cli.called import called
from cli.story import script as scripts
from cli.story import told
from cli.story.act import Act
from cli.story.address import address
from cli.story.reading import Reading, Received
from cli.story.road import local_keys
from cli.story.script import Script
from cli.story.watch import Milestone, watch
from deploy.local.home import Home
from examples.retail import live
from shared.clock import now
from shared.errors import VocError


def tell(console: Console, home: Home, script: Script) -> None:
    """Play the act on a demo that runs. Raises VocError."""
    if script.trouble_at is None:
        raise VocError(f"The demo was stopped before its carrier failed: `{called()} demo` tells it anew.")
    keys = asyncio.run(local_keys(home))
    with Reading(keys) as reading:
        episodes = reading.episodes()
        if not episodes or episodes[0]["closed_at"]:
            status = reading.moment()["status"]
            raise VocError(f"There is nothing to mend: the moment is {status}. `{called()} demo` tells it all anew.")
        _mend(console, home, script, reading, keys["ingest"])


def _mend(console: Console, home: Home, script: Script, reading: Reading, key: str) -> None:
    assert script.trouble_at is not None
    threads = told.threads(reading, since=script.trouble_at)
    if missing := {told.CHANNEL, told.MAILBOX} - threads.keys():
        raise VocError(f"{missing.pop()} has not been told of the red yet; run this again in a few seconds.")
    console.rule("[bold]The carrier sends more vans[/]", align="left")
    at = now()
    scripts.keep(home, msgspec.structs.replace(script, mended=script.mended + 1))
    before = len(reading.messages())

    def answers(to: str) -> list[Received]:
        if reading.episodes()[0]["closed_at"] is None:
            return []
        return [one for one in reading.messages()[before:] if (one.to, one.thread) == (to, threads[to].thread)]

    milestones = [
        Milestone(f"told in the thread of {told.CHANNEL} that it is over", lambda: answers(told.CHANNEL)),
        Milestone(f"told {told.MAILBOX} in the thread of the first mail", lambda: answers(told.MAILBOX)),
        Milestone("all is well again", lambda: reading.moment()["status"] == "green"),
    ]
    events = list(live.mended(script.shop, at, script.trouble_at, before=script.mended))
    with Act(events, address("ingest"), key) as act:
        watch(console, reading, act, milestones)
    console.rule("[bold]As they received it[/]", align="left")
    for to in threads:
        told.show(console, answers(to)[-1])
    console.print(f"The first message in {told.CHANNEL} says so now too: an episode has one living message.")
