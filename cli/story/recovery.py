"""The story's end: the carrier is mended, and who was told of the red is told that it is over, in the same place."""

import asyncio

import msgspec
from rich.console import Console

from cli.called import called
from cli.story import script as scripts
from cli.story import told
from cli.story.act import Act
from cli.story.address import address
from cli.story.reading import Reading
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
    seen = [_key(one) for one in reading.messages()]

    def answered(to: str) -> bool:
        return reading.episodes()[0]["closed_at"] is not None and any(
            one.to == to and one.thread == threads[to] and _key(one) not in seen for one in reading.messages()
        )

    milestones = [
        Milestone(f"told in the thread of {told.CHANNEL} that it is over", lambda: answered(told.CHANNEL)),
        Milestone(f"told {told.MAILBOX} in the thread of the first mail", lambda: answered(told.MAILBOX)),
        Milestone("all is well again", lambda: reading.moment()["status"] == "green"),
    ]
    events = list(live.mended(script.shop, at, script.trouble_at, before=script.mended))
    with Act(events, address("ingest"), key) as act:
        watch(console, reading, act, milestones)
    console.rule("[bold]As they received it[/]", align="left")
    for to, thread in threads.items():
        for message in reading.messages():
            if message.to == to and message.thread == thread:
                told.show(console, message)


def _key(message: object) -> bytes:
    return msgspec.json.encode(message)
