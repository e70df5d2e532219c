"""The webhooks' routes on the OpenAPI page, described here because FastAPI does not know them."""

from typing import Any

import msgspec

from services.ingest.domain.mode import JSON_TYPE
from services.ingest.entrypoints.intake import Told
from shared.http.problem import MEDIA_TYPE, TITLES

PATH = "/v1/webhooks/{source}"
_DESCRIPTION = """\
Called by the tool that the programme's sources.yaml names as the source's provider, with whatever body and signature
that tool has. What makes no event is kept in the quarantine, whole, and accepted: sending it again would not help. A
name that the programme does not have is answered 503, never 404 or 410, on which tools switch a webhook off.
"""
REFUSALS = {
    400: "The body cannot be read at all; the quarantine has it",
    401: "No signature or token, or none that holds",
    405: "Another method than POST, GET, HEAD and OPTIONS",
    413: "The body is too long",
    415: "A Content-Encoding, or from a sender of CloudEvents another content type than theirs",
    429: "Too many requests",
    500: "A fault of ours",
    503: "Kafka did not acknowledge, the source is not in the programme, or its secret is missing: come again",
}


def webhook_paths(schemas: str) -> dict[str, Any]:
    """By path. `schemas` is where references lead."""
    source = {"name": "source", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
    token = {"name": "token", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
    return {
        PATH: {
            "parameters": [{**source, "description": "the source, as sources.yaml calls it"}],
            "post": _post("receive_delivery", schemas),
            "get": _asked("ask_webhook", schemas),
        },
        PATH + "/{token}": {
            "parameters": [source, {**token, "description": "its secret, where the tool can be given an address only"}],
            "post": _post("receive_delivery_with_token", schemas),
        },
    }


def webhook_schemas(schemas: str) -> dict[str, Any]:
    """What the answers refer to."""
    return dict(msgspec.json.schema_components((Told,), ref_template=schemas + "{name}")[1])


def _post(operation: str, schemas: str) -> dict[str, Any]:
    answer = {"schema": {"$ref": f"{schemas}Told"}, "example": {"accepted": 1}}
    taken = {
        "description": "Kafka has what it says; some tools are answered in words of their own",
        "content": {JSON_TYPE: answer, "text/xml": {"schema": {"type": "string"}}},
    }
    return {
        "tags": ["webhooks"],
        "summary": "A delivery of a survey tool or a CRM",
        "description": _DESCRIPTION,
        "operationId": operation,
        "requestBody": {"required": True, "content": {"*/*": {"schema": {}}}},
        "responses": {"200": taken, "202": taken, **_refusals(schemas, REFUSALS)},
    }


def _asked(operation: str, schemas: str) -> dict[str, Any]:
    ready = {"description": "Deliveries are taken", "content": {JSON_TYPE: {"schema": {"type": "object"}}}}
    return {
        "tags": ["webhooks"],
        "summary": "Whether deliveries are taken; HEAD and OPTIONS ask the same",
        "operationId": operation,
        "responses": {"200": ready, **_refusals(schemas, {status: REFUSALS[status] for status in (500, 503)})},
    }


def _refusals(schemas: str, refusals: dict[int, str]) -> dict[str, Any]:
    problem = {MEDIA_TYPE: {"schema": {"$ref": f"{schemas}ProblemDetails"}}}
    return {
        str(status): {"description": f"{TITLES[status]}. {meaning}.", "content": problem}
        for status, meaning in refusals.items()
    }
