"""What the consumer group's coordinator in Kafka says: whether each partition is somebody's."""

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.coordinator.protocol import ConsumerProtocolMemberAssignment

from shared.kafka.connection import KafkaSettings

NAME = "voc-scoring"


class Group:
    """Scoring's consumer group. Connects when it is first asked."""

    def __init__(self, kafka: KafkaSettings, topic: str) -> None:
        self._kafka = kafka
        self._topic = topic
        self._admin: AIOKafkaAdminClient | None = None

    async def assigned(self) -> set[int] | None:
        """The partitions that members have, None while the group makes up its mind. Raises aiokafka's KafkaError."""
        admin = await self._connected()
        _, _, state, _, _, members, *_ = (await admin.describe_consumer_groups([NAME]))[0].groups[0]
        if state != "Stable":
            return None
        assignments = [ConsumerProtocolMemberAssignment.decode(assignment) for *_, assignment in members if assignment]
        return {tp.partition for one in assignments for tp in one.partitions() if tp.topic == self._topic}

    async def close(self) -> None:
        if self._admin is not None:
            await self._admin.close()

    async def _connected(self) -> AIOKafkaAdminClient:
        if self._admin is None:
            admin = AIOKafkaAdminClient(**self._kafka.options(), request_timeout_ms=10_000)
            try:
                await admin.start()
            except BaseException:
                await admin.close()
                raise
            self._admin = admin
        return self._admin
