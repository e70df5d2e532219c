"""Three brokers that are one cluster: each of them may be killed and started again."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from operator import itemgetter
from pathlib import Path
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

import deploy.local.kafka
from deploy.local import port as ports
from deploy.local.kafka import cluster_id
from deploy.local.server import Server

NODES = (1, 2, 3)
HEAP = "-Xmx256m"
COPIES = {
    "default.replication.factor": "3",
    "offsets.topic.replication.factor": "3",
    "transaction.state.log.replication.factor": "3",
    "transaction.state.log.min.isr": "2",
}


class Cluster:
    """`brokers` by node, `address` for clients: all of them."""

    def __init__(self, brokers: dict[int, Server]) -> None:
        self.brokers = brokers

    @property
    def address(self) -> str:
        return ",".join(broker.address for broker in self.brokers.values())

    async def leader(self, topic: str, partition: int) -> int:
        """The node that leads it now, as a broker that lives knows."""
        leader: int = (await self._described(topic))[partition]["leader"]
        return leader

    async def in_sync(self, topic: str) -> int:
        """How many brokers have all of each partition; 0 while nobody says."""
        try:
            return min(len(partition["isr"]) for partition in await self._described(topic))
        except (KafkaError, TimeoutError):
            return 0

    async def _described(self, topic: str) -> list[dict[str, Any]]:
        admin = AIOKafkaAdminClient(bootstrap_servers=self.address, request_timeout_ms=5000)
        await admin.start()
        try:
            (described,) = await admin.describe_topics([topic])
        finally:
            await admin.close()
        return sorted(described["partitions"], key=itemgetter("partition"))


@contextmanager
def three_brokers(folder: Path) -> Iterator[Cluster]:
    """A cluster for as long as the block lasts. No broker is ready before two are there, so they start together."""
    folder.mkdir()
    listeners = {node: (ports.free(), ports.free()) for node in NODES}
    voters = ",".join(f"{node}@127.0.0.1:{controller}" for node, (_, controller) in listeners.items())
    formatting = ["-t", cluster_id()]

    def start(node: int) -> Server:
        port, controller = listeners[node]
        places = f"BROKER://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}"
        settings = {
            **COPIES,
            "node.id": str(node),
            "listeners": places,
            "advertised.listeners": places,
            "controller.quorum.voters": voters,
        }
        home = folder / str(node)
        return deploy.local.kafka.start(home, port=port, options=[HEAP], settings=settings, formatting=formatting)

    with ThreadPoolExecutor(len(NODES)) as pool:
        starting = {node: pool.submit(start, node) for node in NODES}
    brokers = {node: task.result() for node, task in starting.items() if task.exception() is None}
    try:
        for task in starting.values():
            task.result()  # raises what kept one of them from starting, after the others were noted
        yield Cluster(brokers)
    finally:
        for broker in brokers.values():
            broker.kill()  # in good order each would wait for the others to take over
