"""The public door, from outside: batches of events, repeated while it asks for patience."""

import asyncio
import random
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import Any

import httpx
import msgspec

from cli.sending.chunk import Line, Refusal
from shared.errors import Unavailable, VocError
from shared.events.refusal import Problem

BATCH = {"Content-Type": "application/cloudevents-batch+json"}
PATIENCE_SECONDS = 120.0  # how long a batch is repeated before we stop
FIRST_PATIENCE_SECONDS = 5.0  # and while the door has never answered: then it is more likely the wrong address
LONGEST_WAIT_SECONDS = 30.0
_PASSING = (408, 429, 500, 502, 503, 504)
_TOO_MUCH = (400, 413)  # of one request: parts of it may be fine

_HERE = {f"all://{host}": None for host in ("localhost", "127.0.0.1", "[::1]")}  # by no proxy, whatever HTTP_PROXY says

Waits = Callable[[str], None]
"""Told why we wait, and the empty text when it goes on."""


class NotTaken(VocError):
    """The door will not take anything from us; the sentence says what to do."""


class _Rejected(msgspec.Struct):
    index: int
    problems: list[Problem]
    id: Any = None


class _Answer(msgspec.Struct):
    """What the door says of a batch, and in `detail` of a request that it did not read as one."""

    accepted: int | None = None
    rejected: list[_Rejected] = []
    detail: str = ""


_answer = msgspec.json.Decoder(_Answer)


class Door:
    """`POST /v1/events` at `url`. Several batches may be under way at once."""

    def __init__(self, url: str, key: str, *, waits: Waits = lambda _why: None) -> None:
        self._url = f"{url.rstrip('/')}/v1/events"
        headers = {"Authorization": f"Bearer {key}", **BATCH}
        self._client = httpx.AsyncClient(headers=headers, timeout=30, mounts=_HERE)
        self._waits = waits
        self._has_answered = False

    async def __aenter__(self) -> "Door":
        return self

    async def __aexit__(self, *_why: object) -> None:
        await self._client.aclose()

    async def send(self, lines: list[Line]) -> list[Refusal]:
        """Those that were refused; all others are acknowledged. Raises NotTaken, Unavailable."""
        response = await self._patiently(b"[" + b",".join([line.raw for line in lines]) + b"]")
        said = _read(response)
        if response.status_code in (202, 422) and said.accepted is not None:
            return [_refusal(lines[one.index], one.problems, one.id) for one in said.rejected]
        if response.status_code in (*_TOO_MUCH, 422):
            return await self._apart(lines, said.detail or f"the door answered {response.status_code}")
        raise NotTaken(self._why(response.status_code, said.detail))

    async def _apart(self, lines: list[Line], detail: str) -> list[Refusal]:
        """Half and half, until what is wrong stands alone."""
        if len(lines) == 1:
            return [_refusal(lines[0], [Problem("", detail)], None)]
        middle = len(lines) // 2
        return [*await self.send(lines[:middle]), *await self.send(lines[middle:])]

    async def _patiently(self, body: bytes) -> httpx.Response:
        began, tries = monotonic(), 0
        while True:
            why, after = "", None
            try:
                response = await self._client.post(self._url, content=body)
                self._has_answered = True
                if response.status_code not in _PASSING:
                    self._waits("")
                    return response
                why = f"{response.status_code} {_read(response).detail}".strip()
                after = retry_after(response.headers.get("Retry-After", ""), now=datetime.now(UTC))
            except (httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
                raise NotTaken(f"{self._url} is no address of a door: {error}") from error
            except httpx.TransportError as error:
                why = str(error) or type(error).__name__
            tries += 1
            pause = pause_before(tries, after)
            if monotonic() + pause - began > (PATIENCE_SECONDS if self._has_answered else FIRST_PATIENCE_SECONDS):
                raise Unavailable(f"The door at {self._url} does not take events ({why}).")
            self._waits(why)
            await asyncio.sleep(pause)

    def _why(self, status: int, detail: str) -> str:
        if status in (401, 403):
            return f"The door at {self._url} does not let this key in ({status}): {detail}"
        return f"{self._url} is not a door for events: it answered {status} {detail}".rstrip()


def pause_before(tries: int, asked: float | None) -> float:
    """Seconds before the next try: what the door asked for, else twice as long each time; never all at one moment."""
    wanted = asked if asked is not None else 0.25 * 2.0 ** min(tries, 10)
    return min(LONGEST_WAIT_SECONDS, wanted) * random.uniform(1.0, 1.2)


def retry_after(text: str, *, now: datetime) -> float | None:
    """The header's seconds, or those until its date; None where it says nothing that can be read."""
    if text.strip().isdecimal():
        return float(text)
    try:
        return max(0.0, (parsedate_to_datetime(text) - now).total_seconds())
    except (ValueError, TypeError):
        return None


def _read(response: httpx.Response) -> _Answer:
    try:
        return _answer.decode(response.content)
    except msgspec.DecodeError:
        return _Answer()


def _refusal(line: Line, problems: list[Problem], event_id: Any) -> Refusal:
    return Refusal(line=line.number, id=event_id, problems=problems, raw=line.raw)
