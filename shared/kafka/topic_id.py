"""The id that Kafka gives a topic when it is made: the only thing that tells a topic made again from the one before.

Offsets, names and partitions may all be the same, and a consumer that reads on gets no error. aiokafka asks for
metadata of versions without ids, so the request is spelt out here.
"""

import asyncio
from collections.abc import Iterable
from io import BytesIO
from typing import Any

from aiokafka import TopicPartition
from aiokafka.client import AIOKafkaClient
from aiokafka.errors import IncompatibleBrokerVersion, KafkaError, for_code
from aiokafka.protocol.abstract import AbstractType
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.types import Boolean, CompactArray, CompactString, Int16, Int32, Schema, TaggedFields

from shared.kafka.connection import KafkaSettings

_NONE = bytes(16)


class TopicIds:
    """Asks the leaders of partitions for the id of their topic. Connects when it is first asked."""

    def __init__(self, settings: KafkaSettings, topic: str) -> None:
        self._settings = settings
        self._topic = topic
        self._client: AIOKafkaClient | None = None
        self._connecting = asyncio.Lock()

    async def of(self, partitions: Iterable[int] = ()) -> set[bytes]:
        """What the leaders of `partitions` (any broker, where none is given) say: one id, two while it changes, none
        from brokers before Kafka 2.8.

        A leader learns of a new topic before it serves it: what was read before this was asked is of one of the ids.
        Raises aiokafka's KafkaError, also where there is no such topic.
        """
        client = await self._connected()
        leaders = {
            client.cluster.leader_for_partition(TopicPartition(self._topic, partition)) for partition in partitions
        }
        if not leaders or not all(leader is not None and leader >= 0 for leader in leaders):
            leaders = {client.get_random_node()}
        return {await self._ask(client, leader) for leader in leaders} - {_NONE}

    async def partitions(self) -> set[int]:
        """Those that the topic has now. Raises aiokafka's KafkaError."""
        client = await self._connected()
        await client.force_metadata_update()
        return set(client.cluster.partitions_for_topic(self._topic) or ())

    async def close(self) -> None:
        if self._client is not None:
            await self._client.close()

    async def _connected(self) -> AIOKafkaClient:
        async with self._connecting:
            if self._client is None:
                client = AIOKafkaClient(**self._settings.options(), request_timeout_ms=10_000)
                try:
                    await client.bootstrap()
                    # Of all topics: asked for one by name, a broker that makes topics on demand would make it.
                    await client.force_metadata_update()
                except BaseException:
                    await client.close()
                    raise
                self._client = client
            return self._client

    async def _ask(self, client: AIOKafkaClient, node: int) -> bytes:
        try:
            response = await client.send(node, _MetadataRequest(self._topic))
        except (NotImplementedError, IncompatibleBrokerVersion):
            return _NONE
        code, _, topic_id, *_ = response.topics[0]
        error = for_code(code)
        if code and topic_id == _NONE:
            await client.force_metadata_update()
            raise error(f"topic {self._topic}") if issubclass(error, KafkaError) else KafkaError(error)
        found: bytes = topic_id
        return found


class _Uuid(AbstractType[bytes]):  # type: ignore[misc]
    @classmethod
    def encode(cls, value: bytes) -> bytes:
        return value

    @classmethod
    def decode(cls, data: BytesIO) -> bytes:
        return data.read(16)


_NAME = CompactString("utf-8")
_NODES = CompactArray(Int32)
_PARTITION: tuple[tuple[str, Any], ...] = (
    ("error_code", Int16),
    ("partition", Int32),
    ("leader", Int32),
    ("leader_epoch", Int32),
    ("replicas", _NODES),
    ("isr", _NODES),
    ("offline_replicas", _NODES),
    ("tags", TaggedFields),
)
_TOPIC: tuple[tuple[str, Any], ...] = (
    ("error_code", Int16),
    ("topic", _NAME),
    ("topic_id", _Uuid),
    ("is_internal", Boolean),
    ("partitions", CompactArray(*_PARTITION)),
    ("authorized_operations", Int32),
    ("tags", TaggedFields),
)
_BROKER: tuple[tuple[str, Any], ...] = (
    ("node_id", Int32),
    ("host", _NAME),
    ("port", Int32),
    ("rack", _NAME),
    ("tags", TaggedFields),
)


class _MetadataResponseV10(Response):  # type: ignore[misc]
    API_KEY = 3
    API_VERSION = 10
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        ("brokers", CompactArray(*_BROKER)),
        ("cluster_id", _NAME),
        ("controller_id", Int32),
        ("topics", CompactArray(*_TOPIC)),
        ("authorized_operations", Int32),
        ("tags", TaggedFields),
    )


class _MetadataRequestV10(RequestStruct):  # type: ignore[misc]
    FLEXIBLE_VERSION = True
    API_KEY = 3
    API_VERSION = 10
    RESPONSE_TYPE = _MetadataResponseV10
    SCHEMA = Schema(
        ("topics", CompactArray(("topic_id", _Uuid), ("topic", _NAME), ("tags", TaggedFields))),
        ("allow_auto_topic_creation", Boolean),
        ("include_cluster_authorized_operations", Boolean),
        ("include_topic_authorized_operations", Boolean),
        ("tags", TaggedFields),
    )


class _MetadataRequest(Request[_MetadataRequestV10]):  # type: ignore[misc]
    API_KEY = 3

    def __init__(self, topic: str) -> None:
        self._topic = topic

    def build(self, request_struct_class: type[_MetadataRequestV10]) -> _MetadataRequestV10:
        return request_struct_class([(_NONE, self._topic, {})], False, False, False, {})
