"""Where a broker and a database come from: containers where an engine answers, else the local stack's binaries."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import docker
from docker.errors import DockerException
from testcontainers.community.kafka import KafkaContainer
from testcontainers.community.postgres import PostgresContainer

import deploy.local.kafka
import deploy.local.postgres


def engine_answers() -> bool:
    """Whether a Docker engine can be asked."""
    try:
        client = docker.from_env(timeout=3)
        try:
            return bool(client.ping())
        finally:
            client.close()
    except DockerException:
        return False


@contextmanager
def kafka_address(home: Path) -> Iterator[str]:
    """A broker for as long as the block lasts."""
    if engine_answers():
        with KafkaContainer("apache/kafka:4.1.0") as container:
            yield container.get_bootstrap_server()
        return
    server = deploy.local.kafka.start(home)
    try:
        yield server.address
    finally:
        server.stop()


@contextmanager
def postgres_address(home: Path) -> Iterator[str]:
    """A database for as long as the block lasts."""
    if engine_answers():
        with PostgresContainer("postgres:18", driver=None) as container:
            yield container.get_connection_url()
        return
    server = deploy.local.postgres.start(home)
    try:
        yield server.address
    finally:
        server.stop()
