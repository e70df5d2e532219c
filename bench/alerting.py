"""From a severe answer to its owner: the time from the door's 202 to the request that reaches Slack's stand-in.

Everything runs on this machine, under a thousand other events a second. Ten owners have a Slack channel each, and each
channel gets less than a message a second, which is what Slack allows.
"""

import asyncio
import random
import re
import time
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Any

import httpx
from msgspec.structs import replace

from bench.backlog import prepare
from bench.crowd import records
from bench.report import Figure, Options
from bench.scoring import PROGRAMME
from bench.stack import make_key, stack
from bench.steady import send_evenly
from shared.clock import now
from shared.programme.load import load
from shared.programme.model import CaseRule, Journey, Owner, Programme, Receiver, ScoreIs, Stage, Touchpoint

EVENTS_A_SECOND = 1_000
CUSTOMERS = 100_000
CHANNELS = 10
PAUSE = 1.5
"""Seconds between two severe answers for one channel, on average."""
WARM_UP = 3.0
WANTED_MS = 2_000
_JOURNEY = "support"
_ANSWER = re.compile(r"severe-\d-\d{4}")
_LAST_ONES = 60.0  # seconds that the last messages may take


def run(options: Options) -> list[Figure]:
    """Send severe answers under load, wait for their messages, compare the clocks."""
    severe = 50 if options.quick else 400
    with stack() as parts, ExitStack() as running:
        database = parts.database("alerting")
        prepare(database, _programme(load(PROGRAMME)))
        key = make_key(database, "ingest")
        inbox, reached_by = running.enter_context(parts.inbox())
        door = running.enter_context(parts.service("ingest", database))
        for name in ("scoring", "alerts"):
            running.enter_context(parts.service(name, database, **reached_by))
        taken, background = asyncio.run(_load(door.address, key, severe))
        arrived = asyncio.run(_arrivals(inbox.address, taken.keys()))
    return _figures(taken, arrived, background)


def _figures(taken: dict[str, float], arrived: dict[str, float], background: float) -> list[Figure]:
    waits = sorted(1000 * (arrived[name] - at) for name, at in taken.items())
    note = f"{len(waits)} severe answers to {CHANNELS} channels, {background:,.0f} other events a second"
    what = "a severe answer, from its 202 to the Slack request"
    return [
        Figure(what=f"{what}: half within", ours=waits[len(waits) // 2], unit="ms", note=note),
        Figure(what=f"{what}: 99 % within", ours=waits[len(waits) * 99 // 100], unit="ms", wanted=WANTED_MS),
        Figure(what=f"{what}: all within", ours=waits[-1], unit="ms"),
    ]


def _programme(usual: Programme) -> Programme:
    """The usual one, with a step of its own for each channel, whose severe answers concern that channel's owner."""
    names = [f"desk-{number}" for number in range(CHANNELS)]
    steps = tuple(Touchpoint(touchpoint=name, name=name) for name in names)
    desks = Journey(journey=_JOURNEY, name="Support", stages=(Stage(stage="ask", name="Ask", touchpoints=steps),))
    when = ScoreIs(metric="nps", comparison="<=", value=3)
    cases = tuple(CaseRule(name=f"unhappy at {name}", when=when, owner=name, touchpoint=name) for name in names)
    owners = tuple(
        Owner(owner=name, name=name, timezone="UTC", notify=(Receiver(channel="slack", to=f"#{name}"),))
        for name in names
    )
    return replace(usual, journeys=(*usual.journeys, desks), cases=cases, owners=(*usual.owners, *owners))


async def _load(door: str, key: str, severe: int) -> tuple[dict[str, float], float]:
    """Answer → when the door had taken it, by the clock; and how many other events a second it took meanwhile."""
    seconds = WARM_UP + severe * PAUSE / CHANNELS + 1
    total = round(seconds * EVENTS_A_SECOND) * 2
    span = timedelta(seconds=total / EVENTS_A_SECOND)
    crowd = (value for _, value in records(0, total, total=total, customers=CUSTOMERS, begin=now(), span=span))
    until = time.monotonic() + seconds
    background = asyncio.create_task(send_evenly(door, key, crowd, a_second=EVENTS_A_SECOND, until=until))
    await asyncio.sleep(WARM_UP)
    taken: dict[str, float] = {}
    async with httpx.AsyncClient(base_url=door, headers={"authorization": f"Bearer {key}"}, timeout=30) as client:
        every = severe // CHANNELS
        await asyncio.gather(*(_complain(client, channel, every, taken) for channel in range(CHANNELS)))
    return taken, await background / seconds


async def _complain(client: httpx.AsyncClient, channel: int, count: int, taken: dict[str, float]) -> None:
    """Severe answers for one channel, never two within a second."""
    chance = random.Random(channel)
    await asyncio.sleep(chance.uniform(0, PAUSE))
    for number in range(count):
        name = f"severe-{channel}-{number:04}"
        answer = await client.post("/v1/events", json=_severe(name, channel))
        taken[name] = time.time()
        answer.raise_for_status()
        await asyncio.sleep(chance.uniform(1.1, 2 * PAUSE - 1.1))


def _severe(name: str, channel: int) -> dict[str, Any]:
    data = {"journey": _JOURNEY, "touchpoint": f"desk-{channel}", "answers": [{"metric": "nps", "score": 1}]}
    return {
        "specversion": "1.0",
        "id": name,
        "source": "urn:bench:desk",
        "type": "voc.feedback",
        "subject": f"crm:{name}",
        "time": now().isoformat(),
        "data": {**data, "comment": name},
    }


async def _arrivals(inbox: str, names: Any) -> dict[str, float]:
    """Answer → when the request with its message arrived. Ends this program where one does not come."""
    deadline = time.monotonic() + _LAST_ONES
    async with httpx.AsyncClient(base_url=inbox, timeout=30) as client:
        while True:
            messages = (await client.get("/messages")).json()
            found: dict[str, float] = {}
            for message in messages:  # the oldest first
                for name in _ANSWER.findall(message["text"]):
                    found.setdefault(name, datetime.fromisoformat(message["at"]).timestamp())
            if missing := sorted(names - found.keys()):
                if time.monotonic() > deadline:
                    raise SystemExit(f"{len(missing)} messages never came, {missing[0]} among them")
                await asyncio.sleep(1)
            else:
                return found
