"""One file through the door: several batches under way, each customer's events in the order of the file.

A customer's events all go by the same lane, and a lane waits for its answer before it sends on. What is done is told
chunk by chunk in the order of the file, however the answers come.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator

import msgspec

from cli.sending.chunk import Chunk, Chunks, Line, Refusal
from cli.sending.door import Door
from shared.events.event import customer_of

LANES = 4
MOST_EVENTS = 1000  # of a batch, which is what the door takes unless its operator says otherwise
MOST_BYTES = 900_000

Done = Callable[[Chunk], None]
"""Told of a chunk when all of it and of what came before is answered; its `refusals` are complete."""


class _UnderWay(msgspec.Struct, eq=False):
    chunk: Chunk
    batches: int = 0


_Lane = asyncio.Queue[tuple[_UnderWay, list[Line]] | None]


async def send(chunks: Chunks, door: Door, *, done: Done) -> None:
    """Send all of it. Raises what the door raises; what was told as done by then stays so."""
    lanes: list[_Lane] = [asyncio.Queue(2) for _ in range(LANES)]
    waiting: deque[_UnderWay] = deque()
    try:
        async with asyncio.TaskGroup() as group:
            for lane in lanes:
                group.create_task(_drain(lane, door, lambda: _settle(waiting, done)))
            while (chunk := await asyncio.to_thread(next, chunks, None)) is not None:  # a pipe may keep us waiting
                await _hand_out(chunk, lanes, waiting)
                _settle(waiting, done)
            for lane in lanes:
                await lane.put(None)
    except ExceptionGroup as group_of:
        raise group_of.exceptions[0] from None
    _settle(waiting, done)


async def _hand_out(chunk: Chunk, lanes: list[_Lane], waiting: deque[_UnderWay]) -> None:
    split = by_lane(chunk.lines, len(lanes))
    batches = [(lane, batch) for lane, lines in zip(lanes, split, strict=True) for batch in batches_of(lines)]
    under_way = _UnderWay(chunk, len(batches))
    waiting.append(under_way)
    for lane, batch in batches:
        await lane.put((under_way, batch))


async def _drain(lane: _Lane, door: Door, settle: Callable[[], None]) -> None:
    while (taken := await lane.get()) is not None:
        under_way, batch = taken
        refusals = await door.send(batch)
        under_way.chunk.refusals += refusals
        under_way.chunk.accepted += len(batch) - len(refusals)
        under_way.batches -= 1
        settle()


def _settle(waiting: deque[_UnderWay], done: Done) -> None:
    while waiting and not waiting[0].batches:
        chunk = waiting.popleft().chunk
        chunk.refusals.sort(key=_line)
        done(chunk)


def _line(refusal: Refusal) -> int:
    return refusal.line


def by_lane(lines: list[Line], lanes: int) -> list[list[Line]]:
    """The events by the customer's lane, in order; those without a customer go by any."""
    split: list[list[Line]] = [[] for _ in range(lanes)]
    for line in lines:
        subject = line.subject
        split[(hash(customer_of(subject)) if isinstance(subject, str) else line.number) % lanes].append(line)
    return split


def batches_of(lines: list[Line]) -> Iterator[list[Line]]:
    """The events in batches that the door takes."""
    batch: list[Line] = []
    size = 0
    for line in lines:
        if batch and (len(batch) == MOST_EVENTS or size + len(line.raw) > MOST_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(line)
        size += len(line.raw) + 1
    if batch:
        yield batch
