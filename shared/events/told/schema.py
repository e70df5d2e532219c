"""What scoring tells as JSON Schema, for the page that describes the topics."""

from typing import Any

import msgspec

from shared.events.told.envelope import INGEST, SOURCE, TROUBLE, TYPES, Told

SEQUENCE = "rises with each change of the same subject, written to sort as text; readers keep the highest"


def told_schemas(reference: str, kinds: dict[str, type[Told]] = TYPES) -> dict[str, Any]:
    """Each type by its name, and what their data are made of. `reference` is where these will stand, and CloudEvent."""
    _, data = msgspec.json.schema_components(kinds.values(), ref_template=reference + "{name}")
    return {name: _typed(name, kind.__name__, reference) for name, kind in kinds.items()} | data


def _typed(name: str, data: str, reference: str) -> dict[str, Any]:
    properties = {
        "type": {"const": name},
        "source": {"enum": [SOURCE, INGEST]} if name == TROUBLE else {"const": SOURCE},
        "sequence": {"type": "string", "description": SEQUENCE},
        "data": {"$ref": reference + data},
    }
    wanted = ["subject", "time", "data"]
    return {"allOf": [{"$ref": f"{reference}CloudEvent"}, {"properties": properties, "required": wanted}]}
