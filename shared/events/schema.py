"""The events' models as JSON Schema, for the pages that describe them: AsyncAPI's and the door's."""

from typing import Any

import msgspec

from shared.events.model import DATA_OF, PROFILE, Envelope


def event_schemas(reference: str) -> dict[str, Any]:
    """`CloudEvent` (the envelope), each type by its name, and what their data are made of.

    `reference` is where these will stand, such as `#/components/schemas/`.
    """
    _, data = msgspec.json.schema_components(DATA_OF.values(), ref_template=reference + "{name}")
    kinds = {name: _typed(name, kind.__name__, reference) for name, kind in DATA_OF.items()}
    return {"CloudEvent": _envelope(), **kinds, **data}


def _typed(name: str, data: str, reference: str) -> dict[str, Any]:
    properties = {"type": {"const": name}, "data": {"$ref": reference + data}}
    wanted = ["data", "subject"] if name == PROFILE else ["data"]
    return {"allOf": [{"$ref": f"{reference}CloudEvent"}, {"properties": properties, "required": wanted}]}


def _envelope() -> dict[str, Any]:
    fields = [field for field in msgspec.structs.fields(Envelope) if field.name not in ("data", "data_base64")]
    return {
        "title": "CloudEvent",
        "description": "CloudEvents 1.0, structured JSON. Attributes and fields that are not listed are kept.",
        "type": "object",
        "properties": {field.name: msgspec.json.schema(field.type) for field in fields},
        "required": [field.name for field in fields if field.required],
    }
