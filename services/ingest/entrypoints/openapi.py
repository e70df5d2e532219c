"""The door's routes on the OpenAPI page. FastAPI does not know them, so they are described, from the events' models."""

from typing import Any

import msgspec
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from services.ingest.domain.mode import BATCH_TYPE, JSON_TYPE, STRUCTURED_TYPE
from services.ingest.entrypoints import quarantine
from services.ingest.entrypoints.openapi_webhooks import webhook_paths, webhook_schemas
from services.ingest.settings import Settings
from shared.events.refusal import Problem
from shared.events.schema import event_schemas
from shared.http.problem import MEDIA_TYPE, TITLES

SCHEMAS = "#/components/schemas/"
EXAMPLE = {
    "specversion": "1.0",
    "id": "order-1-delivered",
    "source": "urn:shop:orders",
    "type": "voc.interaction",
    "subject": "crm:0042",
    "time": "2026-11-24T08:00:00Z",
    "data": {"journey": "order-to-door", "instance": "order-1", "action": "delivered", "channel": "courier"},
}
HEADERS = {
    "ce-specversion": ("1.0", True),
    "ce-id": ("with `ce-source` the event for ever: a repeat counts once", True),
    "ce-source": ("who says so", True),
    "ce-type": ("one of the four types", True),
    "ce-subject": ("the customer, `namespace:value`", False),
    "ce-time": ("when it happened, with an offset; without it, when it was received", False),
}
REFUSALS = {
    400: "The body is no JSON, or an attribute in a header cannot be read",
    401: "No key, or none that holds",
    403: "The key is for something else",
    405: "Another method than POST",
    408: "The request's head did not come in in time; the connection is closed",
    413: "A body of more than {most_bytes:,} bytes, a batch of more than {most_events:,} events, or than its key "
    "may send at once",
    415: "A media type that is none of these three, another charset than UTF-8, or a Content-Encoding",
    422: "No event of ours: `problems` says what and where; of a batch nothing was taken, and `rejected` says why",
    429: "More events than the key's quota has left: nothing was taken, send it again after `Retry-After` seconds",
    431: "More than {most_headers:,} header fields, or {most_head_bytes:,} bytes of them; the connection is closed",
    500: "A fault of ours",
    503: "Kafka did not acknowledge in time, or the door is not ready: send it again after `Retry-After` seconds",
}


class Rejected(msgspec.Struct, frozen=True):
    """An event of a batch that was not taken; `index` is its place in the batch."""

    index: int
    id: str | None
    problems: list[Problem]


class Taken(msgspec.Struct, frozen=True):
    """How many events Kafka has, and which of a batch it has not."""

    accepted: int
    rejected: list[Rejected]


class ProblemDetails(msgspec.Struct, frozen=True, omit_defaults=True):
    """RFC 9457. `problems` are those of one event, `accepted` and `rejected` those of a batch."""

    type: str
    title: str
    status: int
    detail: str
    problems: list[Problem] = []
    accepted: int | None = None
    rejected: list[Rejected] = []


def describe(app: FastAPI, settings: Settings) -> None:
    """Put the route on the page of `app`."""

    def page() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = get_openapi(
                title=app.title, version=app.version, description=app.description, routes=app.routes
            )
            app.openapi_schema["paths"]["/v1/events"] = {"post": _route(settings)}
            app.openapi_schema["paths"].update(webhook_paths(SCHEMAS))
            components = app.openapi_schema.setdefault("components", {})
            components.setdefault("schemas", {}).update(
                {**_schemas(), **webhook_schemas(SCHEMAS), **quarantine.schemas()}
            )
            key = {"type": "http", "scheme": "bearer", "description": _KEY}
            components.setdefault("securitySchemes", {})["key"] = key
        return app.openapi_schema

    app.openapi = page  # type: ignore[method-assign]


