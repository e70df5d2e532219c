"""Bodies of other people's programs as values."""

import pytest

from services.ingest.domain.delivery import Delivery
from services.ingest.domain.payload import payload
from shared.events.refusal import Refused
from tests.unit.services.ingest.providers.cases import RECEIVED_AT


def xml(body: bytes) -> object:
    return payload(Delivery(source="s", body=body, received_at=RECEIVED_AT), "xml")


def test_an_element_that_stands_several_times_is_a_list() -> None:
    nil = b'<c xmlns:i="x" i:nil="true"/>'
    assert xml(b"<a><b>1</b>" + nil + b"<b/><b><d>2</d></b></a>") == {"a": {"b": ["1", "", {"d": "2"}], "c": None}}


def test_elements_nest_no_deeper_than_json_does() -> None:
    assert isinstance(xml(b"<a>" * 64 + b"</a>" * 64), dict)
    with pytest.raises(Refused, match="at most 64") as raised:
        xml(b"<a>" * 65 + b"</a>" * 65)
    assert raised.value.malformed
