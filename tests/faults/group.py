"""Who of the consumer group has which partitions, by the workers' own logs."""

import json

from shared.kafka.topics import EVENTS
from tests import road
from tests.processes import Service


async def until_shared(*workers: Service) -> None:
    """Wait until each of them has partitions, and all partitions are somebody's."""

    async def shared() -> bool:
        parts = [held(worker) for worker in workers]
        return all(parts) and sorted(p for part in parts for p in part) == list(range(EVENTS.partitions))

    await road.until(shared, within=60, what=lambda: "\n".join(worker.tail() for worker in workers))


def held(worker: Service) -> list[int]:
    """The partitions that it was assigned last."""
    lines = [line for line in worker.log.read_text().splitlines() if '"partitions-assigned"' in line]
    return json.loads(lines[-1])["partitions"] if lines else []
