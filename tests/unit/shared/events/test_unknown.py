"""Fields that the contract does not know are read from the bytes, whatever else stands there."""

import pytest

from shared.events.unknown import unknown_field


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b'{"booking": "B-7"}', "B-7"),
        (b'{"booking": 7}', 7),
        (b'{"booking": {"no": [7]}}', {"no": [7]}),
        (b'{"booking": null}', None),
        (b"{}", None),
        (b'{"booking": "B-7", "other": 1e999}', "B-7"),
        (b'{"booking": 1e999}', None),
        (b'{"booking": "A", "booking": "B"}', "B"),
        (b'{"booking": ' + b"9" * 5000 + b"}", None),
    ],
)
def test_a_field_of_data(data: bytes, found: object) -> None:
    assert unknown_field(b'{"id": 1e999, "data": ' + data + b"}", "booking") == found


def test_an_event_without_data_has_no_fields() -> None:
    assert unknown_field(b"{}", "booking") is None
