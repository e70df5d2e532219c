"""What serializers of a schema registry put before a value: a zero byte, and four that are the schema's id."""

from shared.events.refusal import Problem, Refused

FRAME = 5


def unframed(value: bytes) -> bytes:
    """The JSON of a value, without the frame of a registry's JSON Schema serializer where it has one.

    Raises Refused for Avro and Protobuf, whose bytes mean nothing without their schema.
    """
    if not value.startswith(b"\0") or len(value) <= FRAME:
        return value
    inside = value[FRAME:]
    if inside.lstrip()[:1] in (b"{", b"["):
        return inside
    schema = int.from_bytes(value[1:FRAME], "big")
    raise Refused(
        [
            Problem(
                "",
                f"a value of a schema registry (schema {schema}), Avro or Protobuf by its looks: the bridge reads"
                " JSON; let a connector or a stream write the topic as JSON too, and connect that",
            )
        ],
        malformed=True,
    )
