"""The API: who was told what, and why; who was not."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

import msgspec
from fastapi import APIRouter, FastAPI, Query, Request
from fastapi.responses import Response

from services.alerts.adapters.answers import Answers
from services.alerts.domain import asked
from services.alerts.domain.asked import Unreadable
from shared.errors import Unavailable
from shared.http import health, problem
from shared.http.guarded import guarded
from shared.http.health import Check
from shared.http.keys import KeyRing
from shared.http.problem import HttpProblem

DESCRIPTION = """Red spells of moments of truth (episodes), customers who need help (cases), and what was said to whom
(deliveries): each with the reason it was said for, its attempts and the provider's answer."""

Text = str | None


def build(answers: Answers, keys: KeyRing, checks: Mapping[str, Check]) -> FastAPI:
    """The application."""
    app = FastAPI(title="Alerts", version="1", description=DESCRIPTION)
    problem.install(app)
    app.add_exception_handler(Unreadable, _unreadable)
    app.add_exception_handler(Unavailable, _unavailable)
    app.include_router(health.router(checks))
    app.include_router(_routes(answers), dependencies=guarded(keys, "alerts"))
    return app


def _routes(answers: Answers) -> APIRouter:
    routes = APIRouter(prefix="/v1")

    @routes.get("/episodes", summary="Red spells, the newest first; `open` asks for those that last")
    async def episodes(
        journey: Text = None,
        touchpoint: Text = None,
        is_open: Annotated[Text, Query(alias="open")] = None,
        limit: Text = None,
        cursor: Text = None,
    ) -> Response:
        where = _words(journey=journey, touchpoint=touchpoint) | {"open": asked.flag("open", is_open)}
        return _answer(await answers.episodes(limit=asked.limit(limit), after=asked.cursor(cursor), **where))

    @routes.get("/episodes/{episode}", summary="One red spell, with everything that was said of it")
    async def episode(episode: str) -> Response:
        found = await answers.episode(_uuid(episode))
        if found is None:
            raise HttpProblem(404, f"There is no episode {episode[:60]}; /v1/episodes lists them.")
        return _answer(found)

    @routes.get("/cases", summary="Customers who need help, the newest first")
    async def cases(customer: Text = None, owner: Text = None, limit: Text = None, cursor: Text = None) -> Response:
        where = _words(customer=customer, owner=owner)
        return _answer(await answers.cases(limit=asked.limit(limit), after=asked.cursor(cursor), **where))

    @routes.get("/deliveries", summary="What was said to whom, and how it went, the newest first")
    async def deliveries(state: Text = None, channel: Text = None, limit: Text = None, cursor: Text = None) -> Response:
        where = _words(state=state, channel=channel)
        return _answer(await answers.deliveries(limit=asked.limit(limit), after=asked.cursor(cursor), **where))

    @routes.get("/{rest:path}", include_in_schema=False)
    async def nowhere(rest: str) -> Response:
        raise HttpProblem(404, f"There is no /v1/{rest[:120]}; /docs lists what there is.")

    return routes


def _words(**texts: str | None) -> dict[str, Any]:
    return {name: asked.word(name, text) for name, text in texts.items()}


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise HttpProblem(404, f"An episode's id is a UUID, found {text[:60]!r}; /v1/episodes lists them.") from None


def _answer(shape: msgspec.Struct) -> Response:
    return Response(msgspec.json.encode(shape), media_type="application/json")


async def _unreadable(_request: Request, error: Exception) -> Response:
    name, _, expected = str(error).partition(": ")
    extra = {"problems": [{"path": f"query.{name}", "message": expected}]}
    return Response(problem.body_of(422, f"query.{error}", extra), 422, media_type=problem.MEDIA_TYPE)


async def _unavailable(_request: Request, error: Exception) -> Response:
    return Response(problem.body_of(503, str(error)), 503, headers={"Retry-After": "2"}, media_type=problem.MEDIA_TYPE)
