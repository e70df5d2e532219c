"""What is not there yet is waited for; what is wrong is raised."""

import pytest
from aiokafka.errors import KafkaConnectionError

from shared import waiting
from shared.waiting import until_it_works


class Coming:
    """Something that fails as told, and then works."""

    def __init__(self, *failures: Exception) -> None:
        self._failures = list(failures)

    async def ask(self) -> str:
        if self._failures:
            raise self._failures.pop(0)
        return "there"


async def test_it_is_asked_until_it_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "RETRY_SECONDS", 0)
    told: list[str] = []
    coming = Coming(KafkaConnectionError("no broker"), ConnectionRefusedError("no door"), TimeoutError())
    assert await until_it_works("Kafka", coming.ask, tell=told.append) == "there"
    assert told == ["Kafka: KafkaConnectionError: no broker", "Kafka: no door", "Kafka: TimeoutError"]


async def test_an_error_that_does_not_pass_is_raised() -> None:
    with pytest.raises(KeyError):
        await until_it_works("PostgreSQL", Coming(KeyError("a fault of ours")).ask)
