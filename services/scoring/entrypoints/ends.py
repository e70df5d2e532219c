"""Whether everything that is in Kafka now has been folded: asked before anything is concluded from what is missing."""

import asyncio
from collections.abc import Callable

from aiokafka import AIOKafkaConsumer, TopicPartition

from services.scoring.adapters.offsets import Offsets

LOOK_AGAIN_SECONDS = 0.1


class Ends:
    """The ends of a topic beside how far it is folded. `reads` says whether the process reads its partitions: the ends
    of a topic that was made again mean nothing."""

    def __init__(self, consumer: AIOKafkaConsumer, offsets: Offsets, topic: str, *, reads: Callable[[], bool]) -> None:
        self._consumer = consumer
        self._offsets = offsets
        self._topic = topic
        self.reads = reads

    async def applied(self, *, within: float) -> bool:
        """Wait, for a while, until every partition is folded past the ends of this moment. Raises one of `AWAY`."""
        partitions = self._consumer.partitions_for_topic(self._topic) or set()
        ends = await self._consumer.end_offsets([TopicPartition(self._topic, p) for p in partitions])
        if not ends:
            return False
        for _ in range(max(1, round(within / LOOK_AGAIN_SECONDS))):
            bookmarks = await self._offsets.bookmarks()
            applied = {p: bookmark.next_offset for p, bookmark in bookmarks.items()}
            if self.reads() and all(applied.get(tp.partition, 0) >= end for tp, end in ends.items()):
                return True
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
        return False
