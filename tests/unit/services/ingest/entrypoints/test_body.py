"""A body is read whole, or its reader says why not."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from services.ingest.domain.not_now import NotNow
from services.ingest.entrypoints.body import Bodies, Disconnected, Message
from shared.http.problem import HttpProblem


class Client:
    """Hands over what it was given, then says nothing more."""

    def __init__(self, *parts: bytes, ends: bool = True, leaves: bool = False) -> None:
        self._messages: list[Message] = [
            {"type": "http.request", "body": part, "more_body": not ends or part is not parts[-1]} for part in parts
        ]
        if leaves:
            self._messages.append({"type": "http.disconnect"})

    async def receive(self) -> Message:
        if not self._messages:
            await asyncio.Event().wait()
        return self._messages.pop(0)


@asynccontextmanager
async def bodies(**limits: Any) -> AsyncIterator[Bodies]:
    made = Bodies(**{"most_bytes": 100, "seconds": 30.0, "most_held_bytes": 1000, **limits})
    watching = asyncio.create_task(made.watch())
    try:
        yield made
    finally:
        watching.cancel()


@pytest.mark.parametrize("parts", [(b"",), (b"whole",), (b"in ", b"two"), (b"x" * 60, b"y" * 40)])
async def test_a_body_comes_whole(parts: tuple[bytes, ...]) -> None:
    async with bodies() as reader:
        assert await reader.read(Client(*parts).receive, None) == b"".join(parts)


@pytest.mark.parametrize(("declared", "parts"), [(b"101", ()), (None, (b"x" * 101,)), (None, (b"x" * 60, b"y" * 41))])
async def test_a_body_that_is_too_long_is_refused_as_soon_as_it_is_known(
    declared: bytes | None, parts: tuple[bytes, ...]
) -> None:
    async with bodies() as reader:
        with pytest.raises(HttpProblem, match="100 bytes") as problem:
            await reader.read(Client(*parts, ends=False).receive, declared)
    assert problem.value.status == 413


@pytest.mark.parametrize("parts", [(), (b"half",)])
async def test_a_body_that_does_not_come_is_given_up(parts: tuple[bytes, ...]) -> None:
    async with bodies(seconds=0.1) as reader:
        with pytest.raises(NotNow) as reason:
            await reader.read(Client(*parts, ends=False).receive, None)
        assert reason.value.reason == "slow-body"
        assert await reader.read(Client(b"the next").receive, None) == b"the next"


async def test_a_cancelled_request_is_no_slow_body() -> None:
    async with bodies() as reader:
        reading = asyncio.create_task(reader.read(Client(b"half", ends=False).receive, None))
        await asyncio.sleep(0)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading


async def test_a_client_that_leaves_is_not_answered() -> None:
    async with bodies() as reader:
        with pytest.raises(Disconnected):
            await reader.read(Client(b"half", ends=False, leaves=True).receive, None)


async def test_long_bodies_share_a_room_that_has_an_end() -> None:
    async with bodies(most_held_bytes=150) as reader:
        first = asyncio.create_task(reader.read(Client(b"x" * 90, ends=False).receive, None))
        await asyncio.sleep(0)
        with pytest.raises(NotNow) as reason:
            await reader.read(Client(b"y" * 90, ends=False).receive, None)
        assert reason.value.reason == "long-bodies"
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        assert await reader.read(Client(b"y" * 50, b"y" * 40).receive, None) == b"y" * 90
