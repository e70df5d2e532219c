"""What is set aside is found again by who sent it."""

import pytest

from shared.kafka.quarantine import key_of


@pytest.mark.parametrize(
    ("raw", "key"),
    [
        (b'{"source": "urn:shop", "data": {"score": "many"}}', b"urn:shop"),
        (b'{"id": "1"}', None),
        (b'{"source": 7}', None),
        (b'["urn:shop"]', None),
        (b"\xff\xfe", None),
        (b"", None),
    ],
)
def test_the_key_is_the_source_where_one_can_be_read(raw: bytes, key: bytes | None) -> None:
    assert key_of(raw) == key
