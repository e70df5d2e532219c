"""docs/asyncapi.yaml: the topics and the events on them, made from the tables and the models.

`python -m shared.kafka.asyncapi`; `--check PATH` says whether a file is fresh.
"""

import json
from collections.abc import Iterator
from importlib.resources import files
from io import StringIO
from typing import Any, get_args

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import LiteralScalarString

from shared.events.model import DATA_OF
from shared.events.schema import event_schemas
from shared.events.set_aside import KINDS, Door
from shared.events.told.envelope import CASE, MOMENT, PERSONA, TROUBLE, TYPES
from shared.events.told.schema import told_schemas
from shared.kafka.topics import CASES, EVENTS, MOMENTS, PERSONAS, QUARANTINE, TOPICS, TROUBLES, Topic
from shared.page import main

MODULE = "shared.kafka.asyncapi"
JSON_TYPE = "application/cloudevents+json"
SCHEMAS = "#/components/schemas/"

# An event's plain form first, then what is odd about it; all of them stand in shared/events/examples.
EXAMPLES: dict[str, tuple[str, ...]] = {
    "voc.interaction": ("interaction", "durations", "promise-with-a-bare-date", "perspective-of-an-employee"),
    "voc.feedback": (
        "feedback",
        "feedback-without-subject",
        "feedback-part-with-the-score",
        "feedback-part-with-the-comment",
        "feedback-custom-metric-of-real-numbers",
    ),
    "voc.outcome": ("outcome", "outcome-of-a-custom-kind"),
    "voc.profile": ("profile", "profile-identifiers-and-consent", "profile-deleted"),
}

# What scoring tells on a topic of its own, and ingest of its sources; examples stand in shared/events/told/examples.
TOLD: dict[str, str] = {PERSONAS.name: PERSONA, MOMENTS.name: MOMENT, CASES.name: CASE, TROUBLES.name: TROUBLE}
TOLD_EXAMPLES: dict[str, tuple[str, ...]] = {
    PERSONA: ("persona", "persona-the-first-by-default", "persona-of-another-treatment"),
    MOMENT: ("moment", "moment-initial-of-a-duration", "moment-removed"),
    CASE: ("case", "case-of-a-promise", "case-of-no-place"),
    TROUBLE: ("trouble", "trouble-silent-source", "trouble-failing-source", "trouble-over"),
}

OPENING = f"# Made by `python -m {MODULE} > docs/asyncapi.yaml` from the topics and the events' models; change those.\n"

DESCRIPTION = """Topics of the Voice-of-the-Customer platform. Only ingest writes voc.events: send events to its door
(POST /v1/events), or to a topic of your own. Everything else may be read by whoever in the company wants it. Delivery
is at least once: readers drop what they have seen by source and id. docs/events.md is the same for people.
"""

HEADERS = {
    "reason": "why it was set aside, every fault with its path",
    "origin": "where it came from: the request, or topic[partition]@offset",
    "first-seen": "when it was first seen, ISO 8601 in UTC",
}
LATER_HEADERS = {  # messages from before they were written have none of these
    "door": "by which door it came, or which reader of our topics could not go on with it: "
    + ", ".join(get_args(Door)),
    "kind": "the reason in a word: " + "; ".join(f"{kind}, {meaning}" for kind, meaning in KINDS.items()),
    "problems": "each fault as JSON, [{path, message}]",
    "content-type": "of the payload, where it said so",
    "authentic": "yes or no: whether its sender proved who they are, by key or signature; absent where nobody asks",
}
CARRIED = {
    "^ce-": "as it came: of a request in binary mode whose headers and body make no event; the payload is its body",
    "^http-": "of a webhook's request, what a replay may need; never Authorization, cookies or tokens",
    "^record-": "of a bridge's record: record-key, -timestamp (ms), -generation, record-header-NAME for each header",
}


WRITERS = {
    EVENTS.name: "ingest, and nobody else",
    QUARANTINE.name: "ingest what it refuses, scoring what it cannot fold, alerts what it cannot read",
    PERSONAS.name: "scoring, when a customer's persona or treatment changes, the first persona included",
    MOMENTS.name: "scoring, when the status of a moment of truth or of one of its measures changes",
    CASES.name: "scoring, when a customer needs help now: a fresh severe answer, or a promise that was just broken",
    TROUBLES.name: "scoring, when decisions go on without all that is known, when a source or touchpoint has"
    " fallen silent; ingest, when a source begins to fail or had to be stopped; and both, when it is over",
}


def page() -> str:
    """The whole document, ending in a newline."""
    yaml = YAML()
    yaml.width = 116
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.representer.ignore_aliases = lambda _: True
    written = StringIO()
    yaml.dump(document(), written)
    return OPENING + written.getvalue()


