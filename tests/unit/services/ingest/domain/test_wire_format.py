"""What a schema registry's serializers write is unwrapped where it is JSON, and called by its name where it is not."""

import pytest

from services.ingest.domain.wire_format import unframed
from shared.events.refusal import Refused

FRAME = b"\x00\x00\x00\x01\x02"


@pytest.mark.parametrize("value", [b'{"a":1}', b' [{"a":1}]', b"[]"])
def test_json_is_taken_out_of_its_frame(value: bytes) -> None:
    assert unframed(FRAME + value) == value


@pytest.mark.parametrize("value", [b"", b"{}", b"\x00", b"\x00\x00\x00\x00\x01", b"text"])
def test_what_has_no_frame_stays_as_it_is(value: bytes) -> None:
    assert unframed(value) == value


@pytest.mark.parametrize("value", [b"\x06abc", b"\x00\x0a\x03"])
def test_avro_and_protobuf_are_named_with_their_schema(value: bytes) -> None:
    with pytest.raises(Refused, match=r"a schema registry \(schema 258\), Avro or Protobuf") as refused:
        unframed(FRAME + value)
    assert refused.value.malformed
