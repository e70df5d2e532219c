"""The one table of what a failed question is answered with."""

from fastapi import FastAPI, Request
from fastapi.responses import Response

from services.insights.domain.asked import Unreadable
from services.insights.domain.place import Missing
from shared.errors import Unavailable
from shared.http.problem import MEDIA_TYPE, body_of

RETRY_SECONDS = "2"


def install(app: FastAPI) -> None:
    """Answer the domain's and the database's failures as problems."""
    app.add_exception_handler(Missing, _missing)
    app.add_exception_handler(Unreadable, _unreadable)
    app.add_exception_handler(Unavailable, _unavailable)


async def _missing(_request: Request, error: Exception) -> Response:
    return _answer(404, str(error))


async def _unreadable(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Unreadable)
    problem = {"path": f"query.{error.parameter}", "message": error.expected}
    return _answer(422, f"query.{error}", problems=[problem])


async def _unavailable(_request: Request, error: Exception) -> Response:
    return _answer(503, str(error), {"Retry-After": RETRY_SECONDS})


def _answer(status: int, detail: str, headers: dict[str, str] | None = None, **extra: object) -> Response:
    return Response(body_of(status, detail, extra), status, headers, media_type=MEDIA_TYPE)
