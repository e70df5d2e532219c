"""A record of somebody else's topic, as the bridge reads it."""

from datetime import UTC, datetime
from hashlib import blake2b
from typing import NamedTuple

Headers = tuple[tuple[str, bytes | None], ...]


class Foreign(NamedTuple):
    """A record; `timestamp` is Kafka's, in milliseconds since 1970, below 0 where there is none."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: Headers = ()

    @property
    def origin(self) -> str:
        """Where it stands, for people."""
        return f"{self.topic}[{self.partition}]@{self.offset}"

    def header(self, name: str) -> str:
        """The text of the first header of that name, whatever its case; empty where there is none or it is no text."""
        for found, value in self.headers:
            if value is not None and found.lower() == name:
                return value.decode("utf-8", "replace")
        return ""

    def written_at(self, latest: datetime) -> datetime:
        """When Kafka got it; `latest` where that is not said, or cannot be because it is later than that."""
        if not 0 <= self.timestamp <= latest.timestamp() * 1000:
            return latest
        return datetime.fromtimestamp(self.timestamp / 1000, UTC)

    def digest(self) -> bytes:
        """16 bytes by which the record is known again: of its key, value and headers."""
        digest = blake2b(digest_size=16)
        for part in (self.key, self.value, *(part for name, value in self.headers for part in (name.encode(), value))):
            digest.update(b"-" if part is None else b"%d:%b" % (len(part), part))
        return digest.digest()
