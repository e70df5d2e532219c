"""`/api/METHOD`: Slack's Web API over HTTP, with its pace, and with the moods it was told to have."""

import asyncio
from typing import Any

import msgspec
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from deploy.local.inbox import slack_call
from deploy.local.inbox.connection import TRANSPORT
from deploy.local.inbox.mood import Moods, SlackMood
from deploy.local.inbox.pace import Pace
from deploy.local.inbox.slack import Slack
from deploy.local.inbox.slack_call import Answer, SlackError

_HTML = "<html><head><title>Server Error</title></head><body>500</body></html>"


def router(slack: Slack, pace: Pace, moods: Moods) -> APIRouter:
    """The one route."""
    routes = APIRouter(prefix="/api", tags=["Slack's Web API"])

    @routes.api_route("/{method}", methods=["GET", "POST"], summary="auth.test, chat.postMessage, chat.update, …")
    async def call(method: str, request: Request) -> Response:
        body = await request.body()
        mood = moods.of_slack(method)
        if mood is not None and not mood.kept:
            return await _spoilt(mood, _json({"ok": True}), request)
        try:
            asked = slack_call.read(method, headers=request.headers, query=request.url.query, body=body)
            slack.let_in(asked)
            if seconds := pace.wait(method, slack.channel_of(asked)):
                return _too_many(seconds)
            answer = slack.answer(asked)
        except SlackError as error:
            answer = error.answer
        return _json(answer) if mood is None else await _spoilt(mood, _json(answer), request)

    return routes


def _json(answer: Answer) -> Response:
    return Response(msgspec.json.encode(answer), media_type="application/json; charset=utf-8")


def _too_many(seconds: int) -> Response:
    body = msgspec.json.encode({"ok": False, "error": "ratelimited"})
    return Response(body, 429, {"Retry-After": str(seconds)}, media_type="application/json; charset=utf-8")


async def _spoilt(mood: SlackMood, answer: Response, request: Request) -> Response:
    """What the caller gets instead of the answer, or late."""
    match mood.answer:
        case "429":
            return _too_many(mood.retry_after)
        case "500":
            return HTMLResponse(_HTML, 500)
        case "error":
            return _json({"ok": False, "error": mood.error})
        case "slow":
            await asyncio.sleep(mood.seconds)
            return answer
        case "half":
            return _Half(answer)
        case "away":
            request.scope[TRANSPORT].abort()
            return answer


class _Half(Response):
    """The headers and the first half of the body; then the connection is cut."""

    def __init__(self, whole: Response) -> None:
        super().__init__(whole.body, media_type="application/json; charset=utf-8")

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        half = bytes(self.body)[: max(1, len(self.body) // 2)]
        await send({"type": "http.response.body", "body": half, "more_body": True})
        scope[TRANSPORT].close()
