"""How answers are described to FastAPI: by the structs that are encoded, not by models of its own."""

from typing import Any

import msgspec
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.responses import Response

from services.insights.domain import shapes
from shared.http.problem import MEDIA_TYPE, TITLES

ANSWERS: tuple[Any, ...] = (shapes.Journeys, shapes.Journey, shapes.Measure, shapes.Series, shapes.Customer)

_REFERENCE = "#/components/schemas/{name}"
_encode = msgspec.json.Encoder().encode


class Problem(msgspec.Struct, frozen=True):
    """RFC 9457 problem details: `detail` is a sentence that says what to do."""

    type: str
    title: str
    status: int
    detail: str


def answer(shape: msgspec.Struct) -> Response:
    """A 200 with the struct as JSON; numbers are never rounded."""
    return Response(_encode(shape), media_type="application/json")


def described(*shapes: Any, problems: tuple[int, ...]) -> dict[int | str, dict[str, Any]]:
    """A route's `responses`: one of these structs, or one of these problems."""
    references = [{"$ref": _REFERENCE.format(name=shape.__name__)} for shape in shapes]
    schema = references[0] if len(references) == 1 else {"anyOf": references}
    failed = {"$ref": _REFERENCE.format(name=Problem.__name__)}
    return {
        200: {"description": "The answer", "content": {"application/json": {"schema": schema}}},
        **{
            status: {"description": TITLES[status], "content": {MEDIA_TYPE: {"schema": failed}}}
            for status in (401, 403, *problems, 503)
        },
    }


def describe(app: FastAPI) -> None:
    """Put the structs' schemas on the OpenAPI page of `app`."""
    _, components = msgspec.json.schema_components((*ANSWERS, Problem), ref_template=_REFERENCE)

    def page() -> dict[str, Any]:
        if app.openapi_schema is None:
            page = get_openapi(
                title=app.title, version=app.version, description=app.description, routes=app.routes, tags=None
            )
            page.setdefault("components", {}).setdefault("schemas", {}).update(components)
            app.openapi_schema = page
        return app.openapi_schema

    app.openapi = page  # type: ignore[method-assign]
