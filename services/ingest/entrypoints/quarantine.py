"""`/v1/quarantine`: what was refused, looked at, replayed after its cause was mended, or dismissed."""

from typing import Any

import msgspec
from fastapi import APIRouter, Request
from fastapi.responses import Response

from services.ingest.adapters.quarantined import Quarantined
from services.ingest.domain import quarantine_page as page
from services.ingest.domain.quarantine_page import Dismissed
from services.ingest.domain.wanted import Selection, Unreadable, filter_of, limit_of, number_of, selection_of
from services.ingest.entrypoints.bounded import bounded
from services.ingest.entrypoints.replay import Replays
from shared.clock import Clock
from shared.http.guarded import guarded
from shared.http.keys import KeyRing
from shared.http.problem import HttpProblem

MOST_BYTES = 64 * 1024  # of a request's body: a thousand ids
SCHEMAS = "#/components/schemas/"
SHAPES = (page.Items, page.Whole, page.Summary, page.Replayed, page.Dismissed, Selection)
FILTERS = {
    "source": "the source's name, as the list shows it; empty asks for those without one",
    "door": "events, webhook, bridge, scoring or alerts",
    "state": "waiting, replayed or dismissed",
    "reason": "a part of the reason, or its kind",
    "since": "last seen at or after this instant",
    "until": "last seen before this instant",
    "limit": "how many, from 1 to 500; 50 where nothing is said",
    "cursor": "`next` of the page before",
}


def router(quarantined: Quarantined, replays: Replays, ring: KeyRing, clock: Clock) -> APIRouter:
    """The routes; all want a key of the scope `admin`."""
    routes = APIRouter(prefix="/v1/quarantine", tags=["quarantine"], dependencies=guarded(ring, "admin", named="admin"))

    @routes.get("", summary="What was refused, the newest first", openapi_extra=_page(page.Items, parameters=FILTERS))
    async def items(request: Request) -> Response:
        words = dict(request.query_params)
        before, limit = number_of("query.cursor", words.get("cursor")), limit_of(words.get("limit"))
        return _answer(await quarantined.page(filter_of(words), before=before, limit=limit))

    @routes.get("/summary", summary="Counts by source and kind of reason; who fails", openapi_extra=_page(page.Summary))
    async def summary() -> Response:
        return _answer(await quarantined.summary())

    @routes.post(
        "/replay", summary="Let it in again: one chunk a request", openapi_extra=_page(page.Replayed, Selection)
    )
    async def replay(request: Request) -> Response:
        return _answer(await replays.replay(await _selected(request)))

    @routes.post("/dismiss", summary="Nobody will need these", openapi_extra=_page(page.Dismissed, Selection))
    async def dismiss(request: Request) -> Response:
        wanted = await _selected(request)
        return _answer(Dismissed(wanted.dry_run, await quarantined.dismiss(wanted, at=clock())))

    @routes.get("/{id}", summary="One, with its bytes", openapi_extra=_page(page.Whole))
    async def one(id: str) -> Response:
        found = await quarantined.one(_id(id))
        return _answer(_there(found, id))

    return routes


def schemas() -> dict[str, Any]:
    """The shapes, for the OpenAPI page."""
    _, found = msgspec.json.schema_components(SHAPES, ref_template=SCHEMAS + "{name}")
    return found


async def _selected(request: Request) -> Selection:
    """The body, read after the key was looked at, and not without end."""
    return selection_of(await bounded(request, MOST_BYTES, "select by a filter."))


def _id(text: str) -> int:
    try:
        found = number_of("path.id", text)
    except Unreadable:
        found = None
    return -1 if found is None else found


def _there(found: Any, id: str) -> Any:
    if found is None:
        raise HttpProblem(404, f"There is no {id[:60]!r} in the quarantine; /v1/quarantine lists what there is.")
    return found


def _answer(shape: msgspec.Struct | bytes) -> Response:
    return Response(msgspec.json.encode(shape), media_type="application/json")


def _page(answer: type, body: type | None = None, *, parameters: dict[str, str] | None = None) -> dict[str, Any]:
    """What the OpenAPI page says of a route that reads and writes by msgspec."""
    content = {"application/json": {"schema": {"$ref": f"{SCHEMAS}{answer.__name__}"}}}
    about: dict[str, Any] = {"responses": {"200": {"description": "Found", "content": content}}}
    if body is not None:
        asked = {"application/json": {"schema": {"$ref": f"{SCHEMAS}{body.__name__}"}, "example": {"filter": {}}}}
        about["requestBody"] = {"required": True, "content": asked}
    if parameters is not None:
        about["parameters"] = [
            {"name": name, "in": "query", "required": False, "schema": {"type": "string"}, "description": meaning}
            for name, meaning in parameters.items()
        ]
    return about
