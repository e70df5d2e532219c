"""`/stand-in/…`: what tests and people tell the stand-ins; docs/channels.md has examples. The inbox listens on the
loopback only, so nobody is asked who he is."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import msgspec
from fastapi import APIRouter, Request
from fastapi.responses import Response

from deploy.local.inbox.channels import Channels, Fault
from deploy.local.inbox.kept import Kept
from deploy.local.inbox.mood import Moods, SlackMood, SmtpMood
from deploy.local.inbox.pace import Pace
from shared.http.problem import HttpProblem

Said = TypeVar("Said")
Route = Callable[[Request], Awaitable[None]]


class _Pace(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    on: bool


class _Channel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    fault: Fault | None = None


class _Message(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    channel: str
    ts: str


def router(kept: Kept, channels: Channels, pace: Pace, moods: Moods) -> APIRouter:
    """Each answers 204, or 422 with what was expected."""
    routes = APIRouter(prefix="/stand-in", tags=["controls"], default_response_class=Response)

    def route(path: str, summary: str, expected: Any) -> Callable[[Route], Route]:
        body = {"content": {"application/json": {"schema": msgspec.json.schema(expected)}}}
        return routes.put(path, summary=summary, status_code=204, openapi_extra={"requestBody": body})

    @route("/slack", "What Slack does wrong from now on", SlackMood)
    async def slack(request: Request) -> None:
        moods.slack = await _read(request, SlackMood)

    @route("/smtp", "What the mail server does wrong from now on", SmtpMood)
    async def smtp(request: Request) -> None:
        moods.smtp = await _read(request, SmtpMood)

    @route("/pace", "Whether Slack slows down who calls too often", _Pace)
    async def limit(request: Request) -> None:
        pace.on = (await _read(request, _Pace)).on

    @route("/slack/channel", "How a channel is: missing, archived, without the app, or well", _Channel)
    async def channel(request: Request) -> None:
        said = await _read(request, _Channel)
        channels.faults[said.name.removeprefix("#")] = said.fault

    @route("/slack/deleted", "Delete a message, as people do in Slack", _Message)
    async def delete(request: Request) -> None:
        said = await _read(request, _Message)
        if not kept.delete(said.channel, said.ts):
            raise HttpProblem(404, f"There is no message {said.ts} in {said.channel}.")

    @routes.delete("", summary="All is well again: no moods, usual channels, usual pace", status_code=204)
    async def well() -> None:
        moods.slack = moods.smtp = None
        channels.faults.clear()
        pace.on = True

    @routes.delete("/messages", summary="Forget what was received", status_code=204)
    async def forget() -> None:
        kept.clear()

    return routes


async def _read(request: Request, expected: type[Said]) -> Said:
    try:
        return msgspec.json.decode(await request.body(), type=expected)
    except msgspec.DecodeError as error:
        raise HttpProblem(422, f"{error}") from error
