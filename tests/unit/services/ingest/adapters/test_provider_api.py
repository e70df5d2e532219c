"""A provider's API may say anything, or nothing."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from services.ingest.adapters.provider_api import NotFetched, ProviderApi
from services.ingest.domain.fetching import Ask
from services.ingest.domain.patience import Failure

Said = Callable[[asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def served(say: Said) -> AsyncIterator[str]:
    """A server that says this to every request."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        try:
            await say(writer)
        except OSError:
            pass  # nobody listens any more
        finally:
            writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/things/7"


def body(text: bytes) -> Said:
    async def say(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%b" % (len(text), text))
        await writer.drain()

    return say


async def drips(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n")
    while True:
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.01)


async def answers(say: Said, seconds: float = 20.0) -> dict[str, Any]:
    api = ProviderApi(seconds)
    try:
        async with served(say) as url:
            return await api.answers(Ask({"fetched": url}, {}))
    finally:
        await api.close()


async def failure(say: Said, seconds: float = 20.0) -> Failure:
    with pytest.raises(NotFetched) as found:
        await answers(say, seconds)
    return found.value.failure


async def test_an_answer_is_decoded() -> None:
    assert await answers(body(b'{"a": 1}')) == {"fetched": {"a": 1}}


async def test_a_server_that_drips_is_not_waited_for() -> None:
    found = await failure(drips, 0.2)
    assert (found.status, found.silent) == (None, True)
    assert "does not end its answer" in found.says


async def test_a_server_that_hangs_up_is_silent() -> None:
    async def nothing(_writer: asyncio.StreamWriter) -> None:
        pass

    assert (await failure(nothing)).silent


@pytest.mark.parametrize(
    ("text", "says"), [(b"[" * 450 + b"]" * 450, "too deep"), (b"<html>", "no JSON"), (b'"\xff"', "no JSON")]
)
async def test_what_cannot_be_read_is_not_asked_for_again(text: bytes, says: str) -> None:
    found = await failure(body(text))
    assert (found.status, found.silent) == (422, False)
    assert says in found.says