_KEY = "A key of the scope `ingest`, made by `voc key create`."
_DESCRIPTION = """\
CloudEvents 1.0 over HTTP, in three modes that the media type tells apart: *structured* (the body is the event), *batch*
(the body is an array of events, judged one by one) and *binary* (attributes in `ce-` headers, percent-encoded, the body
is `data`). 202 says that Kafka has the event on all its replicas; a repeat of the same `source` and `id` is taken and
counts once. An event without a `time` gets the time it was received, and `timesource: received`. What is refused is
kept in `voc.quarantine` with its reasons, if the key holds.
"""


def _route(settings: Settings) -> dict[str, Any]:
    limits = {
        "most_bytes": settings.ingest_most_bytes,
        "most_events": settings.ingest_most_events,
        "most_headers": settings.ingest_most_headers,
        "most_head_bytes": settings.ingest_most_head_bytes,
    }
    return {
        "tags": ["events"],
        "summary": "Send events",
        "description": _DESCRIPTION,
        "operationId": "send_events",
        "security": [{"key": []}],
        "parameters": [
            {
                "name": name,
                "in": "header",
                "required": False,
                "schema": {"type": "string"},
                "description": f"Binary mode{', wanted there' if wanted else ''}: {meaning}.",
            }
            for name, (meaning, wanted) in HEADERS.items()
        ],
        "requestBody": {"required": True, "content": _bodies(limits["most_events"])},
        "responses": _responses(limits),
    }


_LIMITS = {
    "RateLimit-Policy": {
        "schema": {"type": "string"},
        "description": 'a key\'s quota, `"events";q=1000;w=2`: 1,000 in 2 s',
    },
    "RateLimit": {
        "schema": {"type": "string"},
        "description": 'what is left of it, `"events";r=912;t=1`: one more in 1 s',
    },
}


def _bodies(most_events: int) -> dict[str, Any]:
    event = {"$ref": f"{SCHEMAS}Event"}
    batch = {"type": "array", "items": event, "minItems": 1, "maxItems": most_events}
    data = {"description": "Binary mode: the event's `data`.", "$ref": f"{SCHEMAS}Data"}
    return {
        STRUCTURED_TYPE: {"schema": event, "example": EXAMPLE},
        BATCH_TYPE: {"schema": batch, "example": [EXAMPLE]},
        JSON_TYPE: {"schema": {"anyOf": [event, data]}, "example": EXAMPLE},
    }


def _responses(limits: dict[str, int]) -> dict[str, Any]:
    taken = {"schema": {"$ref": f"{SCHEMAS}Taken"}, "example": {"accepted": 1, "rejected": []}}
    answers: dict[str, Any] = {"202": {"description": "Kafka has them", "content": {JSON_TYPE: taken}}}
    for status, meaning in REFUSALS.items():
        answers[str(status)] = {
            "description": f"{TITLES[status]}. {meaning.format(**limits)}.",
            "content": {MEDIA_TYPE: {"schema": {"$ref": f"{SCHEMAS}ProblemDetails"}}},
        }
    seconds = {"schema": {"type": "integer"}, "description": "seconds until to come again"}
    answers["503"]["headers"] = {"Retry-After": seconds}
    answers["202"]["headers"] = _LIMITS
    answers["413"]["headers"] = {"RateLimit-Policy": _LIMITS["RateLimit-Policy"]}
    answers["429"]["headers"] = {"Retry-After": seconds, **_LIMITS}
    answers["405"]["headers"] = {"Allow": {"schema": {"const": "POST"}}}
    return answers


def _schemas() -> dict[str, Any]:
    events = event_schemas(SCHEMAS)
    kinds = [name for name in events if name.startswith("voc.")]
    data = [events[kind]["allOf"][1]["properties"]["data"] for kind in kinds]
    _, answers = msgspec.json.schema_components((Taken, ProblemDetails), ref_template=SCHEMAS + "{name}")
    return {
        "Event": {"oneOf": [{"$ref": f"{SCHEMAS}{kind}"} for kind in kinds]},
        "Data": {"anyOf": data},
        **events,
        **answers,
    }
