"""What the door answers, as ASGI messages; every problem from the one table of `shared/http/problem.py`."""

from typing import Any

import msgspec

from services.ingest import metrics
from services.ingest.domain.mode import BATCH_TYPE, JSON_TYPE, STRUCTURED_TYPE
from services.ingest.domain.not_now import NotNow
from services.ingest.domain.rejection import Rejection
from services.ingest.entrypoints.body import Message
from shared.http.problem import MEDIA_TYPE, HttpProblem, body_of

RETRY_SECONDS = 2

# What a refusal counts as in the metric; what is not here is no refusal.
REFUSALS = {
    400: "malformed",
    401: "key",
    403: "scope",
    405: "method",
    408: "slow",
    413: "too-large",
    415: "media-type",
    422: "invalid",
    429: "quota",
    431: "large-head",
}

Answer = tuple[Message, Message]


def taken(accepted: int, rejected: list[Rejection]) -> Answer:
    """202: how many Kafka has, and what is wrong with the others."""
    return messages(202, msgspec.json.encode(outcome(accepted, rejected)), JSON_TYPE, {})


def outcome(accepted: int, rejected: list[Rejection]) -> dict[str, Any]:
    """The body of a 202, and members of a batch's 422."""
    return {"accepted": accepted, "rejected": [rejection.answer() for rejection in rejected]}


def refused(problem: HttpProblem) -> Answer:
    """A problem document; counts it."""
    reason = REFUSALS.get(problem.status)
    if reason is not None:
        metrics.REFUSED.labels(reason).inc(len(problem.extra.get("rejected", ())) or 1)
    body = body_of(problem.status, problem.detail, problem.extra)
    return messages(problem.status, body, MEDIA_TYPE, problem.headers)


def not_now(reason: NotNow, *, headers: dict[str, str] | None = None) -> Answer:
    """503, and when to come again; counts it."""
    metrics.UNAVAILABLE.labels(reason.reason).inc()
    again = {"Retry-After": str(RETRY_SECONDS), **(headers or {})}
    return refused(HttpProblem(503, f"{reason} Send it again.", headers=again))


def not_our_media(*, encoded: bool) -> HttpProblem:
    """415 for a type, or a Content-Encoding, that the door does not read."""
    if encoded:
        return HttpProblem(415, "Send the body without Content-Encoding.", headers={"Accept-Encoding": "identity"})
    return HttpProblem(
        415,
        f"Send JSON in UTF-8: {STRUCTURED_TYPE}, {BATCH_TYPE}, or {JSON_TYPE} with the attributes in `ce-` headers.",
        headers={"Accept": f"{STRUCTURED_TYPE}, {BATCH_TYPE}, {JSON_TYPE}"},
    )


def messages(status: int, body: bytes, media_type: str, headers: dict[str, str]) -> Answer:
    """An answer, whole."""
    named = {"content-type": media_type, "content-length": str(len(body)), **headers}
    fields = [(name.lower().encode(), value.encode("latin-1")) for name, value in named.items()]
    return (
        {"type": "http.response.start", "status": status, "headers": fields},
        {"type": "http.response.body", "body": body},
    )
