"""docs/events.md, for people who send events: made from the models and the golden examples.

`python -m shared.events.page`; `--check PATH` says whether a file is fresh.
"""

import json
from importlib.resources import files
from typing import Any

import msgspec

from shared.events.limits import MOST_ITEMS, MOST_TEXT
from shared.events.model import DATA_OF, Answer, Envelope
from shared.events.text import MOST_NESTED
from shared.page import main, table

MODULE = "shared.events.page"
FOLDER = files("shared.events") / "examples"

OPENING = f"""# Events

<!-- Made by `python -m {MODULE} > docs/events.md` from shared/events; change that. -->

Whatever a customer does, says or becomes is told as an event: [CloudEvents 1.0](https://cloudevents.io) in JSON, of one
of four types. Send it to ingest with a key of the scope `ingest`:

```sh
export KEY=$(voc key create --name shop --scope ingest)

curl -sS localhost:8080/v1/events -H "Authorization: Bearer $KEY" \\
  -H 'Content-Type: application/cloudevents+json' -d '@shared/events/examples/interaction.json'
```

202 says that Kafka has it on disk. 422 says what is wrong, each fault with its path; 400, that the body is no JSON;
503, to send it again. `source` and `id` are the event for ever: sending it again is safe, it counts once.

`Content-Type: application/cloudevents-batch+json` takes a list of events and answers item by item. With the attributes
in headers (`ce-id`, `ce-source`, `ce-type`, `ce-specversion`, …) and `application/json`, the body is `data` alone.

Every field is optional unless it says *wanted*; null is the same as left out, lists excepted. Fields that are not
listed are kept and can be matched in a programme; of a name that stands twice in an object, the last one is read. The
topics that events travel on are in [asyncapi.yaml](asyncapi.yaml), more examples in
[shared/events/examples](../shared/events/examples).
"""

ENVELOPE = """## What every event has

"""

NOTES = {
    "voc.interaction": """A promise is opened by an event that carries `promised_at` and kept by another one that comes
in time; which ones, the programme says. If the day passes, the promise is missed then, without any event.
""",
    "voc.feedback": """Without a `subject` (a kiosk, a QR code) it counts, and belongs to nobody. A score and the
comment that follows it are one response if they share `response`; a second answer to the same metric is another
question.
""",
    "voc.profile": "It always has a `subject`: the customer whom it describes.\n",
}

REFUSED = f"""## What is refused

Refused events go to the topic `voc.quarantine` with the reason; nothing is dropped. Besides wrong types and lengths:
U+0000 in a text, scores outside their scale, scales that the metric is not asked on ([metrics.md](metrics.md)), types
other than the four, times without an offset, more than 24 h ahead or outside the years 1900 to 2999, more than
{MOST_NESTED} objects and arrays within one another, more than {MOST_TEXT:,} characters in a comment, a question, a
reason or an attribute, and more than {MOST_ITEMS} answers, attributes, identifiers or purposes of consent. Some of
them, as files in
[shared/events/examples/refused](../shared/events/examples/refused):

"""

SHOWN = (
    "id-missing", "type-unknown", "subject-without-namespace", "time-without-offset", "time-too-far-ahead",
    "data-not-an-object", "score-outside-its-scale", "scale-unknown-to-the-metric", "promised-at-no-date",
    "result-unknown", "effort-negative", "profile-without-subject", "u0000-in-a-text",
)  # fmt: skip


def page() -> str:
    """The whole page, ending in a newline."""
    return "\n".join((OPENING, _envelope(), *(_type(kind) for kind in DATA_OF), _refused()))


def _envelope() -> str:
    return (
        ENVELOPE
        + _fields(Envelope, but=("data", "data_base64"))
        + "\nAnd `data`, an object, which the type describes.\n"
    )


def _type(kind: str) -> str:
    data = DATA_OF[kind]
    parts = [f"## {kind}\n\n{(data.__doc__ or '').strip()}\n", _fields(data)]
    if kind == "voc.feedback":
        parts.append("Each of `answers`:\n\n" + _fields(Answer))
    if kind in NOTES:
        parts.append(NOTES[kind])
    text = (FOLDER / f"{kind.removeprefix('voc.')}.json").read_text(encoding="utf-8")
    return "\n".join((*parts, f"```json\n{text}```\n"))


def _fields(kind: type, but: tuple[str, ...] = ()) -> str:
    rows = []
    for field in msgspec.structs.fields(kind):
        if field.name not in but:
            schema = msgspec.json.schema(field.type)
            meaning = schema["description"] + (", *wanted*" if field.required else "")
            rows.append((f"`{field.name}`", _kind(schema), meaning))
    return table(("field", "is", "means"), rows)


def _kind(schema: dict[str, Any]) -> str:
    choices = [choice for choice in schema.get("anyOf", [schema]) if choice.get("type") != "null"]
    found = choices[-1]  # of a whole and a real number, the real one
    if "enum" in found:
        return " or ".join(f"`{value}`" for value in found["enum"])
    if found.get("format") == "date-time":
        return "instant"
    if found["type"] == "string":
        return f"text, 1 to {found['maxLength']} characters" if "maxLength" in found else "text"
    if found["type"] == "number":
        return _number(found)
    if found["type"] == "array":
        return "two numbers" if "prefixItems" in found else "list"
    return {"object": "object", "boolean": "true or false"}[found["type"]]


def _number(schema: dict[str, Any]) -> str:
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is None or high is None:
        return "number"
    return f"number, {low:,.0f} to {high:,.0f}".replace("-", "−")


def _refused() -> str:
    rows = []
    for name in SHOWN:
        refusal = json.loads((FOLDER / "refused" / f"{name}.json").read_text(encoding="utf-8"))
        (problem,) = refusal["problems"]
        rows.append((name.replace("-", " "), f"`{problem['path']}`", problem["message"].replace("|", "\\|")))
    return REFUSED + table(("fault", "path", "message"), rows)


if __name__ == "__main__":
    raise SystemExit(main(page, MODULE, "docs/events.md"))
