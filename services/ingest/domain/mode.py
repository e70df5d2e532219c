"""Which of CloudEvents' three ways over HTTP a request takes, by its media type."""

from enum import Enum
from functools import lru_cache

STRUCTURED_TYPE = "application/cloudevents+json"
BATCH_TYPE = "application/cloudevents-batch+json"
JSON_TYPE = "application/json"


class Mode(Enum):
    """Structured: the body is the event. Binary: headers and data. Batch: the body is a list of events.

    PLAIN is JSON that is the data of a binary event if the request has `ce-` headers, else a structured event.
    """

    STRUCTURED = "structured"
    BATCH = "batch"
    PLAIN = "plain"


@lru_cache(maxsize=256)
def mode_of(content_type: bytes) -> Mode | None:
    """The mode that a Content-Type stands for; None for one that the door does not take.

    Without one it is JSON: that is what CloudEvents says of data without a type.
    """
    media, _, parameters = content_type.decode("latin-1").partition(";")
    media = media.strip().lower()
    if not _is_utf8(parameters):
        return None
    if media == STRUCTURED_TYPE:
        return Mode.STRUCTURED
    if media == BATCH_TYPE:
        return Mode.BATCH
    if media.startswith("application/cloudevents"):
        return None
    return Mode.PLAIN if media in ("", JSON_TYPE, "text/json") or media.endswith("+json") else None


def _is_utf8(parameters: str) -> bool:
    """Whether the charset, if one is given, is that of JSON."""
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip('"').lower() in ("utf-8", "utf8", "us-ascii")
    return True
