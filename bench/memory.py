"""Whether memory stays flat: ingest, scoring and insights under a steady load for five minutes."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import ExitStack
from itertools import cycle

import httpx
import psutil

from bench.backlog import prepare
from bench.crowd import records
from bench.growth import Sample, a_minute, look, settled
from bench.report import Figure, Options
from bench.scoring import PROGRAMME
from bench.stack import make_key, stack
from bench.steady import send_evenly
from deploy.local.server import Server
from shared.programme.load import load

SERVICES = ("ingest", "scoring", "insights")
EVENTS_A_SECOND = 1_000
CUSTOMERS = 100_000
QUESTIONS_A_SECOND = 20
WANTED = 1.0
"""MiB a minute that may be chance: allocators give back in steps."""


def run(options: Options) -> list[Figure]:
    """Load all three, look once a second, draw a line through what was seen."""
    seconds = 60.0 if options.quick else 300.0
    with stack() as parts, ExitStack() as running:
        database = parts.database("memory")
        prepare(database, load(PROGRAMME))
        keys = [make_key(database, "ingest"), make_key(database, "read")]
        servers = [running.enter_context(parts.service(name, database)) for name in SERVICES]
        samples, sent = asyncio.run(_load(servers, keys, seconds))
    return [_figure(place, name, samples, sent) for place, name in enumerate(SERVICES)]


def _figure(place: int, name: str, samples: Sequence[Sample], sent: int) -> Figure:
    measured = settled(samples)
    values = [sample.mib[place] for sample in measured]
    minutes = (measured[-1].at - measured[0].at) / 60
    said = f"{values[0]:.1f} MiB, {minutes:.1f} minutes later {values[-1]:.1f} MiB; {sent:,} events in all"
    return Figure(what=f"{name} grows by", ours=a_minute(measured, place), unit="MiB/min", wanted=WANTED, note=said)


async def _load(servers: list[Server], keys: list[str], seconds: float) -> tuple[list[Sample], int]:
    """Send and ask for so long; what was seen meanwhile, and how many events were taken."""
    processes = [psutil.Process(server.pid) for server in servers]
    until = time.monotonic() + seconds
    samples: list[Sample] = []
    door, _, reading = (server.address for server in servers)
    crowd = (value for _, value in records(0, 1_000_000, total=1_000_000, customers=CUSTOMERS))
    sending = asyncio.create_task(send_evenly(door, keys[0], crowd, a_second=EVENTS_A_SECOND, until=until))
    asking = asyncio.create_task(_ask(reading, keys[1], until))
    while time.monotonic() < until:
        samples.append(look(processes, time.monotonic()))
        await asyncio.sleep(1)
    await asking
    return samples, await sending


async def _ask(reading: str, key: str, until: float) -> None:
    """Every question the read API knows, by turns; a customer may not have been scored yet."""
    measure = "/v1/journeys/order-to-door/touchpoints/parcel-arrives/metrics?metric=csat&window=90d"
    pages = ["/v1/journeys", "/v1/journeys/order-to-door", measure, f"{measure}&as_of=2026-03-01T00:00:00Z"]
    customers = (f"/v1/customers/crm:{number:06d}" for number in cycle(range(CUSTOMERS)))
    async with httpx.AsyncClient(base_url=reading, headers={"authorization": f"Bearer {key}"}, timeout=30) as client:
        for page in cycle(pages):
            if time.monotonic() > until:
                return
            (await client.get(page)).raise_for_status()
            found = await client.get(next(customers))
            if found.status_code != httpx.codes.NOT_FOUND:
                found.raise_for_status()
            await asyncio.sleep(2 / QUESTIONS_A_SECOND)
