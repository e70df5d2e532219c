"""RFC 9457 problem details: the one table of what can be answered besides success, and its shape on the wire."""

from typing import Any

import msgspec
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

MEDIA_TYPE = "application/problem+json"

TITLES = {
    400: "Malformed request",
    401: "No valid key",
    403: "The key's scope does not allow this",
    404: "Not found",
    405: "Method not allowed",
    408: "Too slow",
    413: "Too large",
    415: "Unsupported media type",
    422: "Not acceptable as it is",
    429: "Too many requests",
    431: "Header fields too large",
    500: "Internal error",
    503: "Unavailable for the moment",
}


class HttpProblem(Exception):
    """Raised by a route to answer with a problem. `extra` are further members of the document."""

    def __init__(
        self, status: int, detail: str, *, headers: dict[str, str] | None = None, extra: dict[str, Any] | None = None
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = headers or {}
        self.extra = extra or {}


def body_of(status: int, detail: str, extra: dict[str, Any] | None = None) -> bytes:
    """The JSON document of a problem."""
    title = TITLES.get(status, "Error")
    return msgspec.json.encode(
        {"type": "about:blank", "title": title, "status": status, "detail": detail, **(extra or {})}
    )


def install(app: FastAPI) -> None:
    """Answer every error of `app` as a problem."""
    app.add_exception_handler(HttpProblem, _ours)
    app.add_exception_handler(HTTPException, _starlettes)
    app.add_exception_handler(RequestValidationError, _validations)
    app.add_exception_handler(Exception, _unexpected)


def _answer(status: int, detail: str, headers: dict[str, str] | None, extra: dict[str, Any] | None = None) -> Response:
    return Response(body_of(status, detail, extra), status, headers, media_type=MEDIA_TYPE)


async def _ours(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HttpProblem)
    return _answer(error.status, error.detail, error.headers, error.extra)


async def _starlettes(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return _answer(error.status_code, str(error.detail), dict(error.headers or {}))


async def _validations(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    problems = [{"path": ".".join(str(p) for p in e["loc"]), "message": e["msg"]} for e in error.errors()]
    detail = "; ".join(f"{p['path']}: {p['message']}" for p in problems)
    return _answer(422, detail, None, {"problems": problems})


async def _unexpected(_request: Request, _error: Exception) -> Response:
    return _answer(500, "Something failed on our side; the log has the details.", None)