def document() -> dict[str, Any]:
    """The AsyncAPI 3.0 document as plain values."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Voice-of-the-Customer platform",
            "version": "1.0.0",
            "description": LiteralScalarString(DESCRIPTION),
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": JSON_TYPE,
        "servers": {
            "local": {"host": "127.0.0.1:39092", "protocol": "kafka", "description": "the local stack (voc up)"}
        },
        "channels": {_name(topic): _channel(topic) for topic in TOPICS},
        "operations": dict(_operations()),
        "components": {"messages": _messages(), "schemas": _schemas()},
    }


def _name(topic: Topic) -> str:
    return topic.name.removeprefix("voc.")


def _messages_on(topic: Topic) -> list[str]:
    return list(DATA_OF) if topic is EVENTS else [f"{topic.name}.message"]


def _channel(topic: Topic) -> dict[str, Any]:
    settings = topic.config()
    return {
        "address": topic.name,
        "description": topic.value,
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in _messages_on(topic)},
        "bindings": {
            "kafka": {
                "topic": topic.name,
                "partitions": topic.partitions,
                "topicConfiguration": {
                    "cleanup.policy": [settings["cleanup.policy"]],
                    "retention.ms": int(settings["retention.ms"]),
                    "max.message.bytes": int(settings["max.message.bytes"]),
                },
                "bindingVersion": "0.5.0",
            }
        },
    }


def _operations() -> Iterator[tuple[str, dict[str, Any]]]:
    for topic in TOPICS:
        channel = {"$ref": f"#/channels/{_name(topic)}"}
        yield f"write-{_name(topic)}", {"action": "send", "channel": channel, "summary": WRITERS[topic.name]}
    yield (
        "fold-events",
        {
            "action": "receive",
            "channel": {"$ref": f"#/channels/{_name(EVENTS)}"},
            "summary": "scoring folds every event once into timelines, customers, promises and counts",
            "bindings": {"kafka": {"groupId": {"type": "string", "const": "voc-scoring"}, "bindingVersion": "0.5.0"}},
        },
    )


def _messages() -> dict[str, Any]:
    messages: dict[str, Any] = {kind: _event(kind, data) for kind, data in DATA_OF.items()}
    for topic in TOPICS:
        if topic is not EVENTS:
            messages[f"{topic.name}.message"] = _message(topic)
    return messages


def _event(kind: str, data: type) -> dict[str, Any]:
    return {
        "name": kind,
        "title": data.__name__,
        "summary": (data.__doc__ or "").partition("\n")[0],
        "contentType": JSON_TYPE,
        "payload": {"$ref": f"{SCHEMAS}{kind}"},
        "bindings": _key(EVENTS),
        "examples": [{"name": name, "payload": example(name)} for name in EXAMPLES[kind]],
    }


def _message(topic: Topic) -> dict[str, Any]:
    message: dict[str, Any] = {"name": topic.name, "summary": topic.value, "bindings": _key(topic)}
    if topic.name in TOLD:
        return message | _told(TOLD[topic.name])
    if topic is not QUARANTINE:
        return message | {"contentType": JSON_TYPE, "payload": {"$ref": f"{SCHEMAS}CloudEvent"}}
    headers = _described(HEADERS | LATER_HEADERS)
    return message | {
        "contentType": "application/octet-stream",
        "headers": {
            "type": "object",
            "properties": headers,
            "required": list(HEADERS),
            "patternProperties": _described(CARRIED),
        },
        "payload": {"description": "the bytes as they came: JSON or not"},
    }


def _described(headers: dict[str, str]) -> dict[str, Any]:
    return {name: {"type": "string", "description": meaning} for name, meaning in headers.items()}


def _told(kind: str) -> dict[str, Any]:
    return {
        "title": TYPES[kind].__name__,
        "contentType": JSON_TYPE,
        "payload": {"$ref": f"{SCHEMAS}{kind}"},
        "examples": [{"name": name, "payload": told_example(name)} for name in TOLD_EXAMPLES[kind]],
    }


def _key(topic: Topic) -> dict[str, Any]:
    return {"kafka": {"key": {"type": "string", "description": topic.key}, "bindingVersion": "0.5.0"}}


def _schemas() -> dict[str, Any]:
    told = {kind: TYPES[kind] for kind in TOLD.values()}
    schemas: dict[str, Any] = _plain(event_schemas(SCHEMAS) | told_schemas(SCHEMAS, told))
    return schemas


def _plain(schema: Any) -> Any:
    """As AsyncAPI reads it (JSON Schema of draft 7), and without what says nothing, such as a default of null."""
    if isinstance(schema, list | tuple):
        return [_plain(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {name: _plain(value) for name, value in schema.items() if name not in ("default", "required") or value}
    if "prefixItems" in plain:  # of a later draft; in ours all items are alike
        plain["items"] = plain.pop("prefixItems")[0]
    return plain


def example(name: str) -> Any:
    """A golden example by its name."""
    return json.loads((files("shared.events") / "examples" / f"{name}.json").read_text(encoding="utf-8"))


def told_example(name: str) -> Any:
    """A golden example of what scoring tells, by its name."""
    return json.loads((files("shared.events.told") / "examples" / f"{name}.json").read_text(encoding="utf-8"))


if __name__ == "__main__":
    raise SystemExit(main(page, MODULE, "docs/asyncapi.yaml"))
